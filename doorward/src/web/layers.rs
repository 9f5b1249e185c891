//! The layer around every route. It adds the security headers, turns a panic into an error of one request, refuses
//! requests from pages of other sites, and shows pages to browsers.
//!
//! One layer does all of this, because every request pays for each layer.

use std::{
    convert::Infallible,
    fmt, mem,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, future::CatchUnwind};
use pin_project_lite::pin_project;
use tower::{Layer, Service, ServiceExt, layer::layer_fn, util::Oneshot};
use tower_http::cors::{self, AllowOrigin, CorsLayer};

use crate::{
    auth::Auth,
    base::{
        error::Error,
        http::{input::CrossSite, room::Place},
    },
    web::{
        client, csrf, current_user,
        pages::{Around, ErrorPage},
    },
};

/// The paths that pages of any site may post to.
pub(crate) type Open = Vec<&'static str>;

/// Puts the layer around each route of `router`.
pub(crate) fn around_routes(auth: &Auth, router: Router, pages: Option<Around>, open: Open) -> Router {
    let rules = Arc::new(Rules::of(auth, pages, open));
    with_refusals(router).layer(layer_fn(move |inner| Surrounded { rules: rules.clone(), inner }))
}

/// Puts the layer around `router` as a whole. Answers carry `header` without a value.
#[cfg(feature = "serve")]
pub(crate) fn around(
    auth: &Auth,
    router: Router,
    pages: Option<Around>,
    open: Open,
    header: HeaderName,
) -> Surrounded<Router> {
    let mut rules = Rules::of(auth, pages, open);
    rules.headers.insert(header, HeaderValue::from_static(""));
    Surrounded { rules: Arc::new(rules), inner: with_refusals(router) }
}

/// Answers requests for unknown paths and methods with our errors.
fn with_refusals(router: Router) -> Router {
    router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
}

/// Headers that almost every answer sets itself. The copied headers have room for them, because enlarging the map costs
/// as much as copying it.
const DESCRIBING: [HeaderName; 2] = [header::CONTENT_TYPE, header::CONTENT_LENGTH];

/// The settings of the layer, the same for every request.
struct Rules {
    auth: Auth,
    /// For requests with `Origin`. `None` if `cors_origins` is empty.
    cors: Option<CorsLayer>,
    /// The headers of every answer that does not set them itself, and [`DESCRIBING`] without values.
    headers: HeaderMap,
    /// The pages on paths that the API shares, if pages are switched on.
    pages: Option<Around>,
    open: Open,
}

