//! What the guard noticed, its bans and whom it trusts.

mod bans;
mod events;
mod note;
