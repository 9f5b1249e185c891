//! `/account/apps`: the apps that may see the account, for its owner. A button ends the access of one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::{Value, context};

use crate::{
    accounts::oauth::{
        grants::{self, AllowedApp},
        scopes,
    },
    base::{error::Result, text::template::BuiltIn, time::Timestamp},
    features::provider::end_grant::end_grant,
    model::client::Client,
    web::pages::{ago, page::Pages, visit::Member},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_apps.html", include_str!("apps.html"));

pub(super) async fn show(State(pages): State<Pages>, Member { session, visit }: Member) -> Result<Response> {
    let now = Timestamp(pages.auth.now());
    let words = |scope: &str| scopes::words(&pages.auth, &visit.words, scope);
    let item = |app: AllowedApp| {
        let scopes: Vec<Value> = app.scopes.split_whitespace().filter_map(words).map(Value::from).collect();
        context! {
            id => app.id,
            name => app.name,
            scopes,
            since_at => app.created_at.to_string(),
            since => ago::ago(&visit.words, now, app.created_at),
        }
    };
    let apps: Vec<Value> =
        grants::of_user(&pages.auth, session.user.id).await?.into_iter().map(item).collect();
    pages.form(&visit, TEMPLATE.0, "", context! { wide => true, apps })
}

/// `POST /account/apps/{id}`: ends the access of an app. From then on no node accepts its tokens.
pub(super) async fn end(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    Path(id): Path<String>,
) -> Result<Response> {
    // A number that cannot be read is that of no app.
    end_grant(&pages.auth, session.user.id, id.parse().unwrap_or(0), &client).await?;
    Ok(visit.go_done("account/apps", "app"))
}
