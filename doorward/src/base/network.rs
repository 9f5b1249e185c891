//! The network of a client address. Every limit on what strangers may take counts by network.
//!
//! - An IPv4 address is a network of its own.
//! - An IPv6 address stands for its /64: a client with one address of a /64 usually has all of them.
//! - An IPv6 address that a translator or a tunnel made stands for the IPv4 address inside. By its /64, all clients of
//!   a translator would count as one, and a site behind 6to4 would have 65,536 networks.
//!
//! This is for counting alone. Trust and loopback are decided by the address itself: an attacker may be able to choose
//! the address inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns the network of a client address: an IPv4 address, or the first address of an IPv6 /64.
#[must_use]
pub fn client_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match ipv4_inside(address) {
            Some(inside) => IpAddr::V4(inside),
            None => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        },
    }
}

/// Returns the IPv4 address from which this address was made, if it was made from one.
fn ipv4_inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = address.to_bits();
    let inside = match address.segments() {
        // The unspecified address and loopback (RFC 4291, sections 2.5.2 and 2.5.3).
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => return None,
        // IPv4-compatible and IPv4-mapped addresses (RFC 4291, section 2.5.5).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] => bits as u32,
        // IPv4-translated addresses (RFC 2765, section 2.1).
        [0, 0, 0, 0, 0xffff, 0, ..] => bits as u32,
        // The well-known prefix of translators (RFC 6052, section 2.1).
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => bits as u32,
        [0x64, 0xff9b, 1, ..] => of_local_translator(bits),
        // Teredo has the address of the client's NAT in the last 32 bits, inverted (RFC 4380, section 4).
        [0x2001, 0, ..] => !(bits as u32),
        // 6to4 (RFC 3056, section 2).
        [0x2002, ..] => (bits >> 80) as u32,
        _ => return None,
    };
    Some(inside.into())
}

/// Reads an address of `64:ff9b:1::/48`, which RFC 8215 gives to the translators of an operator. They use a prefix of
/// 48, 56, 64 or 96 bits. After it comes the IPv4 address, which leaves out the bits 64 to 71, and then zeros (RFC
/// 6052, section 2.2). So the prefix is the shortest one that leaves only zeros after the IPv4 address.
///
/// Only an IPv4 address that ends in zero, behind a prefix of more than 48 bits, can be read as another one.
fn of_local_translator(bits: u128) -> u32 {
    // All bits but those from 64 to 71, which are zero.
    let joined = (bits >> 64 << 56) | (bits & ((1 << 56) - 1));
    let is_plain = bits >> 56 & 0xff == 0;
    let behind = |prefix: u32| joined << (8 + prefix) << 32;
    match [48, 56, 64].into_iter().find(|prefix| is_plain && behind(*prefix) == 0) {
        Some(prefix) => (joined << (8 + prefix) >> 96) as u32,
        None => bits as u32,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn network(address: &str) -> String {
        client_network(address.parse().unwrap()).to_string()
    }

    #[test]
    fn an_address_counts_by_its_64_or_by_the_ipv4_address_inside() {
        for (address, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8::c633:6415", "2001:db8::"),
            ("fe80::c633:6415", "fe80::"),
            ("::", "::"),
            ("::1", "::"),
            // RFC 4291, section 2.5.5.
            ("::ffff:198.51.100.21", "198.51.100.21"),
            ("::198.51.100.21", "198.51.100.21"),
            ("::2", "0.0.0.2"),
            // RFC 2765, section 2.1.
            ("::ffff:0:198.51.100.21", "198.51.100.21"),
            // RFC 6052, sections 2.1 and 2.4.
            ("64:ff9b::c633:6415", "198.51.100.21"),
            ("64:ff9b::cb00:7105", "203.0.113.5"),
            ("64:ff9b::192.0.2.33", "192.0.2.33"),
            // Neither this prefix nor that of RFC 8215.
            ("64:ff9b:0:1::c633:6415", "64:ff9b:0:1::"),
            ("64:ff9b:2::c633:6415", "64:ff9b:2::"),
            // RFC 8215 with the lengths of RFC 6052, section 2.2.
            ("64:ff9b:1:c633:64:1500::", "198.51.100.21"),
            ("64:ff9b:1:2c6:33:6415::", "198.51.100.21"),
            ("64:ff9b:1:2:c6:3364:1500:0", "198.51.100.21"),
            ("64:ff9b:1::198.51.100.21", "198.51.100.21"),
            ("64:ff9b:1:2:3:4:198.51.100.21", "198.51.100.21"),
            ("64:ff9b:1:2:ff03:4:198.51.100.21", "198.51.100.21"),
            // The example of RFC 4380, section 2.7: server 65.54.227.120, client 192.0.2.45.
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"),
            ("2001:1::c633:6415", "2001:1::"),
            // RFC 3056, section 2.
            ("2002:c633:6415::1", "198.51.100.21"),
            ("2002:c633:6415:ffff:1:2:3:4", "198.51.100.21"),
            ("2003:c633:6415:ffff:1:2:3:4", "2003:c633:6415:ffff::"),
        ] {
            assert_eq!(network(address), expected, "{address}");
        }
    }

    /// Writes an IPv4 address behind a prefix of this length (RFC 6052, section 2.2).
    fn translated(prefix: u128, length: u32, ipv4: u32) -> IpAddr {
        let prefix = prefix & !(u128::MAX >> length) & !(0xff << 56);
        let octets = ipv4.to_be_bytes();
        let mut bits = prefix.to_be_bytes();
        let places = (length as usize / 8..16).filter(|place| *place != 8);
        for (place, octet) in places.zip(octets) {
            bits[place] = octet;
        }
        IpAddr::from(bits)
    }

    proptest! {
        #[test]
        fn clients_of_a_translator_count_apart_whatever_its_prefix_is(
            own: u128, one: u32, other: u32, choice in 0_usize..4,
        ) {
            let length = [48, 56, 64, 96][choice];
            let prefix = 0x0064_ff9b_0001 << 80 | own >> 48;
            let of = |ipv4| client_network(translated(prefix, length, ipv4));
            prop_assert_eq!(of(one) == of(other), one == other);
            if one & 0xff != 0 {
                prop_assert_eq!(of(one), IpAddr::V4(one.into()));
            }
        }

        #[test]
        fn a_site_behind_6to4_or_teredo_is_one_network(ipv4: u32, site: u128, server: u32, port: u16) {
            let six_to_four = 0x2002 << 112 | u128::from(ipv4) << 80 | site >> 48;
            prop_assert_eq!(client_network(Ipv6Addr::from(six_to_four).into()), IpAddr::V4(ipv4.into()));
            let teredo = 0x2001_u128 << 112 | u128::from(server) << 64 | u128::from(port) << 32 | u128::from(!ipv4);
            prop_assert_eq!(client_network(Ipv6Addr::from(teredo).into()), IpAddr::V4(ipv4.into()));
        }
    }
}
