//! Where links lead: which addresses are allowed, and what a visitor's browser is sent to in the end.
//!
//! UTM fields win over parameters of the same name in the destination; the visitor's own parameters, where
//! the link forwards them, lose against both. Only http and https addresses are added to: a telephone number has no query.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;

use super::domains::Domains;
use super::model::Utm;
use crate::problem::Wrong;

pub const DESTINATION_BYTES_MAX: usize = 8_192;
/// Schemes that run or read something where they are opened. No setting allows them.
const NEVER: [&str; 7] = ["javascript", "data", "file", "vbscript", "blob", "about", "filesystem"];

/// An address that a link may lead to, as ASCII. Read from the database only: what clients send is parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Destination(String);

impl Destination {
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str, domains: &Domains, app_schemes: &[String]) -> Result<Self, Wrong> {
        let text = text.trim();
        let too_long = || Wrong::new("length", format!("at most {DESTINATION_BYTES_MAX} bytes"));
        if text.len() > DESTINATION_BYTES_MAX {
            return Err(too_long());
        }
        if text.chars().any(char::is_control) {
            return Err(Wrong::new("format", "no control characters, tabs or line breaks"));
        }
        let url = Url::parse(text)
            .map_err(|_| Wrong::new("format", "give a whole address, like https://example.com/page"))?;
        let scheme = url.scheme();
        let is_web = matches!(scheme, "http" | "https");
        if !is_web && (NEVER.contains(&scheme) || !app_schemes.iter().any(|known| known == scheme)) {
            let known = app_schemes.iter().filter(|known| !NEVER.contains(&known.as_str()));
            let known: Vec<&str> = ["http", "https"].into_iter().chain(known.map(String::as_str)).collect();
            return Err(Wrong::new("scheme", format!("expected one of the schemes {}", known.join(", "))));
        }
        if is_web && (!url.username().is_empty() || url.password().is_some()) {
            return Err(Wrong::new(
                "credentials",
                "no user name or password: everybody who follows the link would see it",
            ));
        }
        if domains.is_own(&url) {
            return Err(Wrong::new(
                "loop",
                "this leads back to this server; give the address it should end at",
            ));
        }
        // As the URL standard writes it, except that a bare host keeps the look it was given.
        let written = url.as_str();
        let written = if written.strip_suffix('/') == Some(text) { text } else { written };
        if written.len() > DESTINATION_BYTES_MAX {
            return Err(too_long());
        }
        Ok(Self(written.to_owned()))
    }

    /// One that passed [`parse`](Self::parse) when it was stored.
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host in its own script, where that differs: `bücher.example` for `xn--bcher-kva.example`.
    pub fn host_unicode(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        let host = url.domain()?;
        let (unicode, outcome) = idna::domain_to_unicode(host);
        (outcome.is_ok() && unicode != host).then_some(unicode)
    }

    /// With the link's own UTM fields in its query.
    pub(super) fn with_utm(&self, utm: &Utm) -> String {
        let fields: Vec<(&str, &str)> = utm.pairs().collect();
        if fields.is_empty() {
            return self.0.clone();
        }
        rewrite(&self.0, |query| {
            let mut parts: Vec<Cow<'_, str>> = pairs(query)
                .filter(|(name, _)| !fields.iter().any(|(field, _)| field == name))
                .map(|(_, whole)| Cow::Borrowed(whole))
                .collect();
            let encode = |(name, value): &(&str, &str)| {
                url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish().into()
            };
            parts.extend(fields.iter().map(encode));
            parts.join("&")
        })
    }
}

/// `location` with those of a visitor's parameters whose names it does not have yet.
pub(super) fn forward(location: &str, visitors_query: &str) -> String {
    rewrite(location, |query| {
        let known: Vec<Cow<'_, str>> = pairs(query).map(|(name, _)| name).collect();
        let new = pairs(visitors_query).filter(|(name, _)| !known.contains(name)).map(|(_, whole)| whole);
        pairs(query).map(|(_, whole)| whole).chain(new).collect::<Vec<_>>().join("&")
    })
}

/// Replaces the query of a web address, leaving every byte of the rest.
fn rewrite(address: &str, new_query: impl FnOnce(&str) -> String) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.to_owned() };
    if !matches!(url.scheme(), "http" | "https") {
        return address.to_owned();
    }
    let query = new_query(url.query().unwrap_or_default());
    if query == url.query().unwrap_or_default() {
        return address.to_owned();
    }
    url.set_query(Some(&query).filter(|query| !query.is_empty()).map(String::as_str));
    url.into()
}

