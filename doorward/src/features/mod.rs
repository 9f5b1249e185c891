//! What people, programs and operators can do, one folder each. No feature knows another.

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod change_email;
pub(crate) mod dev_mailbox;
pub(crate) mod docs;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod register;
pub(crate) mod reset_password;
pub(crate) mod sessions;
pub(crate) mod token;
pub(crate) mod verify_email;
