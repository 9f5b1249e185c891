//! What all pages share.

pub(crate) mod form;
mod look;
