//! The tables and the rules for them: users, credentials, sessions, mails, events. Each table is written by one file or
//! folder. Routes and pages are on the floors above; nothing here answers HTTP.

pub(crate) mod chores;
pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod email_log_in;
pub(crate) mod event;
mod keyed;
pub(crate) mod limit;
pub(crate) mod mail;
pub(crate) mod oauth;
pub(crate) mod one_time;
pub(crate) mod own_details;
pub(crate) mod own_proof;
#[cfg(feature = "totp")]
pub(crate) mod passkey;
#[cfg(feature = "totp")]
pub(crate) mod passkey_log_in;
pub(crate) mod pending_login;
#[cfg(feature = "provider")]
mod reseal;
#[cfg(feature = "provider")]
pub(crate) mod sealing_key;
pub(crate) mod second_factor;
#[cfg(feature = "totp")]
pub(crate) mod second_step;
pub(crate) mod session;
#[cfg(feature = "provider")]
pub(crate) mod signing_key;
pub(crate) mod step_up;
pub(crate) mod user;
pub(crate) mod ways_in;