/// The parameters of a query: name as it reads, and the whole as it is written.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    query.split('&').filter(|whole| !whole.is_empty()).map(|whole| {
        let name =
            url::form_urlencoded::parse(whole.as_bytes()).next().map_or(Cow::Borrowed(""), |(name, _)| name);
        (name, whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::domains::tests::two_domains;

    fn parse(text: &str) -> Result<Destination, Wrong> {
        let schemes = ["mailto", "tel", "javascript"].map(str::to_owned);
        Destination::parse(text, &two_domains(), &schemes)
    }

    #[test]
    fn what_may_be_a_destination_and_how_it_is_kept() {
        let table = [
            ("https://example.com", "https://example.com"),
            ("https://example.com/", "https://example.com/"),
            ("  https://example.com/a?b=c#d ", "https://example.com/a?b=c#d"),
            ("HTTPS://Example.COM/Path", "https://example.com/Path"),
            ("https://b\u{fc}cher.example/\u{fc}", "https://xn--bcher-kva.example/%C3%BC"),
            ("https:example.com", "https://example.com/"),
            ("http:\\\\example.com\\a", "http://example.com/a"),
            ("http://127.0.0.1:9000/x", "http://127.0.0.1:9000/x"),
            ("mailto:a@example.com?subject=Hi", "mailto:a@example.com?subject=Hi"),
            ("tel:+4930123456", "tel:+4930123456"),
            ("https://go.example.com:8443/x", "https://go.example.com:8443/x"),
        ];
        for (text, kept) in table {
            assert_eq!(parse(text).unwrap().as_str(), kept, "{text}");
        }
    }

    #[test]
    fn what_may_not_be_a_destination() {
        let table = [
            ("", "format"),
            ("example.com", "format"),
            ("/a", "format"),
            ("http://", "format"),
            ("https://exa mple.com", "format"),
            ("https://example.com/a\nb", "format"),
            ("java\tscript:alert(1)", "format"),
            ("javascript:alert(1)", "scheme"),
            ("JavaScript:alert(1)", "scheme"),
            ("data:text/html,x", "scheme"),
            ("file:///etc/passwd", "scheme"),
            ("vbscript:x", "scheme"),
            ("blob:https://example.com/1", "scheme"),
            ("ftp://example.com", "scheme"),
            ("https://user@example.com", "credentials"),
            ("https://user:secret@example.com", "credentials"),
            ("https://go.example.com/demo", "loop"),
            ("http://GO.example.com./demo", "loop"),
            ("https://g\u{ff4f}.example.com/", "loop"),
            ("https://case.example:8443/", "loop"),
            ("https://tessera.example.com", "loop"),
            (&format!("https://example.com/{}", "a".repeat(8_173)), "length"),
        ];
        for (text, code) in table {
            assert_eq!(parse(text).unwrap_err().code, code, "{text:.60}");
        }
        assert!(parse(&format!("https://example.com/{}", "a".repeat(8_172))).is_ok());
    }

    #[test]
    fn a_host_in_another_script_is_shown_in_both_forms() {
        let destination = parse("https://b\u{fc}cher.example/").unwrap();
        assert_eq!(destination.host_unicode().as_deref(), Some("b\u{fc}cher.example"));
        assert_eq!(parse("https://example.com").unwrap().host_unicode(), None);
    }

    #[test]
    fn s060_utm_fields_replace_what_the_destination_says() {
        let utm =
            Utm { source: Some("cms".into()), campaign: Some("Spring Sale & more".into()), ..Utm::default() };
        let table = [
            ("https://example.com", "https://example.com/?utm_source=cms&utm_campaign=Spring+Sale+%26+more"),
            (
                "https://example.com/p?utm_source=old&x=%20y&utm_medium=mail#top",
                "https://example.com/p?x=%20y&utm_medium=mail&utm_source=cms&utm_campaign=Spring+Sale+%26+more#top",
            ),
            ("tel:+4930123456", "tel:+4930123456"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).unwrap().with_utm(&utm), expected);
        }
        assert_eq!(parse("https://example.com").unwrap().with_utm(&Utm::default()), "https://example.com");
    }

    #[test]
    fn a_visitors_parameters_are_added_unless_the_name_is_there() {
        let table = [
            ("https://example.com/p", "a=1&b=2", "https://example.com/p?a=1&b=2"),
            ("https://example.com/p?a=0", "a=1&b=2", "https://example.com/p?a=0&b=2"),
            ("https://example.com/p?a=0#x", "%61=1", "https://example.com/p?a=0#x"),
            ("https://example.com", "", "https://example.com"),
            ("https://example.com", "q=%0d%0aSet-Cookie:x", "https://example.com/?q=%0d%0aSet-Cookie:x"),
            ("mailto:a@example.com", "a=1", "mailto:a@example.com"),
        ];
        for (location, query, expected) in table {
            assert_eq!(forward(location, query), expected);
        }
    }
}
