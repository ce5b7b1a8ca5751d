//! Where a request comes from: the right-most hop that no trusted proxy added.
//!
//! Every `X-Forwarded-For` line counts, in order, as one list. Walking from the right, a hop is believed only
//! while the one that reported it is trusted; what a client wrote itself is to the left of that and ignored.

use std::net::IpAddr;

use http::HeaderMap;
use ipnet::IpNet;

/// The client's address, normalised: `::ffff:192.0.2.1` is `192.0.2.1`.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if trusted.is_empty() {
        return client;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("?")).collect();
    for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
        if !is_trusted(client) {
            break;
        }
        match parse(hop.trim()) {
            Some(address) => client = address,
            // A hop that is no address was not written by a proxy worth trusting further.
            None => break,
        }
    }
    client
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None if hop.matches(':').count() == 1 => hop.split_once(':')?.0,
        None => hop,
    };
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The network one abuser is likely to own: an IPv4 address, or an IPv6 /64.
pub fn network(address: IpAddr) -> IpNet {
    match address {
        IpAddr::V4(_) => IpNet::from(address),
        IpAddr::V6(v6) => {
            ipnet::Ipv6Net::new(v6, 64).map_or(IpNet::from(address), |net| IpNet::V6(net.trunc()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn t15_a_forwarded_header_is_believed_only_from_a_trusted_proxy() {
        // peer, header lines, trusted networks, expected
        let table: &[(&str, &[&str], &[&str], &str)] = &[
            ("203.0.113.9", &["1.1.1.1"], &[], "203.0.113.9"),
            ("203.0.113.9", &["1.1.1.1"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["6.6.6.6, 203.0.113.9"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["6.6.6.6", "203.0.113.9"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9", "10.0.0.2"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["6.6.6.6, 203.0.113.9, 10.0.0.3"], &["10.0.0.0/8"], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9, unknown"], &["10.0.0.0/8"], "10.0.0.1"),
            ("10.0.0.1", &[""], &["10.0.0.0/8"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.7"], &["10.0.0.0/8"], "10.0.0.7"),
            ("10.0.0.1", &["203.0.113.9:4711"], &["10.0.0.0/8"], "203.0.113.9"),
            ("::1", &["[2001:db8::7]:4711"], &["::1/128"], "2001:db8::7"),
        ];
        for (peer, lines, trusted, expected) in table {
            assert_eq!(seen(peer, lines, trusted), *expected, "{peer} {lines:?} {trusted:?}");
        }
    }

    #[test]
    fn t16_mapped_addresses_are_their_ipv4_form_everywhere() {
        assert_eq!(seen("::ffff:203.0.113.9", &[], &[]), "203.0.113.9");
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:3::4".parse().unwrap()).to_string(), "2001:db8:1:2::/64");
    }
}
