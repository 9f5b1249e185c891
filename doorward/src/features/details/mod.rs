//! The page on which users change what they say of themselves: the display name and the profile. `PATCH /me`, which does
//! the same, belongs to `change_email`, and the page that shows them to `account`.

#[cfg(feature = "pages")]
mod page;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    ..Feature::NONE
};
