//! What stands around every route.

mod cors;
mod headers;
