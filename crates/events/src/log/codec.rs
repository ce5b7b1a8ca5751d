//! An event as bytes, and back: the payload of a frame of the log.
//!
//! Fixed fields in little endian, then texts with a 16-bit length. The first byte tells the kind, so later kinds and
//! later forms of a kind get a number of their own and old log files stay readable.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tessera_types::{Id, Tag};
use uuid::Uuid;

use crate::{CallClass, Click, Event, Method, Request, Trigger, Utm};

/// Longest user agent, referrer, list of languages, domain, campaign parameter and route that is kept, in bytes.
pub const TEXT_BYTES_MAX: usize = 512;
/// Longest event: ten texts with their lengths, and less than a hundred bytes beside them.
pub const PAYLOAD_BYTES_MAX: usize = 10 * (TEXT_BYTES_MAX + 2) + 100;

/// Fills the place of something that could not be read. Skipped by readers.
pub(super) const FILLER: u8 = 0;
const CLICK: u8 = 1;
const REQUEST: u8 = 2;

const IS_ROBOT: u8 = 1;
const IS_QR: u8 = 2;
const IS_UNTRACKED: u8 = 4;

/// Appends the event's payload. Texts beyond their limit are cut at a character.
pub(super) fn encode(event: &Event<'_>, out: &mut Vec<u8>) {
    match event {
        Event::Click(click) => encode_click(click, out),
        Event::Request(request) => encode_request(request, out),
    }
}

fn encode_click(click: &Click<'_>, out: &mut Vec<u8>) {
    out.push(CLICK);
    out.extend_from_slice(&click.at_ms.to_le_bytes());
    out.extend_from_slice(click.workspace.uuid().as_bytes());
    out.extend_from_slice(click.link.uuid().as_bytes());
    let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
    out.push(
        flag(click.is_robot, IS_ROBOT)
            | flag(click.trigger == Trigger::Qr, IS_QR)
            | flag(click.is_untracked, IS_UNTRACKED),
    );
    encode_address(click.address, out);
    encode_text(click.domain, out);
    encode_text(click.user_agent, out);
    encode_text(click.referrer, out);
    encode_text(click.languages, out);
    // Most clicks have none of the five, so they cost one byte together.
    let utm = [click.utm.source, click.utm.medium, click.utm.campaign, click.utm.term, click.utm.content];
    out.push(utm.iter().enumerate().fold(0, |bits, (place, text)| bits | flag(!text.is_empty(), 1 << place)));
    utm.iter().filter(|text| !text.is_empty()).for_each(|text| encode_text(text, out));
}

fn encode_request(request: &Request<'_>, out: &mut Vec<u8>) {
    out.push(REQUEST);
    out.extend_from_slice(&request.at_ms.to_le_bytes());
    out.extend_from_slice(request.workspace.uuid().as_bytes());
    out.extend_from_slice(request.key.uuid().as_bytes());
    out.extend_from_slice(request.secret.uuid().as_bytes());
    out.extend_from_slice(request.id.uuid().as_bytes());
    out.push(request.method as u8);
    out.push(request.class as u8);
    out.extend_from_slice(&request.status.to_le_bytes());
    out.extend_from_slice(&request.latency_us.to_le_bytes());
    encode_address(request.address, out);
    encode_text(request.route, out);
    encode_text(request.user_agent, out);
}

fn encode_address(address: Option<IpAddr>, out: &mut Vec<u8>) {
    match address {
        None => out.push(0),
        Some(IpAddr::V4(address)) => {
            out.push(4);
            out.extend_from_slice(&address.octets());
        }
        Some(IpAddr::V6(address)) => {
            out.push(16);
            out.extend_from_slice(&address.octets());
        }
    }
}

fn encode_text(text: &str, out: &mut Vec<u8>) {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// What a payload says; `None` for a filler.
///
/// # Errors
/// If it is no payload of ours. A frame whose checksum is right has one, unless a newer version wrote it.
pub(super) fn decode(payload: &[u8]) -> Result<Option<Event<'_>>, Unreadable> {
    let mut rest = Rest(payload);
    let event = match rest.byte()? {
        FILLER => return Ok(None),
        CLICK => Event::Click(decode_click(&mut rest)?),
        REQUEST => Event::Request(decode_request(&mut rest)?),
        _ => return Err(Unreadable),
    };
    if rest.0.is_empty() { Ok(Some(event)) } else { Err(Unreadable) }
}

fn decode_click<'a>(rest: &mut Rest<'a>) -> Result<Click<'a>, Unreadable> {
    let at_ms = i64::from_le_bytes(rest.array()?);
    let (workspace, link) = (rest.id()?, rest.id()?);
    let flags = rest.byte()?;
    let address = rest.address()?;
    let (domain, user_agent, referrer, languages) = (rest.text()?, rest.text()?, rest.text()?, rest.text()?);
    let present = rest.byte()?;
    let mut utm = [""; 5];
    for (place, text) in utm.iter_mut().enumerate() {
        if present & (1 << place) != 0 {
            *text = rest.text()?;
        }
    }
    let [source, medium, campaign, term, content] = utm;
    Ok(Click {
        at_ms,
        workspace,
        link,
        is_robot: flags & IS_ROBOT != 0,
        trigger: if flags & IS_QR != 0 { Trigger::Qr } else { Trigger::Link },
        domain,
        address,
        user_agent,
        referrer,
        languages,
        utm: Utm { source, medium, campaign, term, content },
        is_untracked: flags & IS_UNTRACKED != 0,
    })
}

