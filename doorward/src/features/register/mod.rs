//! Creates an account for a person who registers. Operators add accounts in `admin` and `import`. The mail that
//! verifies the address belongs to `verify_email`.

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
    pages: || Router::new().route("/register", get(page::show)),
    forms: &[("/register", || post(page::submit))],
    templates: &[page::TEMPLATE],
    texts: texts!("."),
    letters: &[Letter::ALREADY_REGISTERED, Letter::FINISH_REGISTRATION],
    ..Feature::NONE
};
