//! Where a click came from: the host in a `Referer` header (RFC 9110, 10.1.3), and no more of it.
//!
//! Path, query and port are dropped: they can name a person. Android puts `android-app://` and the app's package there;
//! well-known apps are named by their web host, so that an app and its site are one source.

use super::text::HOST_BYTES_MAX;

/// Apps that open links and say so, with the host their web site has.
const APPS: [(&str, &str); 24] = [
    ("com.android.chrome", ""),
    ("com.facebook.katana", "facebook.com"),
    ("com.facebook.lite", "facebook.com"),
    ("com.facebook.orca", "messenger.com"),
    ("com.google.android.apps.bard", "gemini.google.com"),
    ("com.google.android.apps.messaging", "messages.google.com"),
    ("com.google.android.gm", "mail.google.com"),
    ("com.google.android.googlequicksearchbox", "google.com"),
    ("com.google.android.youtube", "youtube.com"),
    ("com.instagram.android", "instagram.com"),
    ("com.instagram.barcelona", "threads.net"),
    ("com.linkedin.android", "linkedin.com"),
    ("com.microsoft.office.outlook", "outlook.live.com"),
    ("com.microsoft.teams", "teams.microsoft.com"),
    ("com.openai.chatgpt", "chatgpt.com"),
    ("com.pinterest", "pinterest.com"),
    ("com.reddit.frontpage", "reddit.com"),
    ("com.slack", "slack.com"),
    ("com.snapchat.android", "snapchat.com"),
    ("com.twitter.android", "x.com"),
    ("com.whatsapp", "whatsapp.com"),
    ("com.yahoo.mobile.client.android.mail", "mail.yahoo.com"),
    ("com.zhiliaoapp.musically", "tiktok.com"),
    ("org.telegram.messenger", "telegram.org"),
];

/// Replaces `into` with the referring host, in lower case and without `www.`; empty if there is none, if it is
/// nothing of the web, or if it is the short link's own domain.
pub(super) fn host(referrer: &str, own_domain: &str, into: &mut String) {
    into.clear();
    let Some((scheme, rest)) = referrer.trim().split_once("://") else { return };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        let host = without_port(authority.rsplit('@').next().unwrap_or_default());
        if is_host(host) {
            write(host, into);
        }
    } else if scheme.eq_ignore_ascii_case("android-app") && is_host(authority) {
        let app = APPS.iter().find(|(package, _)| authority.eq_ignore_ascii_case(package));
        into.push_str(app.map_or(authority, |(_, host)| host));
        into.make_ascii_lowercase();
    }
    if is_own(into, own_domain) {
        into.clear();
    }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Letters, digits and dots, as browsers send names (in punycode); or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let (name, more) = inner.map_or((host, &b".-_"[..]), |inner| (inner, &b".:"[..]));
    !name.is_empty()
        && host.len() <= HOST_BYTES_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
}

fn write(host: &str, into: &mut String) {
    into.push_str(without_www(host.strip_suffix('.').unwrap_or(host)));
    into.make_ascii_lowercase();
}

fn without_www(host: &str) -> &str {
    match host.split_at_checked(4) {
        Some((start, rest)) if start.eq_ignore_ascii_case("www.") && rest.contains('.') => rest,
        _ => host,
    }
}

/// Whether a link of the domain leads on to itself, as a form for its password does.
fn is_own(host: &str, own_domain: &str) -> bool {
    host.eq_ignore_ascii_case(without_www(without_port(own_domain)))
}

#[cfg(test)]
mod tests {
    fn host(referrer: &str) -> String {
        let mut host = "left over".to_owned();
        super::host(referrer, "go.example.com:8080", &mut host);
        host
    }

    #[test]
    fn only_the_host_is_kept_and_written_one_way() {
        assert_eq!(host("https://www.Example.COM:8443/private?token=1#x"), "example.com");
        assert_eq!(host("HTTP://news.ycombinator.com"), "news.ycombinator.com");
        assert_eq!(host("https://user:password@example.org./"), "example.org");
        assert_eq!(host("https://www.com/"), "www.com");
        assert_eq!(host("https://xn--bcher-kva.example/x"), "xn--bcher-kva.example");
        assert_eq!(host("http://[2001:DB8::1]:80/"), "[2001:db8::1]");
        assert_eq!(host("http://localhost:3000/"), "localhost");
        assert_eq!(host("https://example.com?q=a@b.c"), "example.com");
    }

    #[test]
    fn an_app_is_named_like_its_site() {
        assert_eq!(host("android-app://com.google.android.gm/"), "mail.google.com");
        assert_eq!(host("android-app://com.Twitter.android"), "x.com");
        assert_eq!(host("android-app://com.example.Reader/https/x"), "com.example.reader");
        assert_eq!(host("android-app://com.android.chrome/"), "");
    }

    #[test]
    fn what_is_nothing_of_the_web_is_no_referrer() {
        for referrer in [
            "",
            "about:blank",
            "about:client",
            "file:///home/me/secret.html",
            "javascript://alert(1)",
            "chrome-extension://abc/page.html",
            "example.com",
            "https://",
            "https:///path",
            "https://exa mple.com",
            "https://exam\u{0}ple.com",
            "https://bücher.example",
            "http://[::1",
            "http://[]",
        ] {
            assert_eq!(host(referrer), "", "{referrer:?}");
        }
        assert_eq!(host(&format!("https://{}.com", "a".repeat(249))).len(), 253);
        assert_eq!(host(&format!("https://{}.com", "a".repeat(250))), "");
    }

    #[test]
    fn the_links_own_domain_is_direct() {
        assert_eq!(host("https://go.example.com/x"), "");
        assert_eq!(host("https://www.go.example.com:8080/x"), "");
        assert_eq!(host("https://example.com/x"), "example.com");
    }
}
