//! Lists the sessions of the user who is logged in, and ends them. The page with the list belongs to `account`, the
//! log-out to `login`.

mod flow;
pub(crate) mod operator;
mod page;
mod routes;

use axum::{Router, routing::post};

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || {
        Router::new()
            .route("/account/sessions", post(page::end_others))
            .route("/account/sessions/{id}", post(page::end_one))
    },
    texts: texts!("."),
    ..Feature::NONE
};