impl Rules {
    fn of(auth: &Auth, pages: Option<Around>, open: Open) -> Self {
        let cors = (!auth.site().cors_origins.is_empty()).then(|| cors(auth));
        let vary = if cors.is_some() { "authorization, cookie, origin" } else { "authorization, cookie" };
        let policy = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        // Enough room for the headers that answers add.
        let mut headers = HeaderMap::with_capacity(24);
        headers.extend(
            [
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::X_FRAME_OPTIONS, "DENY"),
                (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
                (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
                (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
                (header::VARY, vary),
                (header::CACHE_CONTROL, "no-store"),
                (header::REFERRER_POLICY, "no-referrer"),
                (header::CONTENT_SECURITY_POLICY, policy),
            ]
            .map(|(name, value)| (name, HeaderValue::from_static(value))),
        );
        headers.extend(DESCRIBING.map(|name| (name, HeaderValue::from_static(""))));
        if auth.site().secure {
            let year = match auth.config().hsts_include_subdomains {
                true => "max-age=31536000; includeSubDomains",
                false => "max-age=31536000",
            };
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(year));
        }
        Self { auth: auth.clone(), cors, headers, pages, open }
    }

    /// Returns `true` if pages of any site may post to this path.
    fn is_open(&self, request: &Request) -> bool {
        self.open.contains(&request.uri().path())
    }

    /// Refuses requests from pages of other sites. A request with a bearer token and no cookie passes with a mark: the
    /// token must be used.
    fn same_site(&self, request: &mut Request) -> Result<(), Error> {
        // Most requests are `GET`, which `csrf::check` allows anyway.
        if request.method() == Method::GET {
            return Ok(());
        }
        if self.is_open(request) {
            // A page of another site may have sent it. It must not act for the person in front of that page.
            request.headers_mut().remove(header::COOKIE);
            return Ok(());
        }
        let checked = csrf::check(&self.auth, request.method(), request.headers());
        if checked.is_err() && current_user::has_only_bearer(&self.auth, request.headers()) {
            request.extensions_mut().insert(CrossSite);
            return Ok(());
        }
        checked
    }

    /// Gives the body of a request its place. A `GET` has no body that anything reads.
    fn give_place(&self, request: &mut Request) {
        if request.method() != Method::GET {
            let peer = client::peer(request.extensions());
            let client = peer.map(|peer| self.auth.proxies().client(peer.ip(), request.headers()));
            request.extensions_mut().insert(Place::of(self.auth.bodies(), client));
        }
    }
}

/// Adds the headers of an answer to `every`, a copy of those that every answer has. Copying them as a whole is cheaper:
/// adding them one by one costs more than most other work of a request.
fn add_headers(every: HeaderMap, has_cors: bool, headers: &mut HeaderMap) {
    let own = mem::replace(headers, every);
    let (mut described, mut is_public, mut vary, mut last) = (0, false, None, None);
    for (name, value) in own {
        let Some(name) = name.or_else(|| last.clone()) else { continue };
        // An answer that browsers may keep for ever is the same for everyone.
        is_public |= name == header::CACHE_CONTROL && value.as_bytes().starts_with(b"public");
        if last.as_ref() == Some(&name) {
            headers.append(name, value);
            continue;
        }
        described += usize::from(DESCRIBING.contains(&name));
        let replaced = headers.insert(&name, value);
        if name == header::VARY {
            vary = replaced;
        }
        last = Some(name);
    }
    if described < DESCRIBING.len() {
        for name in DESCRIBING {
            if headers.get(&name).is_some_and(HeaderValue::is_empty) {
                headers.remove(name);
            }
        }
    }
    if is_public && vary.is_none() {
        headers.remove(header::VARY);
    }
    if is_public && has_cors {
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    } else if let (false, Some(vary)) = (is_public, vary) {
        headers.append(header::VARY, vary);
    }
}

/// The headers that our routes read, and that a page may send only if we allow it.
const READ: [HeaderName; 3] = [header::AUTHORIZATION, header::CONTENT_TYPE, client::DEVICE];

/// Lets pages of the listed origins send cookies and read answers. Pages of other origins can read no answer.
fn cors(auth: &Auth) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(auth.site().cors_origins.iter().cloned()))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers(READ.into_iter().chain(auth.site().cors_headers.iter().cloned()).collect::<Vec<_>>())
        .expose_headers([
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_secs(600))
        // `add_headers` sets `Vary`.
        .vary(Vec::new())
}

/// A service with the layer around it.
#[derive(Clone)]
pub(crate) struct Surrounded<S> {
    rules: Arc<Rules>,
    inner: S,
}

impl<S> fmt::Debug for Surrounded<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Surrounded").finish_non_exhaustive()
    }
}

impl<S> Service<Request> for Surrounded<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Answer<S::Future> {
        let rules = &self.rules;
        let error_page = rules.pages.as_ref().and_then(|pages| pages.error_page(&request)).map(Box::new);
        let of_a_page = request.headers().contains_key(header::ORIGIN) || request.method() == Method::OPTIONS;
        let kind = match &rules.cors {
            // The open paths say themselves who may read their answers.
            Some(cors) if of_a_page && !rules.is_open(&request) => {
                let guarded = Guarded { rules: rules.clone(), inner: self.inner.clone() };
                Kind::OfAPage { answer: Box::pin(cors.layer(guarded).call(request)) }
            }
            _ => Kind::Plain { answer: guard(rules, &mut self.inner, request) },
        };
        // A copy, because every request would count an `Arc`, and all cores would wait for the counter.
        Answer { headers: rules.headers.clone(), has_cors: rules.cors.is_some(), error_page, kind }
    }
}

pin_project! {
    /// A future answer. It gets the headers of the layer when it is ready.
    pub(crate) struct Answer<F> {
        headers: HeaderMap,
        has_cors: bool,
        error_page: Option<Box<ErrorPage>>,
        #[pin]
        kind: Kind<F>,
    }
}

