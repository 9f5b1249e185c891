//! Tests of browsers in which no second step is needed.

mod page;
mod routes;
