//! Sends a mail to a user who forgot the password, and sets a new password with the proof from it. A user who is logged
//! in and knows the password uses `change_password`.

mod flow;
mod page;
mod routes;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{
    base::text::texts::texts,
    model::letter::Letter,
    web::{feature::Feature, pages::page::Link},
};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    pages: || {
        Router::new()
            .route("/forgot-password", get(page::show_forgot))
            .route("/reset-password", get(page::show_reset))
    },
    forms: &[
        ("/forgot-password", || post(page::submit_forgot)),
        ("/reset-password", || post(page::submit_reset)),
    ],
    templates: &[page::FORGOT, page::RESET],
    texts: texts!("."),
    letters: &[Letter::RESET_PASSWORD],
    links: &[Link {
        page: "forgot-password",
        text: "forgot-password-question",
        shown: |auth| auth.mail().works(),
    }],
    ..Feature::NONE
};
