//! Changes the address of an account. The new address counts after a proof from a mail to it. The owner of the old
//! address, if it was verified, can undo the change for seven days, or freeze the account if the new address has proved
//! itself since. Verifying the first address belongs to `verify_email`. `PATCH /me` is here, also for the name and the profile,
//! which `accounts/own_details.rs` changes.

mod confirm_page;
mod flow;
mod page;
mod routes;
mod undo_page;

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
            .route("/account/email-undo", get(undo_page::show_end).post(undo_page::submit_end))
            .route("/confirm-email", get(confirm_page::show))
            .route("/undo-email-change", get(undo_page::show))
            .route("/undo-email-change/request", get(undo_page::show_request))
    },
    forms: &[
        ("/confirm-email", || post(confirm_page::submit)),
        ("/undo-email-change", || post(undo_page::submit)),
        ("/undo-email-change/request", || post(undo_page::submit_request)),
    ],
    templates: &[page::TEMPLATE, undo_page::REQUEST, undo_page::END],
    texts: texts!("."),
    letters: &[Letter::CONFIRM_EMAIL, Letter::EMAIL_CHANGED, Letter::ACCOUNT_FROZEN],
    ..Feature::NONE
};
