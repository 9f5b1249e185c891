//! The parts that all pages share: rendering, forms, errors, redirects, style, and the paths that pages share with the API.
//! The pages work without JavaScript, in five languages. No page of a feature stands here.

pub(crate) mod address_form;
pub(crate) mod around;
pub(crate) mod code;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod localhost;
pub(crate) mod look;
pub(crate) mod next;
pub(crate) mod onward;
pub(crate) mod owner_form;
pub(crate) mod page;
pub(crate) mod profile_fields;
pub(crate) mod visit;
