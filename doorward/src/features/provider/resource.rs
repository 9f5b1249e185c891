//! An API of the host that apps call with access tokens: it says where apps get them (RFC 9728), and takes only those that
//! are for it (RFC 8707).

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Json, Router,
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
    routing::get,
};
use serde_json::{Value, json};
use tower::{Layer, Service};

use crate::{
    auth::Auth,
    base::{
        config::client::is_resource, error::Error, open_error::OpenError, site::is_loopback_url,
        text::shown::shown,
    },
    features::provider::{answer::issuer, readable::READABLE, routes::preflight},
    web::granted::{Audience, Scope},
};

/// Where the metadata of an API stands (RFC 9728, section 3).
const METADATA: &str = "/.well-known/oauth-protected-resource";

impl Auth {
    /// Declares an API of yours that apps on other hosts call: `auth.protected_resource("https://api.example.org")?`. The
    /// address is the one that apps send as `resource`, and that [`ClientConfig::resources`](crate::provider::ClientConfig)
    /// lists. All are compared byte by byte: decide about a slash at the end once.
    ///
    /// The value is a layer for its routes. Behind it, [`Granted`](crate::Granted) takes only tokens for this API. A
    /// refusal names the [metadata](ProtectedResource::metadata), so that a client that knows nothing but the address of
    /// the API finds out where to get a token.
    ///
    /// ```no_run
    /// use axum::{Router, routing::get};
    /// use doorward::{Auth, Granted, OpenError, Scope};
    ///
    /// struct ReadNotes;
    ///
    /// impl Scope for ReadNotes {
    ///     const NAME: &'static str = "notes:read";
    /// }
    ///
    /// async fn list(Granted(caller, ..): Granted<ReadNotes>) -> String {
    ///     caller.user().email.clone()
    /// }
    ///
    /// fn app(auth: &Auth) -> Result<Router, OpenError> {
    ///     let api = auth.protected_resource("https://api.example.org")?.scope::<ReadNotes>()?;
    ///     Ok(Router::new()
    ///         .route("/hello", get(list))
    ///         .route_layer(api.clone())
    ///         .merge(api.metadata())
    ///         .with_state(auth.clone())
    ///         .nest("/auth", auth.router()))
    /// }
    /// ```
    ///
    /// **The layer protects no handler that has no [`Granted`](crate::Granted).** Use `route_layer`, and add routes before
    /// it: routes that are added after it take only tokens that are for no API in particular.
    ///
    /// # Errors
    /// If the address is not one such as `https://api.example.org/v1`, as browsers write it, without a query. `http` is
    /// for this machine alone. Also if the provider is off, because then nobody can have a token.
    pub fn protected_resource(&self, address: &str) -> Result<ProtectedResource, OpenError> {
        let bad = |cause: &str| OpenError::new(format!("the resource {:?}: {cause}", shown(address)));
        let expected = "expected an address such as https://api.example.org, without a query";
        let url =
            url::Url::parse(address).ok().filter(|_| is_resource(address)).ok_or_else(|| bad(expected))?;
        // A router would take these for parameters.
        let cannot_be = ["/:", "/*"].iter().any(|start| url.path().contains(start));
        if url.query().is_some() || !url.username().is_empty() || url.password().is_some() || cannot_be {
            return Err(bad(expected));
        }
        if url.scheme() != "https" && !is_loopback_url(address) {
            return Err(bad("expected https: over http, others on the way can read tokens"));
        }
        let written = url.as_str();
        if written != address && written.strip_suffix('/') != Some(address) {
            return Err(bad(&format!("browsers write it as {:?}", shown(written))));
        }
        if !self.has_provider() {
            return Err(bad(
                "nobody can have a token for it: the provider needs secret_key, secret_key_id and pages",
            ));
        }
        Ok(ProtectedResource { auth: self.clone(), address: address.into(), scopes: Vec::new() })
    }
}

/// Returns the origin of an API, and the path of its metadata there (RFC 9728, section 3.1). A slash alone is no path.
fn metadata_of(address: &str) -> (&str, String) {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    let (origin, path) = address.split_at(end);
    (origin, format!("{METADATA}{}", if path == "/" { "" } else { path }))
}

/// An API of the host, as a layer for its routes. Made by [`Auth::protected_resource`].
#[derive(Clone, Debug)]
#[must_use = "it protects nothing before a router has it"]
pub struct ProtectedResource {
    auth: Auth,
    address: Arc<str>,
    scopes: Vec<&'static str>,
}

impl ProtectedResource {
    /// Adds a scope that this API knows. Its metadata lists them.
    ///
    /// # Errors
    /// As [`Auth::require_declared_scope`].
    pub fn scope<S: Scope>(mut self) -> Result<Self, OpenError> {
        self.auth.require_declared_scope::<S>()?;
        self.scopes.push(S::NAME);
        Ok(self)
    }

    /// Returns the route of its metadata (RFC 9728), for the root of the host: merge it into the outermost router. For
    /// `https://api.example.org/v1` it is `/.well-known/oauth-protected-resource/v1`. Pages of any site may read it.
    pub fn metadata<H: Clone + Send + Sync + 'static>(&self) -> Router<H> {
        let document = self.document();
        let show =
            async move || ([(header::CACHE_CONTROL, "public, max-age=3600")], READABLE, Json(document));
        let (_, path) = metadata_of(&self.address);
        Router::new().route(&path, get(show).options(preflight))
    }

    fn document(&self) -> Value {
        json!({
            "resource": &*self.address,
            "authorization_servers": [issuer(&self.auth)],
            "scopes_supported": self.scopes,
            "bearer_methods_supported": ["header"],
        })
    }
}

impl<S> Layer<S> for ProtectedResource {
    type Service = Protected<S>;

    fn layer(&self, inner: S) -> Protected<S> {
        Protected { audience: Audience(self.address.clone()), inner }
    }
}

/// Routes behind a [`ProtectedResource`].
#[derive(Clone, Debug)]
pub struct Protected<S> {
    audience: Audience,
    inner: S,
}

impl<S> Service<Request> for Protected<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let audience = self.audience.clone();
        request.extensions_mut().insert(audience.clone());
        let answer = self.inner.call(request);
        Box::pin(async move { answer.await.map(|answer| with_metadata(answer, &audience)) })
    }
}

/// Adds the address of the metadata to a refusal (RFC 9728, section 5.1).
fn with_metadata(mut answer: Response, Audience(address): &Audience) -> Response {
    let refused = matches!(
        answer.extensions().get(),
        Some(Error::NotAuthenticated | Error::InvalidAccessToken | Error::InsufficientScope(_))
    );
    if !refused {
        return answer;
    }
    let (origin, path) = metadata_of(address);
    let more = format!(", resource_metadata=\"{origin}{path}\"");
    if let Some(challenge) = answer.headers_mut().get_mut(header::WWW_AUTHENTICATE)
        && let Ok(longer) = HeaderValue::try_from([challenge.as_bytes(), more.as_bytes()].concat())
    {
        *challenge = longer;
    }
    answer
}
