//! The program `doorward`, used like an operator and clients use it: as a process, over sockets, with signals.
//!
//! `TEST_POSTGRES` names a PostgreSQL server (`postgres://USER@HOST:PORT`, without a database). Without it the same
//! tests run on SQLite.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod attempts;
mod breached;
mod clients;
mod configuration;
mod connections;
mod details;
mod disturbed;
mod events;
mod guesses;
mod home;
mod hosts;
mod http;
mod import;
mod keys;
mod limits;
mod listening;
mod log;
mod mail;
mod nodes;
mod proxy;
mod ready;
mod recovery;
mod refused;
#[expect(dead_code, reason = "the tests of the library use all of it")]
#[path = "../../../doorward/tests/it/mail/smtp.rs"]
mod smtp;
mod start;
mod stopping;
mod users;
