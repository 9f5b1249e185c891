//! The features, for users, programs and operators. Each has one folder or file. No feature uses another.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod import;

mod account;
#[cfg(feature = "totp")]
mod authenticator;
mod change_email;
mod change_password;
mod details;
mod dev_mailbox;
#[cfg(feature = "docs")]
mod docs;
mod email_login;
mod health;
pub(crate) mod host;
mod login;
mod login_attempt;
#[cfg(feature = "totp")]
mod passkeys;
#[cfg(feature = "provider")]
pub(crate) mod provider;
mod register;
mod reset_password;
#[cfg(feature = "totp")]
mod second_step;
pub(crate) mod sessions;
mod step_up;
mod token;
#[cfg(feature = "totp")]
mod trusted_browsers;
mod verify_email;

use crate::web::feature::Feature;

/// Every feature that has routes, pages, texts or letters.
pub(crate) const FEATURES: &[Feature] = &[
    register::FEATURE,
    login::FEATURE,
    #[cfg(feature = "totp")]
    second_step::FEATURE,
    step_up::FEATURE,
    email_login::FEATURE,
    login_attempt::FEATURE,
    token::FEATURE,
    verify_email::FEATURE,
    reset_password::FEATURE,
    account::FEATURE,
    change_password::FEATURE,
    #[cfg(feature = "totp")]
    authenticator::FEATURE,
    #[cfg(feature = "totp")]
    passkeys::FEATURE,
    change_email::FEATURE,
    details::FEATURE,
    sessions::FEATURE,
    #[cfg(feature = "totp")]
    trusted_browsers::FEATURE,
    admin::FEATURE,
    #[cfg(feature = "provider")]
    provider::FEATURE,
    health::FEATURE,
    #[cfg(feature = "docs")]
    docs::FEATURE,
    dev_mailbox::FEATURE,
];

#[cfg(test)]
mod tests;
