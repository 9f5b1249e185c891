//! The pages beside the API.
//!
//! Pages share paths with the JSON API: a `GET` and a form are for a page, JSON is for the API. They do what the API
//! does by the same calls, and end every change with a redirect, so that reloading a page repeats nothing.

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    routing::{MethodRouter, get},
};

use crate::web::pages::{error::ErrorPage, look, page::Pages};

/// A form on a path where JSON is for the API.
pub(crate) type SharedForm = (&'static str, fn() -> MethodRouter<Pages>);

/// The files that pages load.
pub(crate) fn files() -> Router<Pages> {
    Router::new().route("/static/{file}", get(look::file))
}

/// Stands around all routes, so that people see pages on the paths that they share with programs. It is a part of the
/// one layer that every request goes through, and costs nothing to those of programs.
pub(crate) struct Around {
    pages: Pages,
    forms: Router,
    paths: Vec<&'static str>,
}

impl Around {
    pub(crate) fn of(pages: &Pages, shared: &[SharedForm]) -> Self {
        let mut forms = Router::new();
        for (path, form) in shared {
            forms = forms.route(path, form());
        }
        let paths = shared.iter().map(|(path, _)| *path).collect();
        Self { pages: pages.clone(), forms: forms.with_state(pages.clone()), paths }
    }

    /// The routes of forms, if this request is a form on a path that is shared with the API.
    pub(crate) fn forms_for(&self, request: &Request) -> Option<Router> {
        let is_form = || {
            request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
                value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
            })
        };
        let is_shared = request.method() == Method::POST && self.paths.contains(&request.uri().path());
        (is_shared && is_form()).then(|| self.forms.clone())
    }

    /// Shows an error as a page, if a browser asked for one.
    pub(crate) fn error_page(&self, request: &Request) -> Option<ErrorPage> {
        ErrorPage::of(&self.pages, request)
    }
}
