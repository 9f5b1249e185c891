//! Requests to the app of an example.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use doorward::test_util::{TestAuth, TestProgram};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{app::Actor, documented::Documented};

/// The app of an example that runs, and its accounts.
pub(super) struct Example {
    pub(super) accounts: TestAuth,
    router: Router,
    documented: Documented,
}

impl Example {
    pub(super) fn new(accounts: &TestAuth, router: Router) -> Self {
        Self { accounts: accounts.clone(), router, documented: Documented::of(&accounts.openapi()) }
    }

    /// A client without an account. It keeps cookies.
    pub(super) fn client(&self) -> Actor<'_> {
        Actor::new(&self.router, &self.documented)
    }

    /// A browser on the pages of the app.
    pub(super) fn browser(&self) -> Actor<'_> {
        self.client().header("sec-fetch-site", "same-origin")
    }

    /// A program in which a user is logged in.
    pub(super) async fn program_of(&self, email: &str) -> Actor<'_> {
        let user = self.accounts.user_by_email(email).await.unwrap().unwrap();
        let bearer = self.accounts.log_in_as(&user).await.bearer();
        self.client().header("authorization", bearer.to_str().unwrap())
    }
}

pub(super) async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Posts JSON, as a program that is logged in or as a stranger.
pub(super) async fn post(
    app: &Router,
    path: &str,
    program: Option<&TestProgram>,
    body: Value,
) -> (StatusCode, Value) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(program) = program {
        request = request.header(header::AUTHORIZATION, program.bearer());
    }
    send(app, request.body(body.to_string().into()).unwrap()).await
}
