//! Tests of the code that all pages share.

mod around;
mod code;
mod error;
mod form;
mod localhost;
mod look;
mod next;
mod onward;
mod page;
