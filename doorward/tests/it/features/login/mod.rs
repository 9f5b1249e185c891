//! Tests of logging in with a password, and logging out.

mod logout;
mod logout_page;
mod page;
mod routes;
