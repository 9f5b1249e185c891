//! Logs browsers in with a password and a cookie, and ends the session of a log-out. Log-ins that give a bearer token
//! belong to `token`.

mod logout;
#[cfg(feature = "pages")]
mod logout_page;
#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: || routes::routes().merge(logout::routes()),
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::NEW_DEVICE],
    ..Feature::NONE
};
