//! The short domains of this deployment, and which of them a request or a link means.
//!
//! There is always a default one. A request for a host nobody configured is served as the default domain's,
//! so that a new name in front of the server works before it is written into the settings.

use url::Url;

use super::alias::{ALIAS_CHARS_MAX, may_hold};
use crate::problem::Wrong;
use crate::settings::{AliasCase, Domain, Settings};

/// Two bytes say which domain, the rest is the alias as it is compared.
pub(super) const KEY_BYTES_MAX: usize = 2 + ALIAS_CHARS_MAX;

pub(crate) struct Domains {
    /// The default first; never empty.
    list: Vec<Domain>,
    scheme: String,
    public_host: String,
}

impl Domains {
    pub(super) fn new(settings: &Settings) -> Self {
        let public_url = settings.public_url();
        let (scheme, public_host) = public_url.split_once("://").unwrap_or(("http", &public_url));
        let public_host = bare_host(public_host).to_lowercase();
        let mut list = settings.links.domains.clone();
        if list.is_empty() {
            list.push(Domain { host: public_host.clone(), alias_case: AliasCase::default() });
        }
        Self { list, scheme: scheme.to_owned(), public_host }
    }

    /// The domain a link is made on: the named one, or the default.
    ///
    /// # Errors
    /// Names the domains there are.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<&Domain, Wrong> {
        let Some(name) = name else { return Ok(&self.list[0]) };
        let lower = name.to_lowercase();
        self.list.iter().find(|domain| domain.host == lower).ok_or_else(|| {
            let known: Vec<&str> = self.list.iter().map(|domain| domain.host.as_str()).collect();
            Wrong::new("choice", format!("expected one of {}", known.join(", ")))
        })
    }

    /// How this domain compares aliases. One that left the settings compares as most do.
    pub(super) fn alias_case(&self, name: &str) -> AliasCase {
        self.list
            .iter()
            .find(|domain| domain.host == name)
            .map_or_else(AliasCase::default, |domain| domain.alias_case)
    }

    pub(super) fn short_url(&self, domain: &str, alias: &str) -> String {
        format!("{}://{domain}/{alias}", self.scheme)
    }

    /// Whether a destination would lead back here, which could go on for ever.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_end_matches('.');
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        host == self.public_host || self.list.iter().any(|domain| domain.host == host)
    }

    /// The cache key of what a visitor typed, written into `buffer`; `None` if no alias can look like that.
    ///
    /// Runs for every redirect, so it allocates nothing.
    pub(super) fn key<'a>(
        &self,
        host: &str,
        path: &str,
        buffer: &'a mut [u8; KEY_BYTES_MAX],
    ) -> Option<&'a [u8]> {
        let index = self.index_of(host);
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        buffer[..2].copy_from_slice(&u16::try_from(index).ok()?.to_be_bytes());
        let length = match path.contains('%') {
            false => copy(path.bytes(), &mut buffer[2..])?,
            true => copy(percent_encoding::percent_decode_str(path), &mut buffer[2..])?,
        };
        let key = &mut buffer[..2 + length];
        if self.list[index].alias_case == AliasCase::Insensitive {
            key[2..].make_ascii_lowercase();
        }
        Some(key)
    }

    /// The cache key of an address; `None` if its domain left the settings.
    pub(super) fn key_of(&self, address: &super::Address) -> Option<Box<[u8]>> {
        let index = self.list.iter().position(|domain| domain.host == address.domain)?;
        let mut key = u16::try_from(index).ok()?.to_be_bytes().to_vec();
        key.extend_from_slice(address.alias_key.as_bytes());
        Some(key.into())
    }

    /// The inverse of [`key_of`](Self::key_of).
    pub(super) fn address_of(&self, key: &[u8]) -> Option<super::Address> {
        let (index, alias_key) = key.split_at_checked(2)?;
        let domain = self.list.get(usize::from(u16::from_be_bytes(index.try_into().ok()?)))?;
        let alias_key = std::str::from_utf8(alias_key).ok()?.to_owned();
        Some(super::Address { domain: domain.host.clone(), alias_key })
    }

    fn index_of(&self, host: &str) -> usize {
        if self.list.len() == 1 {
            return 0;
        }
        let host = bare_host(host);
        self.list.iter().position(|domain| domain.host.eq_ignore_ascii_case(host)).unwrap_or(0)
    }
}

