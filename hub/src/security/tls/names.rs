//! What browsers may call this machine: its name, its addresses, and what the settings add.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::HUB_NAME;

/// Names and addresses the server certificate is made for; the same machine always gives the same order.
pub fn wanted_names(configured: &[String]) -> Vec<String> {
    let mut names = vec![HUB_NAME.to_owned(), "localhost".to_owned()];
    names.extend(host_name());
    names.extend(configured.iter().map(|name| canonical(name)));
    let addresses: BTreeSet<IpAddr> = addresses().into_iter().collect();
    let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    names.extend(loopback.into_iter().chain(addresses).map(|address| address.to_string()));
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// Addresses in their shortest form, names in lower case.
fn canonical(name: &str) -> String {
    name.parse::<IpAddr>().map_or_else(|_| name.to_lowercase(), |address| address.to_string())
}

/// The machine's name, if a certificate can hold it.
pub fn host_name() -> Option<String> {
    let name = raw_host_name()?.to_lowercase();
    let is_fit = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    is_fit.then_some(name)
}

#[cfg(unix)]
fn raw_host_name() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(str::to_owned)
}

#[cfg(not(unix))]
fn raw_host_name() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Addresses of the machine's interfaces that other machines can reach.
#[cfg(target_os = "linux")]
fn addresses() -> Vec<IpAddr> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let mut found = local_v4(&read("/proc/net/fib_trie"));
    found.extend(lasting_v6(&read("/proc/net/if_inet6")));
    found
}

/// Elsewhere the address towards the default route. No packet is sent: this only asks which address would be used.
#[cfg(not(target_os = "linux"))]
fn addresses() -> Vec<IpAddr> {
    let towards = |from: &str, to: &str| {
        let socket = std::net::UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        socket.local_addr().ok().map(|address| address.ip())
    };
    [towards("0.0.0.0:0", "192.0.2.1:9"), towards("[::]:0", "[2001:db8::1]:9")].into_iter().flatten().collect()
}

/// Addresses that the kernel's routing table calls `host LOCAL`; each stands on the line before that word.
#[cfg(any(target_os = "linux", test))]
fn local_v4(fib_trie: &str) -> Vec<IpAddr> {
    let lines = fib_trie.lines().map(str::trim);
    let pairs = lines.clone().zip(lines.skip(1)).filter(|(_, next)| next.ends_with("host LOCAL"));
    let addresses = pairs.filter_map(|(line, _)| line.strip_prefix("|-- ")?.parse::<Ipv4Addr>().ok());
    addresses.filter(|address| !address.is_loopback() && !address.is_link_local()).map(IpAddr::from).collect()
}

/// IPv6 addresses that are neither loopback, link-local, nor the temporary kind that changes every day.
#[cfg(any(target_os = "linux", test))]
fn lasting_v6(if_inet6: &str) -> Vec<IpAddr> {
    const TEMPORARY: u8 = 0x01;
    const GLOBAL_SCOPE: &str = "00";
    let lasting = if_inet6.lines().filter_map(|line| {
        let mut columns = line.split_whitespace();
        let address = u128::from_str_radix(columns.next()?, 16).ok()?;
        let (scope, flags) = (columns.nth(2)?, u8::from_str_radix(columns.next()?, 16).ok()?);
        (scope == GLOBAL_SCOPE && flags & TEMPORARY == 0).then(|| IpAddr::from(Ipv6Addr::from(address)))
    });
    lasting.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_names_come_first_and_nothing_twice() {
        let names =
            wanted_names(&["Hub.Example.org".to_owned(), "LOCALHOST".to_owned(), "0:0:0:0:0:0:0:1".to_owned(), "10.1.2.3".to_owned()]);
        assert!(names.starts_with(&[HUB_NAME.to_owned(), "localhost".to_owned()]), "{names:?}");
        for wanted in ["hub.example.org", "127.0.0.1", "::1", "10.1.2.3"] {
            assert_eq!(names.iter().filter(|name| *name == wanted).count(), 1, "{wanted} in {names:?}");
        }
        assert_eq!(names, wanted_names(&["hub.example.org".to_owned(), "::1".to_owned(), "10.1.2.3".to_owned()]));
    }

    #[test]
    fn addresses_are_read_from_the_kernel_tables() {
        let fib_trie = "Local:\n  +-- 0.0.0.0/0 2 0 2\n     |-- 10.0.0.0\n        /24 link UNICAST\n     |-- 10.0.0.7\n        /32 host LOCAL\n     |-- 10.0.0.255\n        /32 link BROADCAST\n     |-- 127.0.0.1\n        /32 host LOCAL\n";
        assert_eq!(local_v4(fib_trie), ["10.0.0.7".parse::<IpAddr>().unwrap_or(IpAddr::from([0; 4]))]);
        let if_inet6 = "00000000000000000000000000000001 01 80 10 80       lo\n\
                        fd000000000000000000000000000007 02 40 00 80     eth0\n\
                        fd0000000000000000000000000000aa 02 40 00 01     eth0\n\
                        fe800000000000000000000000000001 02 40 20 80     eth0\nnonsense\n";
        assert_eq!(lasting_v6(if_inet6).iter().map(ToString::to_string).collect::<Vec<_>>(), ["fd00::7"]);
    }
}
