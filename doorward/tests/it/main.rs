//! Tests over HTTP against an app that mounts the library, on SQLite in a temporary file, or on the PostgreSQL
//! server that `TEST_POSTGRES` names (`postgres://USER:PASSWORD@HOST:PORT`, without a database).

mod account;
mod app;
mod cors;
mod csrf;
mod current_user;
mod enumeration;
mod example;
mod hashing;
mod headers;
mod import;
mod introspect;
mod login;
mod malformed;
mod openapi;
mod passwords;
mod register;
mod secrets;
mod sessions;
mod token;
mod upgrade;
mod wrap;
