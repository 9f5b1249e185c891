//! The page that asks a person which account they want to use. An app asks for it by `prompt=select_account`, or means
//! somebody else than the person who is logged in.

use axum::response::Response;
use minijinja::context;

use crate::{
    base::{
        error::Result,
        http::input::{Fields, Input},
        text::template::BuiltIn,
    },
    features::provider::{answer::leading_to, request::AuthorizationRequest},
    model::session::Session,
    web::pages::{page::Pages, visit::Visit},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_choose.html", include_str!("choose.html"));

/// Shows who is logged in. With `wrong`, the app means somebody else, and this account cannot be used.
pub(super) fn show(
    pages: &Pages,
    visit: &Visit,
    session: &Session,
    request: &AuthorizationRequest,
    wrong: bool,
) -> Result<Response> {
    let shown = context! {
        app => &request.app.name,
        user => context! { email => &session.user.email },
        wrong,
        action => format!("{}/oauth/choose?{}", visit.base(), request.parameters.query()),
    };
    let page = pages.form(visit, TEMPLATE.0, "", shown)?;
    // The person may go back to the app.
    Ok(leading_to(page, &request.to.address))
}

/// The answer of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// With the account that is logged in.
    GoOn,
    /// With another one.
    Another,
    /// Back to the app.
    Back,
}

impl Input for Choice {
    fn read(fields: &mut Fields) -> Option<Self> {
        match &*fields.text("account")? {
            "this" => Some(Self::GoOn),
            "another" => Some(Self::Another),
            "none" => Some(Self::Back),
            _ => fields.wrong("account", "expected this, another or none"),
        }
    }
}
