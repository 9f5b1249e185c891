//! Logging in with a password, and logging out, in a browser.

pub(crate) mod logout_page;
pub(crate) mod page;
pub(crate) mod routes;
