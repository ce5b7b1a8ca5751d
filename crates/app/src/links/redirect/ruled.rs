//! Where a link with rules takes this visitor.

use std::net::IpAddr;

use http::HeaderValue;
use siphasher::sip::SipHasher24;
use tessera_types::LinkId;

use super::platform::Platform;
use super::visit::Visit;
use crate::App;
use crate::http::network;
use crate::links::destination::Destination;
use crate::links::model::{Link, Utm};
use crate::links::rules::{Device, Target, Variant};

/// The rules of a link, with every address as it is sent.
pub(super) struct Ruled {
    targets: Box<[When]>,
    ios: Option<HeaderValue>,
    android: Option<HeaderValue>,
    variants: Box<[Share]>,
    rest: HeaderValue,
    link: LinkId,
    pub(super) asks_country: bool,
    asks_language: bool,
}

struct When {
    countries: Box<[String]>,
    devices: Box<[Device]>,
    languages: Box<[String]>,
    location: HeaderValue,
}

struct Share {
    percent: u8,
    location: HeaderValue,
    utm_content: Option<Box<str>>,
}

/// What of a visitor rules ask.
struct Visitor {
    country: Option<String>,
    platform: Platform,
    language: String,
}

impl Ruled {
    /// `None` if a stored address cannot be sent in a header, which parsing rules out.
    pub(super) fn of(link: &Link, rest: HeaderValue) -> Option<Self> {
        let rules = &link.rules;
        let sent = |url: &Destination, utm: &Utm| HeaderValue::from_str(&url.with_utm(utm)).ok();
        let own = |url: &Destination| sent(url, &link.utm);
        let when = |target: &Target| {
            Some(When {
                countries: target.countries.clone().into(),
                devices: target.devices.clone().into(),
                languages: target.languages.clone().into(),
                location: own(&target.destination_url)?,
            })
        };
        let share = |variant: &Variant| {
            let content = variant.utm_content.clone().or_else(|| link.utm.content.clone());
            let utm = Utm { content, ..link.utm.clone() };
            Some(Share {
                percent: variant.percent,
                location: sent(&variant.destination_url, &utm)?,
                utm_content: variant.utm_content.as_deref().map(Box::from),
            })
        };
        let phone = |url: &Option<Destination>| url.as_ref().map(|url| own(url).ok_or(())).transpose().ok();
        Some(Self {
            targets: rules.targets.iter().map(when).collect::<Option<_>>()?,
            ios: phone(&rules.ios_url)?,
            android: phone(&rules.android_url)?,
            variants: rules.variants.iter().map(share).collect::<Option<_>>()?,
            rest,
            link: link.id,
            asks_country: rules.targets.iter().any(|target| !target.countries.is_empty()),
            asks_language: rules.targets.iter().any(|target| !target.languages.is_empty()),
        })
    }

    /// Where the visitor goes, and what tells the variant apart that they met. Robots meet no variant: what they tell
    /// others of the link is of its own destination.
    pub(super) fn location(
        &self,
        app: &App,
        visit: &Visit<'_>,
        is_robot: bool,
    ) -> (&HeaderValue, Option<&str>) {
        let address = visit.address(app);
        let visitor = Visitor {
            country: self.asks_country.then(|| app.events.places.country(address)).flatten(),
            platform: visit.platform(),
            language: if self.asks_language { visit.language() } else { String::new() },
        };
        if let Some(when) = self.targets.iter().find(|when| when.holds(&visitor)) {
            return (&when.location, None);
        }
        let phone = match visitor.platform {
            Platform::Ios => self.ios.as_ref(),
            Platform::Android => self.android.as_ref(),
            _ => None,
        };
        if let Some(location) = phone {
            return (location, None);
        }
        if self.variants.is_empty() || is_robot {
            return (&self.rest, None);
        }
        let drawn = percentile(self.link, address, visit.user_agent());
        let mut upto = 0;
        for share in &self.variants {
            upto += share.percent;
            if drawn < upto {
                return (&share.location, share.utm_content.as_deref());
            }
        }
        (&self.rest, None)
    }
}

impl When {
    /// Every condition that is named; of each, any value.
    fn holds(&self, visitor: &Visitor) -> bool {
        let is_one = |language: &String| {
            visitor
                .language
                .strip_prefix(language.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        (self.countries.is_empty()
            || visitor.country.as_ref().is_some_and(|country| self.countries.contains(country)))
            && (self.devices.is_empty() || self.devices.iter().any(|device| visitor.platform.is(*device)))
            && (self.languages.is_empty() || self.languages.iter().any(is_one))
    }
}

/// 0 to 99, the same for the same visitor of the same link without a cookie: SipHash-2-4 of network and browser under
/// the link's id. Of an IPv6 network, the lower half changes by the day.
fn percentile(link: LinkId, address: IpAddr, user_agent: &str) -> u8 {
    let mut text = match network(address).addr() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    text.extend_from_slice(user_agent.as_bytes());
    let drawn = SipHasher24::new_with_key(link.uuid().as_bytes()).hash(&text) % 100;
    u8::try_from(drawn).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tessera_types::{SeededChance, from_millis};

    use super::*;

    #[test]
    fn the_same_visitor_draws_the_same_and_all_together_every_percent_alike() {
        let chance = SeededChance::new(1);
        let [a, b] = [0; 2].map(|_| LinkId::new(from_millis(0), &chance));
        let address = |n: u32| IpAddr::from(Ipv4Addr::from(n.wrapping_mul(2_654_435_761)));
        let mut found = [0_u32; 100];
        let mut of_both = 0_u32;
        for n in 0..100_000 {
            let drawn = percentile(a, address(n), "Mozilla/5.0");
            assert_eq!(drawn, percentile(a, address(n), "Mozilla/5.0"));
            found[usize::from(drawn)] += 1;
            of_both += u32::from(drawn < 50 && percentile(b, address(n), "Mozilla/5.0") < 50);
        }
        // 1,000 each; five standard deviations are 157.
        assert!(found.iter().all(|count| (843..=1_157).contains(count)), "{found:?}");
        // Two links split on their own: a quarter are in the first half of both.
        assert!((24_300..=25_700).contains(&of_both), "{of_both}");
    }
}
