//! The page on which users change what they say of themselves: the display name and the profile. `PATCH /me`, which does
//! the same, belongs to `change_email`, and the page that shows them to `account`.

mod page;

use axum::{Router, routing::get};

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    pages: || Router::new().route("/account/details", get(page::show).post(page::submit)),
    templates: &[page::TEMPLATE],
    texts: texts!("."),
    ..Feature::NONE
};
