//! Ends sessions from the account page.

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::post,
};

use crate::{
    base::error::Result,
    features::sessions::flow,
    model::{client::Client, event::By},
    web::pages::{of_feature::PagesOf, page::Pages, visit::Member},
};

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/sessions", post(end_others))
            .route("/account/sessions/{id}", post(end_one))
    },
    ..PagesOf::NONE
};

/// `POST /account/sessions`: logs out everywhere else.
async fn end_others(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
) -> Result<Response> {
    flow::end_other_sessions(&pages.auth, &session, &client).await?;
    Ok(visit.go_done("account", "sessions"))
}

/// `POST /account/sessions/{id}`: ends one session, if it has not ended already.
async fn end_one(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Response> {
    if let Ok(Path(id)) = id {
        flow::end_session(&pages.auth, session.user.id, id, By::User(&client)).await?;
    }
    Ok(visit.go_done("account", "session"))
}
