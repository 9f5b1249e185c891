//! Pages on the paths of the API.
//!
//! On a shared path, a `GET` or a form is for a page, and JSON is for the API. Pages call the same functions as the
//! API. Changes end with a redirect, so that reloading a page repeats nothing. Requests for a mail are an exception.

use axum::{
    Router,
    extract::Request,
    http::{Method, header},
    routing::{MethodRouter, get},
};

use crate::web::pages::{error::ErrorPage, look, page::Pages};

/// A form on a path that the API shares: the path, and the handler of the form.
pub(crate) type SharedForm = (&'static str, fn() -> MethodRouter<Pages>);

/// Returns the routes of the files that pages load.
pub(crate) fn files() -> Router<Pages> {
    Router::new().route("/static/{file}", get(look::file))
}

/// The part of the layer around all routes that shows pages: forms on shared paths, and errors. It costs requests of
/// programs next to nothing.
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

    /// Returns the routes of the forms if this request is a form on a shared path.
    pub(crate) fn forms_for(&self, request: &Request) -> Option<Router> {
        let is_form = || {
            request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
                value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
            })
        };
        let is_shared = request.method() == Method::POST && self.paths.contains(&request.uri().path());
        (is_shared && is_form()).then(|| self.forms.clone())
    }

    /// Returns the page for an error of this request, if a browser sent it.
    pub(crate) fn error_page(&self, request: &Request) -> Option<ErrorPage> {
        ErrorPage::of(&self.pages, request)
    }
}
