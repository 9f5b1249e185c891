//! Sends the owner of an account a link that allows one attempt to log in, while strangers keep the account blocked. The
//! log-in itself belongs to `login` and `token`, which take the token of the link.

mod flow;
mod page;
mod routes;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || Router::new().route("/login-attempt", get(page::show)),
    forms: &[("/login-attempt", || post(page::submit))],
    templates: &[page::TEMPLATE],
    texts: texts!("."),
    letters: &[flow::LETTER],
    ..Feature::NONE
};
