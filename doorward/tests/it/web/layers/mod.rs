//! Tests of the layers around every route.

mod cors;
mod headers;
