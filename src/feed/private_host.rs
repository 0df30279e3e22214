//! Hosts that are not on the public internet: a list from elsewhere must not make the program call them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// The ends of names that are not in the public domain name system: reserved by RFC 6761, RFC 6762, RFC 8375 and ICANN, or usual
/// in routers and companies.
const PRIVATE_ENDS: [&str; 9] =
    ["localhost", "local", "internal", "home.arpa", "lan", "home", "corp", "intranet", "private"];

/// True if a host is not on the public internet: an address of a private network, `localhost`, `printer.local`, or a name without
/// a dot. The host of a [`url::Url`] has its IPv4 address decoded, also from decimal, hexadecimal and octal numbers.
pub fn is_private_host(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_private_v4(*address),
        Host::Ipv6(address) => is_private_v6(*address),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let ends_with =
                |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            !name.contains('.') || PRIVATE_ENDS.iter().any(ends_with)
        }
    }
}

/// True if an address is not on the public internet: private, loopback, link-local, shared, for benchmarks, multicast, reserved, or
/// one that leads to such an address.
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

/// The [special-purpose addresses](https://www.iana.org/assignments/iana-ipv4-special-registry/), without those for documents.
fn is_private_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..] | [192, 0, 0, _] => true,
        [172, second, ..] => (16..=31).contains(&second),
        [100, second, ..] => (64..=127).contains(&second),
        [198, second, ..] => second == 18 || second == 19,
        [first, ..] => first >= 224,
    }
}

/// The [special-purpose addresses](https://www.iana.org/assignments/iana-ipv6-special-registry/), without those for documents.
fn is_private_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_private_v4(v4);
    }
    match address.segments() {
        // `::`, `::1` and the addresses that are compatible with IPv4.
        [0, 0, 0, 0, 0, 0, ..] => true,
        // NAT64, 6to4 and Teredo contain an IPv4 address.
        [0x64, 0xff9b, ..] | [0x2002, ..] | [0x2001, 0, ..] => true,
        // Unique local, link-local, site-local and multicast.
        [first, ..] => first & 0xfe00 == 0xfc00 || first & 0xff80 == 0xfe80 || first & 0xff00 == 0xff00,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn private_hosts_are_found() {
        let is_private = |host: &str| {
            let url = Url::parse(&format!("http://{host}/")).unwrap_or_else(|_| panic!("{host}"));
            is_private_host(&url.host().expect("a host"))
        };
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "printer.local",
            "router",
            "nas.lan",
            "a.home.arpa",
            "wiki.corp",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[febf::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
        ] {
            assert!(is_private(host), "{host}");
        }
        for host in [
            "example.org",
            "a.example.org.",
            "mylocalhost.org",
            "local.example.org",
            "xn--bcher-kva.example",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[::ffff:8.8.8.8]",
            "[2001:4860::8888]",
        ] {
            assert!(!is_private(host), "{host}");
        }
    }
}
