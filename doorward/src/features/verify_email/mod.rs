//! Verifies the address of an account with a proof from a mail. Changing the address belongs to `change_email`.

mod flow;
mod page;
mod routes;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || {
        Router::new()
            .route("/verify-email", get(page::show))
            .route("/account/verify-email", post(page::ask_for_own))
    },
    forms: &[("/verify-email", || post(page::submit)), ("/verify-email/request", || post(page::ask))],
    texts: texts!("."),
    letters: &[Letter::VERIFY_EMAIL],
    ..Feature::NONE
};
