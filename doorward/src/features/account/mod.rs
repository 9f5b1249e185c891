//! The account of the user who is logged in: shows it (`/account`, `GET /me`), downloads its data and deletes it.
//! Changes of the password and of the address are features of their own. The page lists sessions; `sessions` ends them.

mod data_page;
mod delete_page;
mod flow;
mod page;
mod routes;

use axum::{Router, routing::get};

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || {
        Router::new()
            .route("/", get(page::start))
            .route("/account", get(page::show))
            .route("/account/data", get(data_page::show).post(data_page::submit))
            .route("/account/delete", get(delete_page::show).post(delete_page::submit))
    },
    templates: &[page::TEMPLATE, data_page::TEMPLATE, delete_page::TEMPLATE],
    texts: texts!("."),
    letters: &[Letter::ACCOUNT_DELETED],
    ..Feature::NONE
};
