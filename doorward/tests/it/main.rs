//! Tests over HTTP against an app that mounts the library, on SQLite in a temporary file, or on the PostgreSQL
//! server that `TEST_POSTGRES` names (`postgres://USER:PASSWORD@HOST:PORT`, without a database).

#![expect(clippy::unwrap_used, reason = "an unexpected error should fail the test")]
#![expect(clippy::disallowed_methods, reason = "tests read files, and the environment says where to run")]

mod accounts;
mod app;
mod auth;
mod base;
mod debug_build;
mod documented;
mod enumeration;
mod examples;
mod features;
mod floors;
mod fuzzed;
mod mail;
mod malformed;
mod open;
mod openapi;
mod own_tables;
mod router;
mod secrets;
mod serve;
mod statements;
mod test_util;
mod tidy;
mod visitor;
mod waiting;
mod web;
