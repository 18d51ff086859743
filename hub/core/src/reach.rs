//! Which addresses belong to the open internet: whoever names a webhook must not reach into the hub's own network by it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address may be called.
pub fn may_call(address: IpAddr, allow_private: bool) -> bool {
    let address = unwrapped(address);
    is_public(address) || (allow_private && !address.is_unspecified() && !address.is_multicast() && !is_broadcast(address))
}

/// The address that is really meant by one that only carries another.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return v4.into();
    }
    match v6.segments() {
        // IPv4-compatible (RFC 4291), NAT64 (RFC 6052) and 6to4 (RFC 3056)
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => joined(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => joined(high, low),
        _ => address,
    }
}

fn joined(high: u16, low: u16) -> IpAddr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)).into()
}

fn is_broadcast(address: IpAddr) -> bool {
    address == IpAddr::from(Ipv4Addr::BROADCAST)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second));
    !is_special
}

/// Only what is given out for the internet, 2000::/3, and of that not the special parts.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Teredo, ORCHID, documentation
        [0x2001, second, ..] => second != 0xdb8 && second >= 0x200,
        [first, ..] => (0x2000..0x4000).contains(&first) && first != 0x3fff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_called_unless_the_target_says_otherwise() {
        let public = ["1.1.1.1", "9.9.9.9", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"];
        let private = [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "fec0::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
        ];
        let never = ["0.0.0.0", "::", "255.255.255.255", "224.0.0.1", "ff02::1", "::ffff:0.0.0.0"];
        for text in public {
            assert!(may_call(text.parse().expect(text), false), "{text}");
        }
        for text in private {
            let address = text.parse().expect(text);
            assert!(!may_call(address, false) && may_call(address, true), "{text}");
        }
        for text in never {
            let address = text.parse().expect(text);
            assert!(!may_call(address, false) && !may_call(address, true), "{text}");
        }
    }
}
