//! Users and the keys of their addresses. Owns the tables `users` and `email_clashes`. Knows no password and no
//! session.

mod details;
mod keys;
mod new_details;
mod table;

pub(crate) use details::{lock_any, set_attributes, set_own, set_roles};
pub use keys::EmailClash;
pub(crate) use keys::fold_keys;
pub(crate) use new_details::Details;
pub(crate) use table::{
    NewUser, by_email, by_id, delete, get_email_back, in_transaction, insert, insert_new, lock, page,
    set_disabled, set_email, set_verified, take_email,
};
