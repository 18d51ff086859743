//! The guard's decisions as tables.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::net::{IpAddr, Ipv4Addr};

use shared::Timestamp;

use super::*;

const LIMITS: Limits = Limits { strikes: 10, window_ms: 600_000 };

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + ms)
}

fn ip(last: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + last))
}

fn strike(ms: i64, kind: Kind, subject: Option<u64>) -> Strike {
    Strike { at: at(ms), kind, subject }
}

#[test]
fn ten_strikes_within_the_window_are_a_ban_and_slow_ones_are_not() {
    let mut ledger = Ledger::new(LIMITS, 100);
    let key = Key::Address(ip(1));
    let fast: Vec<Verdict> = (0..10).map(|n| ledger.strike(key, strike(n, Kind::SqlInjection, None))).collect();
    assert_eq!((fast[8], fast[9]), (Verdict::Struck(9), Verdict::Banned));
    assert_eq!(ledger.strike(key, strike(11, Kind::Login, None)), Verdict::Struck(1), "after a ban it begins anew");
    let mut ledger = Ledger::new(LIMITS, 100);
    for n in 0..100 {
        assert_ne!(ledger.strike(key, strike(n * 67_000, Kind::Login, None)), Verdict::Banned);
    }
}

#[test]
fn a_clock_that_jumps_a_day_makes_no_strike_eternal() {
    let mut ledger = Ledger::new(LIMITS, 100);
    let key = Key::Address(ip(1));
    for n in 0..9 {
        ledger.strike(key, strike(86_400_000 + n, Kind::Login, None));
    }
    assert_eq!(ledger.strike(key, strike(0, Kind::Login, None)), Verdict::Struck(1));
}

#[test]
fn one_mis_keyed_agent_bans_its_own_name_and_never_its_address() {
    let mut ledger = Ledger::new(LIMITS, 100);
    let (mine, wrong) = (ip(1), |n| strike(n, Kind::WrongKey, Some(7)));
    for n in 0..500 {
        assert_eq!(ledger.strike(Key::Address(mine), wrong(n)), Verdict::Struck(1));
    }
    let of_name: Vec<Verdict> = (0..10).map(|n| ledger.strike(Key::Client(mine, 7), wrong(n))).collect();
    assert_eq!(of_name.last(), Some(&Verdict::Banned));
    assert_eq!(ledger.strike(Key::Client(mine, 8), wrong(0)), Verdict::Struck(1), "its neighbour");
}

#[test]
fn whoever_tries_name_after_name_is_banned_by_address() {
    let mut ledger = Ledger::new(LIMITS, 100);
    let verdicts: Vec<Verdict> =
        (0..10).map(|n| ledger.strike(Key::Address(ip(1)), strike(n, Kind::WrongKey, Some(n.cast_unsigned())))).collect();
    assert_eq!(verdicts.last(), Some(&Verdict::Banned));
}

#[test]
fn a_proof_forgives_its_own_mistakes_and_clumsiness_but_no_attack() {
    let mut ledger = Ledger::new(LIMITS, 100);
    let key = Key::Address(ip(1));
    for kind in [Kind::Malformed, Kind::Flood, Kind::Slow, Kind::SqlInjection] {
        ledger.strike(key, strike(0, kind, None));
    }
    for subject in [7, 7, 8] {
        ledger.strike(key, strike(0, Kind::Login, Some(subject)));
    }
    ledger.forgive(ip(1), 7);
    assert_eq!(ledger.strike(key, strike(1, Kind::Login, Some(8))), Verdict::Struck(3), "SQL injection, and twice the other account");
    ledger.forgive(ip(2), 7);
    assert_eq!(ledger.len(), 1);
}

#[test]
fn a_million_addresses_do_not_make_it_grow_and_ban_nobody() {
    let mut ledger = Ledger::new(LIMITS, 10_000);
    let mut allowances = Allowances::new(Allowance { most: 2_000, a_second: 100, respite: 100 }, 10_000);
    let mut bans = Bans::new(5_000);
    for n in 0..1_000_000 {
        let address = ip(n);
        assert_eq!(ledger.strike(Key::Address(address), strike(i64::from(n / 1_000), Kind::Scanner, None)), Verdict::Struck(1));
        if n % 10 == 0 {
            assert!(allowances.take(address, 10, at(0)));
            bans.set(Key::Address(address), at(i64::from(n)));
        }
    }
    assert!(ledger.len() <= 20_000 && allowances.len() <= 20_000 && bans.len() == 5_000);
    assert!(bans.until(Key::Address(ip(999_990)), at(0)).is_some(), "what ends soonest gave way");
}

#[test]
fn a_ban_holds_until_its_end_and_is_lifted_once() {
    let mut bans = Bans::new(10);
    let key = Key::Address(ip(1));
    bans.set(key, at(100));
    bans.set(key, at(50));
    assert_eq!((bans.until(key, at(49)), bans.until(key, at(50))), (Some(at(50)), None));
    assert_eq!((bans.expire(at(49)), bans.expire(at(50)), bans.len()), (0, 1, 0));
    bans.set(key, at(100));
    assert_eq!((bans.lift(key), bans.lift(key)), (true, false));
}

#[test]
fn a_flood_is_noticed_again_and_again_and_calm_refills() {
    let mut allowances = Allowances::new(Allowance { most: 200, a_second: 10, respite: 50 }, 10);
    let refused = (0..400).filter(|_| !allowances.take(ip(1), 1, at(0))).count();
    assert_eq!(refused, 4, "at 201, and after each respite of 50");
    assert!(allowances.take(ip(2), 1, at(0)), "another address has its own");
    let refused = (0..400).filter(|n| !allowances.take(ip(1), 1, at(20_000 + n * 100))).count();
    assert_eq!(refused, 0, "ten a second are no flood");
}

#[test]
fn words_are_read_back() {
    assert!(Kind::ALL.into_iter().all(|kind| Kind::parse(kind.as_str()) == Some(kind)));
    assert!(Level::ALL.into_iter().all(|level| Level::parse(level.as_str()) == Some(level)));
    assert_eq!((Kind::parse("x"), Level::parse("")), (None, None));
}