/// Without a port that is a scheme's own, and without the root's dot.
fn bare_host(host: &str) -> &str {
    let host = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host)
}

/// What no alias may hold is refused here, so what is copied is ASCII and worth looking up.
fn copy(bytes: impl Iterator<Item = u8>, into: &mut [u8]) -> Option<usize> {
    let mut length = 0;
    for byte in bytes {
        if !may_hold(byte) {
            return None;
        }
        *into.get_mut(length)? = byte;
        length += 1;
    }
    (length > 0).then_some(length)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::links::Address;

    /// `go.example.com` (the default, insensitive) and `Case.example`'s lower form (sensitive), behind https.
    pub(in crate::links) fn two_domains() -> Domains {
        let domain = |host: &str, alias_case| Domain { host: host.to_owned(), alias_case };
        Domains {
            list: vec![
                domain("go.example.com", AliasCase::Insensitive),
                domain("case.example:8443", AliasCase::Sensitive),
            ],
            scheme: "https".to_owned(),
            public_host: "tessera.example.com".to_owned(),
        }
    }

    fn address(host: &str, path: &str) -> Option<(String, String)> {
        let domains = two_domains();
        let mut buffer = [0; KEY_BYTES_MAX];
        let key = domains.key(host, path, &mut buffer)?;
        domains.address_of(key).map(|Address { domain, alias_key }| (domain, alias_key))
    }

    #[test]
    fn what_people_type_finds_its_domain_and_alias() {
        // host, path, domain, alias
        let table = [
            ("go.example.com", "/demo", "go.example.com", "demo"),
            ("GO.Example.com:443", "/Demo", "go.example.com", "demo"),
            ("go.example.com.", "/demo/", "go.example.com", "demo"),
            ("go.example.com:80", "/a/b.c", "go.example.com", "a/b.c"),
            ("unknown.example", "/demo", "go.example.com", "demo"),
            ("", "/demo", "go.example.com", "demo"),
            ("case.example:8443", "/Demo", "case.example:8443", "Demo"),
            ("go.example.com", "/d%65mo", "go.example.com", "demo"),
        ];
        for (host, path, domain, alias) in table {
            assert_eq!(address(host, path), Some((domain.to_owned(), alias.to_owned())), "{host} {path}");
        }
    }

    #[test]
    fn a_path_that_no_alias_can_have_has_no_key() {
        for path in
            ["", "/", "*", "/%ff", "/caf%C3%A9", "/50%", "/a%00b", "/a'b", &format!("/{}", "a".repeat(191))]
        {
            assert_eq!(address("go.example.com", path), None, "{path}");
        }
    }

    #[test]
    fn an_address_and_its_key_are_the_same_thing() {
        let domains = two_domains();
        let address = Address { domain: "case.example:8443".into(), alias_key: "Demo".into() };
        assert_eq!(domains.address_of(&domains.key_of(&address).unwrap()), Some(address.clone()));
        assert_eq!(domains.key_of(&Address { domain: "gone.example".into(), ..address }), None);
    }

    #[test]
    fn an_unknown_domain_is_answered_with_the_known_ones() {
        let wrong = two_domains().choose(Some("nope.example")).unwrap_err();
        assert_eq!(wrong.message, "expected one of go.example.com, case.example:8443");
        assert_eq!(two_domains().choose(None).unwrap().host, "go.example.com");
        assert_eq!(two_domains().choose(Some("Case.Example:8443")).unwrap().host, "case.example:8443");
    }
}
