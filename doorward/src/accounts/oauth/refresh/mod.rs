//! Refresh tokens: with one of them an app gets new access tokens. Owns the tables `refresh_chains` and
//! `refresh_tokens`.
//!
//! Each exchange gives a successor, which is derived from the token that was shown (`base/successor.rs`). So an answer
//! that is lost can be repeated, on any node, with nothing but hashes and salts stored. A chain of tokens ends when a
//! token is shown that was surely used by somebody else: then there are two copies (RFC 9700, section 4.14.2). It also
//! ends with its grant, client and user, as access tokens do.
//!
//! - `rules.rs` decides what a shown token is worth. It has no I/O.
//! - `table.rs` reads and writes the tables.
//! - `exchange.rs` gives the tokens, `revoke.rs` ends a chain by one of its tokens.
//! - `report.rs` writes events and letters.

mod exchange;
mod report;
mod revoke;
mod rules;
mod table;

pub(crate) use exchange::{Wanted, exchange, find};
pub(crate) use report::{TOKEN_REPEATED, TOKEN_REUSED};
pub(crate) use revoke::revoke;
pub(super) use rules::WINDOW;
pub(super) use table::{NewChain, begin};
