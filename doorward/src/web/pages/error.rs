//! Errors as pages, for people who would otherwise see JSON.

use axum::{
    extract::{OriginalUri, Request},
    http::{Method, header},
    response::Response,
};
use minijinja::context;

use crate::{
    base::{error::Error, text::template::BuiltIn},
    web::pages::{page::Pages, visit::Visit},
};

/// The template of every error page.
pub(crate) const TEMPLATE: BuiltIn =
    ("pages/error.html", include_str!("../../../templates/pages/error.html"));

/// The page for an error of a request that a browser sent.
pub(crate) struct ErrorPage {
    pages: Pages,
    visit: Visit,
}

impl ErrorPage {
    pub(crate) fn of(pages: &Pages, request: &Request) -> Option<Self> {
        // Scripts and apps accept anything, or JSON.
        let accepts = request.headers().get_all(header::ACCEPT).iter();
        let wants_page = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST)
            && accepts.filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"));
        wants_page.then(|| {
            let original = request.extensions().get::<OriginalUri>();
            let original = original.map_or(request.uri(), |original| &original.0);
            let visit = Visit::of(&pages.auth, request.uri(), original, request.headers());
            Self { pages: pages.clone(), visit }
        })
    }

    /// Returns the page for an answer that is an error, and any other answer as it is.
    pub(crate) fn in_place_of(&self, answer: Response) -> Response {
        let Self { pages, visit } = self;
        let Some(error) = answer.extensions().get::<Error>() else { return answer };
        let service = [("service", pages.auth.config().service_name.as_str().into())];
        let code = error.code().replace('_', "-");
        // An error without a text of its own gets the general one.
        let title = visit.words.find(&format!("error-{code}-title"), &[]);
        let text = visit.words.find(&format!("error-{code}"), &service);
        let shown = context! {
            title => title.unwrap_or_else(|| visit.words.text("error-other-title", &[])),
            text => text.unwrap_or_else(|| visit.words.text("error-other", &[])),
            again => (*error == Error::InvalidLink).then(|| visit.again()).map(|(page, text)| context! { page, text }),
        };
        match pages.page(visit, answer.status(), TEMPLATE.0, shown) {
            Ok(mut page) => {
                // The page keeps the headers of the error, such as `Allow` and `Retry-After`.
                for (name, value) in answer.headers() {
                    if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name)
                        && !page.headers().contains_key(name)
                    {
                        page.headers_mut().append(name, value.clone());
                    }
                }
                page
            }
            // The template of the error page itself failed.
            Err(_) => answer,
        }
    }
}
