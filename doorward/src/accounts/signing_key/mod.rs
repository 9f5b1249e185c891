//! The keys that sign ID tokens. Owns the table `signing_keys`.
//!
//! There is one key for each algorithm. It signs for 90 days. The next one is made two days before that, so clients know
//! it when it begins to sign. After its time a key stays published until the last token that it signed is over. The
//! private keys are sealed with a key that is not in the database. They stay parsed in memory.
//!
//! `find.rs` reads the keys and remembers them. `make.rs` makes them when they are due, and `rotate.rs` when an operator
//! wants it. `table.rs` has the rows. `sealed.rs` opens the private keys, and seals them anew.

mod find;
mod make;
mod rotate;
mod sealed;
mod table;

pub(crate) use {
    find::all,
    make::renew,
    rotate::{end_and_replace, replace},
    sealed::{count_sealed_with_others, reseal},
    table::{delete_expired, list},
};
