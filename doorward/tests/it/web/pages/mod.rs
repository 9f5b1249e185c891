//! What all pages share.

mod form;
mod look;
