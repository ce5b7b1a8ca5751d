//! Which addresses may use a key: a list of networks, IPv4 and IPv6.
//!
//! IPv4 written as IPv6 (`::ffff:10.0.0.1`) is the same address, in the list and on the wire. So `::/0` is
//! every IPv6 address and no IPv4 one.

use std::fmt;
use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::words;

/// Entries in one list.
pub const ALLOW_ENTRIES_MAX: usize = 100;

words! {
    /// What an allow list does.
    pub enum AllowMode {
        /// Nothing; the list is kept for later.
        Off = "off",
        /// Refuses nobody; what it would have refused is recorded.
        ReportOnly = "report_only",
        /// Refuses every address that is not in the list.
        Enforce = "enforce",
    }
}

/// Networks from which a key may be used. No entry twice, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllowList(Vec<IpNet>);

/// Why entries make no [`AllowList`]. `index` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowError {
    #[error("an allow list holds at most {ALLOW_ENTRIES_MAX} entries")]
    TooMany,
    #[error("expected an address or a network such as 192.0.2.0/24 or 2001:db8::/32")]
    NotANetwork { index: usize },
    #[error("{entry} names one address inside a network; for the whole network write {network}")]
    HostBits { index: usize, entry: IpNet, network: IpNet },
}

impl AllowList {
    /// A single address means itself: `/32` or `/128`. Blanks around an entry do not matter.
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Result<Self, AllowError> {
        if entries.len() > ALLOW_ENTRIES_MAX {
            return Err(AllowError::TooMany);
        }
        let mut networks = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let network = network(entry.as_ref().trim()).ok_or(AllowError::NotANetwork { index })?;
            // Not guessed: 10.0.0.1/8 is either a typo for /32 or a whole class A.
            if network.trunc() != network {
                return Err(AllowError::HostBits { index, entry: network, network: network.trunc() });
            }
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        Ok(Self(networks))
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = IpNet> {
        self.0.iter().copied()
    }

    /// The form for one column: entries joined by commas, the empty text for none.
    pub fn to_text(&self) -> String {
        self.to_string()
    }

    /// The inverse of [`AllowList::to_text`].
    pub fn from_text(text: &str) -> Result<Self, AllowError> {
        match text {
            "" => Ok(Self::default()),
            _ => Self::parse(&text.split(',').collect::<Vec<_>>()),
        }
    }
}

fn network(entry: &str) -> Option<IpNet> {
    let network = match entry.contains('/') {
        true => entry.parse().ok()?,
        false => IpNet::from(entry.parse::<IpAddr>().ok()?),
    };
    let IpNet::V6(v6) = network else { return Some(network) };
    // ::ffff:0:0/96 is where IPv4 lives in IPv6; what lies within is an IPv4 network.
    match (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
        (Some(v4), Some(len)) => Ipv4Net::new(v4, len).ok().map(IpNet::V4),
        _ => Some(network),
    }
}

impl fmt::Display for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, network) in self.0.iter().enumerate() {
            write!(f, "{}{network}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl Serialize for AllowList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de> Deserialize<'de> for AllowList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Vec::<String>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for AllowList {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ArrayBuilder::new()
            .items(utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String))
            .max_items(Some(ALLOW_ENTRIES_MAX))
            .examples([["192.0.2.0/24", "2001:db8::/32"].as_slice()])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for AllowList {
    fn name() -> std::borrow::Cow<'static, str> {
        "AllowList".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> AllowList {
        AllowList::parse(entries).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_single_address_means_itself() {
        let list = list(&["192.0.2.7", " 2001:db8::1 "]);
        assert_eq!(list.to_text(), "192.0.2.7/32,2001:db8::1/128");
        assert!(list.contains(ip("192.0.2.7")) && list.contains(ip("2001:db8::1")));
        assert!(!list.contains(ip("192.0.2.8")) && !list.contains(ip("2001:db8::2")));
    }

    #[test]
    fn t16_every_spelling_of_an_address_is_the_same_address() {
        let cases = [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("10.0.0.0/8", "::ffff:0a01:0203", true),
            ("10.0.0.0/8", "::10.1.2.3", false),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("::ffff:10.1.2.3", "10.1.2.3", true),
            ("::ffff:10.1.2.3", "::ffff:10.1.2.3", true),
            ("::ffff:0:0/96", "203.0.113.9", true),
            ("::ffff:0:0/96", "2001:db8::1", false),
            ("2001:db8::/32", "2001:0DB8:0:0:0:0:0:1", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.1.2.3", false),
            ("::/0", "::ffff:10.1.2.3", false),
            ("0.0.0.0/0", "::ffff:10.1.2.3", true),
            ("0.0.0.0/0", "2001:db8::1", false),
        ];
        for (entry, address, expected) in cases {
            assert_eq!(list(&[entry]).contains(ip(address)), expected, "{address} in {entry}");
        }
    }

    #[test]
    fn host_bits_are_refused_with_the_network_it_should_be() {
        let error = AllowList::parse(&["192.0.2.0/24", "10.0.0.1/8"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "10.0.0.1/8 names one address inside a network; for the whole network write 10.0.0.0/8"
        );
        assert!(matches!(error, AllowError::HostBits { index: 1, .. }));
        let error = AllowList::parse(&["::ffff:10.0.0.1/104"]).unwrap_err();
        assert!(error.to_string().ends_with("write 10.0.0.0/8"), "{error}");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for entry in [
            "",
            "x",
            "10.0.0/8",
            "10.0.0.0/33",
            "010.0.0.1",
            "::/129",
            "fe80::1%eth0",
            "10.0.0.0/255.0.0.0",
            "*",
        ] {
            assert_eq!(AllowList::parse(&[entry]), Err(AllowError::NotANetwork { index: 0 }), "{entry}");
        }
    }

    #[test]
    fn one_hundred_entries_fit_and_no_more() {
        let entries: Vec<_> = (0..101).map(|n| format!("10.0.0.{n}")).collect();
        assert_eq!(AllowList::parse(&entries[..100]).unwrap().len(), 100);
        assert_eq!(AllowList::parse(&entries), Err(AllowError::TooMany));
    }

    #[test]
    fn an_empty_list_holds_nobody_and_text_and_json_come_back() {
        assert!(!AllowList::default().contains(ip("10.0.0.1")));
        for list in [list(&[]), list(&["10.0.0.0/8", "10.0.0.0/8", "2001:db8::/32"])] {
            assert_eq!(AllowList::from_text(&list.to_text()).unwrap(), list);
            let json = serde_json::to_string(&list).unwrap();
            assert_eq!(serde_json::from_str::<AllowList>(&json).unwrap(), list);
        }
        assert_eq!(serde_json::to_string(&list(&["10.0.0.1"])).unwrap(), r#"["10.0.0.1/32"]"#);
        assert_eq!(serde_json::to_string(&AllowMode::ReportOnly).unwrap(), r#""report_only""#);
    }
}
