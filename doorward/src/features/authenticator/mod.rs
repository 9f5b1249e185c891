//! Adds, replaces and removes the authenticator app of a user, and renews the recovery codes. Who must have an app adds
//! it inside the log-in. Logging in with them belongs to `second_step` and `token`.

mod adding;
mod download;
mod enroll;
mod enroll_page;
mod flow;
mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::SECOND_FACTOR_ADDED, Letter::SECOND_FACTOR_REMOVED, Letter::RECOVERY_CODES_RENEWED],
    ..Feature::NONE
};
