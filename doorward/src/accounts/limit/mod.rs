//! Limits how often secrets may be guessed and how many mails are sent. Owns the table `attempts`. The database counts,
//! so a limit holds for all nodes together. Requests that guess nothing and cause no mail are not limited here.

pub(crate) mod guesses;
pub(crate) mod mails;
pub(crate) mod new_passwords;
mod table;