pin_project! {
    #[project = KindProjected]
    enum Kind<F> {
        Plain {
            #[pin]
            answer: GuardedAnswer<F>,
        },
        // Rare, so it is boxed: other answers stay small.
        OfAPage {
            answer: Pin<Box<cors::ResponseFuture<GuardedAnswer<F>>>>,
        },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Answer<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = match this.kind.project() {
            KindProjected::Plain { answer } => ready!(answer.poll(context))?,
            KindProjected::OfAPage { answer } => ready!(answer.as_mut().poll(context))?,
        };
        if let Some(page) = this.error_page.take() {
            answer = page.in_place_of(answer);
        }
        add_headers(mem::take(this.headers), *this.has_cors, answer.headers_mut());
        Poll::Ready(Ok(answer))
    }
}

/// A service that refuses requests from pages of other sites and catches panics.
#[derive(Clone)]
struct Guarded<S> {
    rules: Arc<Rules>,
    inner: S,
}

impl<S: Service<Request, Response = Response, Error = Infallible>> Service<Request> for Guarded<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = GuardedAnswer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> GuardedAnswer<S::Future> {
        guard(&self.rules, &mut self.inner, request)
    }
}

fn guard<S>(rules: &Rules, inner: &mut S, mut request: Request) -> GuardedAnswer<S::Future>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    if let Err(error) = rules.same_site(&mut request) {
        return GuardedAnswer::Refusal { error };
    }
    rules.give_place(&mut request);
    match rules.pages.as_ref().and_then(|pages| pages.forms_for(&request)) {
        Some(forms) => GuardedAnswer::OfAForm {
            answer: Box::pin(AssertUnwindSafe(forms.oneshot(request)).catch_unwind()),
        },
        None => GuardedAnswer::OfTheRoute { answer: AssertUnwindSafe(inner.call(request)).catch_unwind() },
    }
}

pin_project! {
    #[project = GuardedProjected]
    enum GuardedAnswer<F> {
        OfTheRoute {
            #[pin]
            answer: CatchUnwind<AssertUnwindSafe<F>>,
        },
        OfAForm {
            answer: Pin<Box<CatchUnwind<AssertUnwindSafe<Oneshot<Router, Request>>>>>,
        },
        Refusal {
            error: Error,
        },
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for GuardedAnswer<F> {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = match self.project() {
            GuardedProjected::OfTheRoute { answer } => ready!(answer.poll(context)),
            GuardedProjected::OfAForm { answer } => ready!(answer.as_mut().poll(context)),
            GuardedProjected::Refusal { error } => Ok(Ok(error.clone().into_response())),
        };
        Poll::Ready(answer.unwrap_or_else(|panic| {
            // The panic hook has logged the place. The payload may hold a secret.
            drop(panic);
            tracing::error!("a handler panicked");
            Ok(Error::Internal.into_response())
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::config::{Config, PasswordConfig};
    use axum::{body::Body, http::StatusCode, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn app(public_url: &str) -> (tempfile::TempDir, Router) {
        let folder = tempfile::tempdir().unwrap();
        let password = PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() };
        let config = Config { public_url: public_url.into(), password, ..Config::default() };
        let url = format!("sqlite:{}", folder.path().join("layers.db").display());
        let auth = Auth::builder(&url).config(config).hash_cost_for_tests(64, 1).open().await.unwrap();
        let routes = Router::new()
            .route("/panic", get(|| async { panic!("a secret") as StatusCode }))
            .route("/fine", get(|| async { "fine" }));
        (folder, around_routes(&auth, routes, None, Vec::new()))
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_one_request() {
        let (_folder, app) = app("http://127.0.0.1").await;
        for _ in 0..100 {
            let answer =
                app.clone().oneshot(Request::get("/panic").body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            assert!(!String::from_utf8_lossy(&body).contains("secret"));
            let answer =
                app.clone().oneshot(Request::get("/fine").body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn strict_transport_security_is_sent_only_over_https() {
        for (public_url, expected) in [("https://example.org", true), ("http://127.0.0.1", false)] {
            let (_folder, app) = app(public_url).await;
            let answer = app.oneshot(Request::get("/none").body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            assert_eq!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), expected);
        }
    }
}
