//! Tests of the features: one file or folder for each.

mod account;
mod admin;
mod audit;
mod authenticator;
mod change_email;
mod change_password;
mod details;
mod dev_mailbox;
mod docs;
mod email_login;
mod health;
mod host;
mod import;
mod login;
mod login_attempt;
mod passkeys;
pub(crate) mod provider;
mod register;
mod reset_password;
mod second_step;
mod sessions;
mod step_up;
mod token;
mod trusted_browsers;
mod verify_email;
