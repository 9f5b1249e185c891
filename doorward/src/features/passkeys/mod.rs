//! Adds, lists, renames and removes the passkeys of a user, and logs in with one. Taking a second step with one belongs
//! to `second_step` and `token`, another proof to `step_up`.

mod flow;
mod log_in;
mod page;
mod routes;
mod well_known;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: || routes::routes().merge(log_in::routes()).merge(well_known::routes()),
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::PASSKEY_ADDED, Letter::PASSKEY_REMOVED, Letter::PASSKEY_COPIED],
    ..Feature::NONE
};
