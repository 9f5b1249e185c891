//! Tests over HTTP against an app that mounts the library, on SQLite in a temporary file, or on the PostgreSQL
//! server that `TEST_POSTGRES` names (`postgres://USER:PASSWORD@HOST:PORT`, without a database).

mod app;
mod register;
