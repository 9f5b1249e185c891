//! Answers a request: leads the browser back to the app with a code or an error, or shows the person why not.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context};

use crate::{
    auth::Auth,
    base::{error::Result, redirect_uri, text::template::BuiltIn},
    web::pages::{page::Pages, visit::Visit},
};

/// The page for a request that cannot be answered to an app.
pub(super) const REFUSED: BuiltIn = ("pages/provider_refused.html", include_str!("refused.html"));

/// The page that sends an answer as a form.
pub(super) const SENDING: BuiltIn = ("pages/provider_sending.html", include_str!("sending.html"));

/// The page that leads on by itself, after a form.
pub(super) const ONWARD: BuiltIn = ("pages/provider_onward.html", include_str!("onward.html"));

/// How an app gets its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// In the query of its address.
    Query,
    /// In the body of a `POST` (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl Mode {
    pub(super) const QUERY: &'static str = "query";

    /// The names of all modes.
    pub(super) const NAMES: [&'static str; 2] = [Self::QUERY, "form_post"];

    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            Self::QUERY => Some(Self::Query),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

/// Where an app gets its answer.
#[derive(Clone, Debug)]
pub(super) struct ReturnTo {
    /// One of its registered addresses.
    pub(super) address: String,
    pub(super) state: Option<String>,
    pub(super) mode: Mode,
}

impl ReturnTo {
    /// Tells the app an error (RFC 6749, section 4.1.2.1).
    pub(super) fn refuse(
        &self,
        pages: &Pages,
        visit: &Visit,
        error: &str,
        description: &str,
    ) -> Result<Response> {
        self.answer(pages, visit, &[("error", error), ("error_description", description)])
    }

    /// Leads the browser to the app, with these parameters. `iss` says who answers (RFC 9207).
    pub(super) fn answer(&self, pages: &Pages, visit: &Visit, own: &[(&str, &str)]) -> Result<Response> {
        let issuer = issuer(&pages.auth);
        let state = self.state.as_deref().map(|state| ("state", state));
        let all: Vec<(&str, &str)> = own.iter().copied().chain(state).chain([("iss", &*issuer)]).collect();
        match self.mode {
            Mode::Query => Ok(see_other(&with_query(&self.address, &all))),
            Mode::FormPost => {
                let field = |&(name, value): &(&str, &str)| context! { name, value };
                let fields: Vec<Value> = all.iter().map(field).collect();
                let shown = context! { address => &self.address, fields };
                let page = pages.page(visit, StatusCode::OK, SENDING.0, shown)?;
                Ok(leading_to(page, &self.address))
            }
        }
    }
}

/// Adds parameters to an address, which may have some already.
pub(super) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let mark = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{address}{mark}{query}")
}

/// Redirects to an address. The browser requests it with `GET`, and tells it nothing of this page.
pub(super) fn see_other(address: &str) -> Response {
    let headers = [(header::LOCATION, address), (header::REFERRER_POLICY, "no-referrer")];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Lets the forms of a page lead to the address of an app. Browsers apply `form-action` to the redirect after a form
/// too.
pub(super) fn leading_to(mut page: Response, address: &str) -> Response {
    if let (Some(source), Some(policy)) =
        (redirect_uri::source(address), page.headers().get(header::CONTENT_SECURITY_POLICY))
        && let Ok(policy) = policy.to_str()
    {
        let widened = policy.replace("form-action 'self'", &format!("form-action 'self' {source}"));
        if let Ok(widened) = HeaderValue::try_from(widened) {
            page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, widened);
        }
    }
    page
}

/// Leads on to an address of ours by a page. The browser then comes from a page and not from a form, so `form-action`
/// does not keep it from going on to an app.
pub(super) fn onward(pages: &Pages, visit: &Visit, address: &str) -> Result<Response> {
    pages.page(visit, StatusCode::OK, ONWARD.0, context! { address })
}

/// The name of this provider in metadata and tokens: the public address, without a slash at the end.
pub(super) fn issuer(auth: &Auth) -> String {
    let site = auth.site();
    format!("{}{}", site.origin.to_str().unwrap_or_default(), site.path)
}

/// Shows why a request is refused. The person is led nowhere.
pub(super) fn refused(pages: &Pages, visit: &Visit, text: &'static str) -> Result<Response> {
    let page = pages.page(visit, StatusCode::BAD_REQUEST, REFUSED.0, context! { text })?;
    Ok(page.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_behind_those_of_the_address() {
        let added = |address| with_query(address, &[("a", "x y"), ("b", "&")]);
        assert_eq!(added("https://a.example/cb"), "https://a.example/cb?a=x+y&b=%26");
        assert_eq!(added("https://a.example/cb?c=1"), "https://a.example/cb?c=1&a=x+y&b=%26");
        assert_eq!(added("https://a.example/cb?"), "https://a.example/cb?a=x+y&b=%26");
        assert_eq!(added("com.example.app:/cb"), "com.example.app:/cb?a=x+y&b=%26");
    }
}
