//! Tests over HTTP against an app that mounts the library, on SQLite in a temporary file, or on the PostgreSQL
//! server that `TEST_POSTGRES` names (`postgres://USER:PASSWORD@HOST:PORT`, without a database).

#![expect(clippy::unwrap_used, reason = "what a test does not expect is to fail it")]
#![expect(clippy::disallowed_methods, reason = "tests read files, and the environment says where to run")]

mod account;
mod admin;
mod app;
mod change_email;
mod cleanup;
mod client_address;
mod cluster;
mod cors;
mod csrf;
mod current_user;
mod database;
mod database_files;
mod database_postgres;
mod database_postgres_urls;
mod database_sqlite;
mod dev_mailbox;
mod devices;
mod enumeration;
mod events;
mod example;
mod floors;
mod hashing;
mod headers;
mod import;
mod introspect;
mod keys;
mod letters;
mod limits;
mod login;
mod mail_delivery;
mod mail_limits;
mod mail_server;
mod mailbox;
mod malformed;
mod openapi;
mod outside;
mod pages;
mod pages_account;
mod pages_look;
mod pages_mail;
mod passwords;
mod policy;
mod private_registration;
mod register;
mod reset_password;
mod secrets;
mod sessions;
mod smtp;
mod statements;
mod strict;
mod tidy;
mod token;
mod upgrade;
mod verify_email;
mod wrap;
