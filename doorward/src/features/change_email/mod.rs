//! Changes the address of an account. The new address counts after a proof from a mail to it. The owner of the old
//! address, if it was verified, can undo the change for seven days. Verifying the first address belongs to
//! `verify_email`.

mod flow;
mod mailed_page;
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
            .route("/account/email", get(page::show).post(page::submit))
            .route("/confirm-email", get(mailed_page::show_confirm))
            .route("/undo-email-change", get(mailed_page::show_undo))
    },
    forms: &[
        ("/confirm-email", || post(mailed_page::submit_confirm)),
        ("/undo-email-change", || post(mailed_page::submit_undo)),
    ],
    templates: &[page::TEMPLATE],
    texts: texts!("."),
    letters: &[Letter::CONFIRM_EMAIL, Letter::EMAIL_CHANGED],
    ..Feature::NONE
};
