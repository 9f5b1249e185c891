//! Users and the keys of their addresses. Owns the tables `users` and `email_clashes`. Knows no password and no
//! session.

mod keys;
mod table;

pub use keys::EmailClash;
pub(crate) use keys::fold_keys;
pub(crate) use table::{
    NewUser, by_email, by_id, delete, get_email_back, insert, insert_new, lock, page, set_disabled,
    set_email, set_verified, take_email,
};
