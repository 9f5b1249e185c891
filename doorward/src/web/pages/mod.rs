//! The parts that all pages share: rendering, forms, errors, redirects, style, and the paths that pages share with the
//! API. The pages work without JavaScript, in five languages. No page of a feature stands here. `no_pages.rs` stands in
//! the place of this folder in a build without the feature `pages`.

pub(crate) mod address_form;
pub(crate) mod ago;
mod around;
pub(crate) mod code;
mod error;
pub(crate) mod form;
mod localhost;
mod look;
mod mount;
pub(crate) mod of_feature;
pub(crate) mod onward;
pub(crate) mod owner_form;
pub(crate) mod page;
pub(crate) mod profile_fields;
mod profile_form;
pub(crate) mod program_name;
pub(crate) mod proof_form;
pub(crate) mod visit;

pub(crate) use around::Around;
pub(crate) use error::ErrorPage;
pub(crate) use mount::{mount, templates};
pub(crate) use of_feature::PagesOf;
