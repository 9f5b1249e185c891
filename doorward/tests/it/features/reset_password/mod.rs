//! Replacing a forgotten password.

mod page;
mod routes;
