//! Who is kept out: what counts as a strike, when strikes become a ban, what a proof forgives.
//!
//! Memory is bounded whatever strangers do: a flood of new addresses makes the ledger forget, it never makes it grow,
//! and never bans anybody who did nothing.

mod allowance;
mod bans;
mod kind;
mod ledger;
mod recent;
#[cfg(test)]
mod tests;

pub use self::allowance::{Allowance, Allowances};
pub use self::bans::Bans;
pub use self::kind::{Kind, Level};
pub use self::ledger::{Key, Ledger, Limits, Strike, Verdict};
pub use self::recent::Recent;
