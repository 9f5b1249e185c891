//! Tests of proving once more who one is.

mod page;
mod routes;
