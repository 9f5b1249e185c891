//! Changes the password of a user who is logged in and knows the current one. A user who forgot it needs
//! `reset_password`.

mod flow;
mod page;
mod routes;

use axum::{Router, routing::get};

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || {
        Router::new()
            .route("/account/password", get(page::show).post(page::submit))
            .route("/.well-known/change-password", get(page::well_known))
    },
    templates: &[page::TEMPLATE],
    texts: texts!("."),
    letters: &[Letter::PASSWORD_CHANGED],
    ..Feature::NONE
};
