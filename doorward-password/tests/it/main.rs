//! The crate from outside: behaviour, published vectors, hostile input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod context;
mod forms;
mod hostile;
mod judge;
mod vectors;
