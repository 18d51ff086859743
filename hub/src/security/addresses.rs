//! How many connections one address may hold that have not proved who they are.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Open unproved connections by address.
#[derive(Debug, Clone, Default)]
pub struct Addresses {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One place of an address; given back when dropped.
#[derive(Debug)]
pub struct Place {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    /// A place for one more connection, unless the address has `most` already.
    pub fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let address = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { addresses: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.addresses.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// IPv4 in its own form; IPv6 by its /64, which is what one customer is given.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_its_places_back() {
        let addresses = Addresses::default();
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().expect("an address");
        let plain: IpAddr = "10.0.0.1".parse().expect("an address");
        let first = addresses.take(mapped, 1);
        assert!(first.is_some());
        assert!(addresses.take(plain, 1).is_none(), "a mapped address is the same address");
        drop(first);
        assert!(addresses.take(plain, 1).is_some());
    }

    #[test]
    fn one_ipv6_customer_is_one_address() {
        let addresses = Addresses::default();
        let _first = addresses.take("2001:db8::1".parse().expect("an address"), 1);
        assert!(addresses.take("2001:db8::2".parse().expect("an address"), 1).is_none());
        assert!(addresses.take("2001:db8:0:1::1".parse().expect("an address"), 1).is_some());
    }
}
