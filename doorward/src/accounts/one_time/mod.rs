//! Secrets that work once: the link in a mail, and the code beside it. Owns the table `one_time_tokens`.

pub(crate) mod proof;
mod tokens;

pub(crate) use tokens::*;
