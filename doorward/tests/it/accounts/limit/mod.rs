//! Tests of the limits for guesses and for mails.

mod guesses;
mod mails;
mod new_passwords;