fn decode_request<'a>(rest: &mut Rest<'a>) -> Result<Request<'a>, Unreadable> {
    Ok(Request {
        at_ms: i64::from_le_bytes(rest.array()?),
        workspace: rest.id()?,
        key: rest.id()?,
        secret: rest.id()?,
        id: rest.id()?,
        method: *Method::ALL.get(usize::from(rest.byte()?)).ok_or(Unreadable)?,
        class: *CallClass::ALL.get(usize::from(rest.byte()?)).ok_or(Unreadable)?,
        status: u16::from_le_bytes(rest.array()?),
        latency_us: u32::from_le_bytes(rest.array()?),
        address: rest.address()?,
        route: rest.text()?,
        user_agent: rest.text()?,
    })
}

/// A payload that is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable;

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.0.split_at_checked(bytes).ok_or(Unreadable)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        self.take(N)?.try_into().map_err(|_| Unreadable)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.array::<1>()?[0])
    }

    fn id<T: Tag>(&mut self) -> Result<Id<T>, Unreadable> {
        Ok(Id::from_uuid(Uuid::from_bytes(self.array()?)))
    }

    fn address(&mut self) -> Result<Option<IpAddr>, Unreadable> {
        match self.byte()? {
            0 => Ok(None),
            4 => Ok(Some(Ipv4Addr::from(self.array::<4>()?).into())),
            16 => Ok(Some(Ipv6Addr::from(self.array::<16>()?).into())),
            _ => Err(Unreadable),
        }
    }

    fn text(&mut self) -> Result<&'a str, Unreadable> {
        let bytes = usize::from(u16::from_le_bytes(self.array()?));
        std::str::from_utf8(self.take(bytes)?).map_err(|_| Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, WorkspaceId};

    use super::*;

    fn round_trip(event: &Event<'_>) {
        let mut payload = Vec::new();
        encode(event, &mut payload);
        assert!(payload.len() <= PAYLOAD_BYTES_MAX);
        assert_eq!(decode(&payload), Ok(Some(event.clone())));
        for cut in 0..payload.len() {
            assert_eq!(decode(&payload[..cut]), Err(Unreadable), "cut at {cut}");
        }
        payload.push(0);
        assert_eq!(decode(&payload), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn every_click_comes_back_as_it_was(
            at_ms: i64, ids: (u128, u128), flags: (bool, bool, bool), address: Option<IpAddr>,
            texts in proptest::collection::vec("\\PC{0,60}", 9),
        ) {
            round_trip(&Event::Click(Click {
                at_ms,
                workspace: WorkspaceId::from_uuid(Uuid::from_u128(ids.0)),
                link: LinkId::from_uuid(Uuid::from_u128(ids.1)),
                is_robot: flags.0,
                trigger: if flags.1 { Trigger::Qr } else { Trigger::Link },
                domain: &texts[0],
                address,
                user_agent: &texts[1],
                referrer: &texts[2],
                languages: &texts[3],
                utm: Utm {
                    source: &texts[4], medium: &texts[5], campaign: &texts[6], term: &texts[7], content: &texts[8],
                },
                is_untracked: flags.2,
            }));
        }

        #[test]
        fn every_request_comes_back_as_it_was(
            at_ms: i64, ids: (u128, u128, u128, u128), method in 0..8usize, class in 0..4usize,
            status: u16, latency_us: u32, address: Option<IpAddr>, texts in proptest::collection::vec("\\PC{0,60}", 2),
        ) {
            round_trip(&Event::Request(Request {
                at_ms,
                workspace: WorkspaceId::from_uuid(Uuid::from_u128(ids.0)),
                key: ApiKeyId::from_uuid(Uuid::from_u128(ids.1)),
                secret: SecretId::from_uuid(Uuid::from_u128(ids.2)),
                id: RequestId::from_uuid(Uuid::from_u128(ids.3)),
                method: Method::ALL[method],
                class: CallClass::ALL[class],
                status,
                latency_us,
                route: &texts[0],
                address,
                user_agent: &texts[1],
            }));
        }

        #[test]
        fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn a_text_beyond_its_limit_is_cut_at_a_character() {
        let long = "ä".repeat(400);
        let click = Click {
            at_ms: 1,
            workspace: WorkspaceId::from_uuid(Uuid::nil()),
            link: LinkId::from_uuid(Uuid::nil()),
            is_robot: false,
            trigger: Trigger::Link,
            domain: "go.example.com",
            address: None,
            user_agent: &long,
            referrer: "",
            languages: "",
            utm: Utm::default(),
            is_untracked: false,
        };
        let mut payload = Vec::new();
        encode(&Event::Click(click), &mut payload);
        let Ok(Some(Event::Click(read))) = decode(&payload) else { panic!("a click") };
        assert_eq!(read.user_agent, "ä".repeat(256));
        let odd = format!("a{long}");
        let mut payload = Vec::new();
        encode_text(&odd, &mut payload);
        assert_eq!(payload.len(), 2 + 511);
    }
}
