//! Changes the password of a user who is logged in and knows the current one. A user who forgot it needs
//! `reset_password`.

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
    letters: &[Letter::PASSWORD_CHANGED],
    ..Feature::NONE
};
