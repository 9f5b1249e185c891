//! How often secrets may be guessed, and how many mails are sent. Owns the table `attempts`.

pub(crate) mod guesses;
pub(crate) mod mails;
pub(crate) mod table;
