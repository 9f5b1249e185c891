//! Takes the second step of a log-in in a browser: a code of an authenticator app, or a recovery code. That of a program
//! belongs to `token`.

mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::SECOND_FACTOR_GUESSED, Letter::SECOND_FACTOR_LOCKED, Letter::RECOVERY_CODE_USED],
    ..Feature::NONE
};
