//! Logs browsers in with a password and a cookie, and ends the session of a log-out. Log-ins that give a bearer token
//! belong to `token`.

mod logout;
mod logout_page;
mod page;
mod routes;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: || routes::routes().merge(logout::routes()),
    pages: || Router::new().route("/login", get(page::show)).route("/logout", get(logout_page::show)),
    forms: &[("/login", || post(page::submit)), ("/logout", || post(logout_page::submit))],
    templates: &[page::TEMPLATE, logout_page::TEMPLATE],
    texts: texts!("."),
    letters: &[Letter::NEW_DEVICE],
    ..Feature::NONE
};
