//! Sends a mail to a user who forgot the password, and sets a new password with the proof from it. A user who is logged
//! in and knows the password uses `change_password`.

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
    letters: &[Letter::RESET_PASSWORD],
    ..Feature::NONE
};
