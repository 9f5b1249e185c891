//! Verifies the address of an account with a proof from a mail. Changing the address belongs to `change_email`.

mod flow;
#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::VERIFY_EMAIL],
    ..Feature::NONE
};
