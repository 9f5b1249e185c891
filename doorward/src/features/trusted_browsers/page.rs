//! `/account/trusted-browsers`: the browsers in which the owner needs no second step.

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::device::{self, Trusted},
    base::{error::Result, text::template::BuiltIn, time::Timestamp},
    features::trusted_browsers::flow,
    model::client::Client,
    web::pages::{ago::ago, of_feature::PagesOf, page::Pages, program_name::program_name, visit::Member},
};

const TEMPLATE: BuiltIn = ("pages/trusted_browsers.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/trusted-browsers", get(show))
            .route("/account/trusted-browsers/{id}", post(end))
    },
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

async fn show(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
) -> Result<Response> {
    let (now, words) = (Timestamp(pages.auth.now()), &visit.words);
    let trusted = device::list_trusted(&pages.auth, session.user.id).await?;
    let item = |trusted: Trusted| {
        context! {
            id => trusted.id,
            current => trusted.is_of(&client),
            name => program_name(words, trusted.user_agent.as_deref()),
            used_at => trusted.last_used_at.to_string(),
            used => ago(words, now, trusted.last_used_at),
            until_at => trusted.trusted_until.to_string(),
            until => words.date(trusted.trusted_until),
        }
    };
    let browsers: Vec<Value> = trusted.into_iter().map(item).collect();
    pages.form(&visit, TEMPLATE.0, "", context! { browsers })
}

/// `POST /account/trusted-browsers/{id}`: ends the trust, if it has not ended already.
async fn end(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Response> {
    if let Ok(Path(id)) = id {
        flow::distrust(&pages.auth, session.user.id, id, &client).await?;
    }
    Ok(visit.go_done("account/trusted-browsers", "trusted-browser"))
}
