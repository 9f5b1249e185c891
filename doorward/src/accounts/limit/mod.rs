//! Limits how often secrets may be guessed and how many mails are sent. Owns the table `attempts`. The database counts,
//! so a limit holds for all nodes together. Other requests that guess nothing and cause no mail are not limited here,
//! but for exchanges of refresh tokens and for options of passkeys.

pub(crate) mod guesses;
pub(crate) mod mails;
pub(crate) mod new_passwords;
#[cfg(feature = "totp")]
pub(crate) mod passkey_options;
#[cfg(feature = "provider")]
pub(crate) mod refreshes;
mod table;
