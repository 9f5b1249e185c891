//! Changing a password that one knows.

mod page;
mod routes;
