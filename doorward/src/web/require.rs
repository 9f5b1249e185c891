//! [`Require`]: a layer that lets only users who are logged in reach a group of routes.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::{OriginalUri, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use tower::{Layer, Service};

use crate::{
    auth::Auth,
    base::error::{Error, Result},
    web::{
        current_user,
        has_role::{self, AnyRole, Role},
        next,
    },
};

impl Auth {
    /// Returns a layer for a group of routes. Requests without a valid session do not reach them, and get what
    /// [`CurrentUser`](crate::CurrentUser) answers. Handlers behind it still take the user as an argument. A change that a
    /// page of another site sends with a cookie gets 403 `cross_site`, so a form needs no token.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use doorward::{Auth, CurrentUser};
    ///
    /// fn app(auth: &Auth) -> Router {
    ///     let members = Router::new()
    ///         .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
    ///         .route("/protected-route", get(|| async { "for members" }))
    ///         .route_layer(auth.require().or_log_in("/auth/login"));
    ///     Router::new()
    ///         .route("/fine", get(|| async { "for everybody" }))
    ///         .merge(members)
    ///         .with_state(auth.clone())
    ///         .nest("/auth", auth.router())
    /// }
    /// ```
    ///
    /// Use `route_layer`: with `layer`, unknown paths get 401 in place of 404. Routes that are added after it are **not**
    /// protected. A CORS layer belongs outside, because a preflight request has no credential.
    #[must_use = "a layer protects nothing before a router has it"]
    pub fn require(&self) -> Require {
        Require { auth: self.clone(), roles: &[], log_in: None }
    }
}

/// A layer that lets only users who are logged in reach a group of routes. Made by [`Auth::require`].
#[derive(Clone, Debug)]
#[must_use = "a layer protects nothing before a router has it"]
pub struct Require {
    auth: Auth,
    /// The user needs one of these roles, if there are any.
    roles: &'static [&'static str],
    /// The address of the page for logging in, if browsers are sent there.
    log_in: Option<String>,
}

impl Require {
    /// Sends a browser to the page for logging in, and from there back to the page that it wanted. It does so only if the
    /// browser navigates: scripts and programs still get 401. The way back is the path that this app sees. So it is wrong
    /// behind a proxy that cuts off a part of the path.
    ///
    /// `page` is the path of that page as browsers see it: `/auth/login` if the router is nested at `/auth`. A page of
    /// yours may stand there. It gets the wanted path as `next`, which anybody can write into a link: check it.
    pub fn or_log_in(self, page: &str) -> Self {
        Self { log_in: Some(page.to_owned()), ..self }
    }

    /// Lets only users with this role pass. Others get 403 `missing_role`, also when they navigate: to log in again would
    /// not help them. See [`HasRole`](crate::HasRole).
    pub fn role<R: Role>(self) -> Self {
        Self { roles: <(R,)>::NAMES, ..self }
    }

    /// Lets only users with at least one of these roles pass: `auth.require().any_role::<(Admin, Editor)>()`.
    pub fn any_role<R: AnyRole>(self) -> Self {
        Self { roles: R::NAMES, ..self }
    }

    /// Lets a request pass, or returns the answer that refuses it.
    async fn admit(&self, parts: &Parts) -> Result<(), Response> {
        let session =
            current_user::session(&self.auth, parts).await.map_err(|error| self.refusal(error, parts))?;
        if self.roles.is_empty() {
            return Ok(());
        }
        has_role::check(&self.auth, &session.user, self.roles).map_err(IntoResponse::into_response)
    }

    fn refusal(&self, error: Error, parts: &Parts) -> Response {
        let asks_to_log_in = matches!(error, Error::NotAuthenticated | Error::InvalidSession);
        match &self.log_in {
            Some(page) if asks_to_log_in && navigates(&parts.headers) => self.go_log_in(page, parts),
            _ => error.into_response(),
        }
    }

    fn go_log_in(&self, page: &str, parts: &Parts) -> Response {
        let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let next =
            wanted(&parts.method, original).filter(|next| next::checked(next, self.auth.site()).is_some());
        let mut address = page.to_owned();
        if let Some(next) = next {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            address.push(if page.contains('?') { '&' } else { '?' });
            address.push_str(&query);
        }
        match HeaderValue::try_from(address) {
            Ok(address) => {
                let headers = [
                    (header::LOCATION, address),
                    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                ];
                (StatusCode::SEE_OTHER, headers).into_response()
            }
            // The host gave a path that cannot be an address.
            Err(_) => Error::NotAuthenticated.into_response(),
        }
    }
}

/// Returns the path to go back to. A form that was sent cannot be sent again.
fn wanted<'a>(method: &Method, uri: &'a Uri) -> Option<&'a str> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    uri.path_and_query().filter(|_| reads).map(|path| path.as_str())
}

/// Returns `true` if a browser shows the answer as a page (Fetch Metadata, section 2.2). An older browser does not say so:
/// then it counts if it asks for HTML first.
fn navigates(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::AUTHORIZATION) {
        return false;
    }
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html")),
    }
}

impl<S> Layer<S> for Require {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { require: self.clone(), inner }
    }
}

/// Routes behind a [`Require`].
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    require: Require,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The one that is ready serves this request. Its clone may not be ready.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let require = self.require.clone();
        Box::pin(async move {
            let (parts, body): (Parts, Body) = request.into_parts();
            match require.admit(&parts).await {
                Ok(()) => inner.call(Request::from_parts(parts, body)).await,
                Err(refusal) => Ok(refusal),
            }
        })
    }
}
