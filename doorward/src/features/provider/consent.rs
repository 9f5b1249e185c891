//! The page that asks whether an app may do what it asks for.

use axum::response::Response;
use minijinja::{Value, context};

use crate::{
    accounts::oauth::scopes,
    base::{
        error::Result,
        http::input::{Fields, Input},
        redirect_uri,
        text::template::BuiltIn,
    },
    features::provider::{answer, request::AuthorizationRequest},
    model::session::Session,
    web::pages::{page::Pages, visit::Visit},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_consent.html", include_str!("consent.html"));

/// Shows what an app asks for.
pub(super) fn show(
    pages: &Pages,
    visit: &Visit,
    session: &Session,
    request: &AuthorizationRequest,
) -> Result<Response> {
    let words = |scope: &String| scopes::words(&pages.auth, &visit.words, scope);
    let scopes: Vec<Value> = request.wanted.scopes.iter().filter_map(words).map(Value::from).collect();
    let shown = context! {
        app => &request.app.name,
        user => context! { email => &session.user.email },
        account => session.user.id.to_string(),
        scopes,
        leads_to => shown_address(&request.to.address),
        on_this_computer => redirect_uri::is_on_this_computer(&request.to.address),
        action => format!("{}/oauth/consent?{}", visit.base(), request.parameters.query()),
    };
    let page = pages.form(visit, TEMPLATE.0, "", shown)?;
    Ok(answer::leading_to(page, &request.to.address))
}

/// The part of an address by which a person recognises where it leads: the host, or the scheme of an app.
pub(super) fn shown_address(address: &str) -> String {
    let (scheme, rest) = address.split_once(':').unwrap_or((address, ""));
    match rest.strip_prefix("//") {
        Some(rest) if scheme.starts_with("http") => rest.split(['/', '?']).next().unwrap_or(rest).to_owned(),
        _ => scheme.to_owned(),
    }
}

/// The answer of a person.
pub(super) struct Decision {
    pub(super) allows: bool,
    /// The account that the page named. Another tab may have logged in to another one since.
    pub(super) account: Option<String>,
}

impl Input for Decision {
    fn read(fields: &mut Fields) -> Option<Self> {
        let account = fields.optional_text("account").flatten();
        match &*fields.text("decision")? {
            "allow" => Some(Self { allows: true, account }),
            "deny" => Some(Self { allows: false, account }),
            _ => fields.wrong("decision", "expected allow or deny"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_sees_the_host_or_the_scheme_of_an_app() {
        for (address, shown) in [
            ("https://wiki.example.org/cb?a", "wiki.example.org"),
            ("https://wiki.example.org:8443", "wiki.example.org:8443"),
            ("http://127.0.0.1:3000/cb", "127.0.0.1:3000"),
            ("com.example.app:/cb", "com.example.app"),
            ("com.example.app://cb", "com.example.app"),
        ] {
            assert_eq!(shown_address(address), shown);
        }
    }
}
