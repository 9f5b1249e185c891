//! Tests of the handle.

mod attempts;
