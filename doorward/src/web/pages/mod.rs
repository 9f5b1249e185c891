//! The frame of the pages that people see. They work without JavaScript, in five languages.

pub(crate) mod around;
pub(crate) mod code;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod look;
mod next;
pub(crate) mod owner_form;
pub(crate) mod page;
pub(crate) mod visit;
