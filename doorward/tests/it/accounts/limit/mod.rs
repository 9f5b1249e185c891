//! How often secrets may be guessed, and mails be asked for.

mod guesses;
mod mails;
