//! The pages that people see, in their language and without need of JavaScript: registering, logging in, one's own
//! account, and what went wrong.
//!
//! Pages share paths with the JSON API: a `GET` and a form are for a page, JSON is for the API. They do what the API
//! does by the same calls, and end every change with a redirect, so that reloading a page repeats nothing.

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    routing::{get, post},
};

use crate::{
    auth::Auth,
    features::{account, change_email, login, register, reset_password},
    web::pages::{code, error::ErrorPage, look, page::Pages},
};

/// The paths where a form is for a page and JSON for the API.
const SHARED: [&str; 9] = [
    "/login",
    "/register",
    "/logout",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/verify-email/request",
    "/confirm-email",
    "/undo-email-change",
];

/// Puts the pages beside the routes of the API.
pub(crate) fn beside(auth: &Auth, api: Router) -> Router {
    let own = Router::new()
        .route("/", get(account::page::start))
        .route("/login", get(login::page::show))
        .route("/register", get(register::page::show))
        .route("/logout", get(login::logout_page::show))
        .route("/forgot-password", get(reset_password::page::show_forgot))
        .route("/reset-password", get(reset_password::page::show_reset))
        .route("/verify-email", get(code::show_verify))
        .route("/confirm-email", get(code::show_confirm))
        .route("/undo-email-change", get(code::show_undo))
        .route("/account", get(account::page::show))
        .route("/account/verify-email", post(code::ask_for_own))
        .route("/account/sessions", post(account::page::end_others))
        .route("/account/sessions/{id}", post(account::page::end_one))
        .route("/account/email", get(change_email::page::show_email).post(change_email::page::submit_email))
        .route(
            "/account/password",
            get(change_email::page::show_password).post(change_email::page::submit_password),
        )
        .route("/account/data", get(account::data_page::show).post(account::data_page::submit))
        .route("/account/delete", get(account::delete_page::show).post(account::delete_page::submit))
        .route("/.well-known/change-password", get(change_email::page::well_known))
        .route("/static/{file}", get(look::file))
        .with_state(Pages::of(auth));
    api.merge(own)
}

/// What stands around all routes, so that people see pages on the paths that they share with programs. It is a part of
/// the one layer that every request goes through, and costs nothing to those of programs.
pub(crate) struct Around {
    pages: Pages,
    forms: Router,
}

impl Around {
    pub(crate) fn of(auth: &Auth) -> Self {
        let pages = Pages::of(auth);
        let forms = Router::new()
            .route("/login", post(login::page::submit))
            .route("/register", post(register::page::submit))
            .route("/logout", post(login::logout_page::submit))
            .route("/forgot-password", post(reset_password::page::submit_forgot))
            .route("/reset-password", post(reset_password::page::submit_reset))
            .route("/verify-email", post(code::submit_verify))
            .route("/verify-email/request", post(code::ask))
            .route("/confirm-email", post(code::submit_confirm))
            .route("/undo-email-change", post(code::submit_undo))
            .with_state(pages.clone());
        Self { pages, forms }
    }

    /// The routes of forms, if this is one for a page on a path that is shared with the API.
    pub(crate) fn forms_for(&self, request: &Request) -> Option<Router> {
        let is_form = || {
            request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
                value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
            })
        };
        let led = request.method() == Method::POST && SHARED.contains(&request.uri().path()) && is_form();
        led.then(|| self.forms.clone())
    }

    /// What shows an error as a page, if a browser asked to show one.
    pub(crate) fn error_page(&self, request: &Request) -> Option<ErrorPage> {
        ErrorPage::of(&self.pages, request)
    }
}
