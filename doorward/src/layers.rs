//! What surrounds every route: nothing leaves without the safety headers, no panic reaches another request, and no
//! other site's page gets in.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};

use crate::{auth::Auth, csrf, current_user, error::Error, pages};

/// Wraps `router`, whose own answers for unknown paths and methods it supplies.
pub(crate) fn wrap(auth: &Auth, router: Router) -> Router {
    let router = router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .layer((CatchPanicLayer::custom(panicked), middleware::from_fn_with_state(auth.clone(), same_site)));
    let router = if auth.config.pages { pages::with_error_pages(auth, router) } else { router };
    router.layer((middleware::from_fn_with_state(auth.clone(), headers), cors(auth)))
}

/// Refuses other sites' pages. A bearer token is never sent by a browser on its own, so its bearer is let through.
async fn same_site(State(auth): State<Auth>, request: Request, next: Next) -> Response {
    let bearer = matches!(current_user::bearer(request.headers()), Ok(Some(_)));
    let checked = if bearer { Ok(()) } else { csrf::check(&auth, request.method(), request.headers()) };
    match checked {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Pages of the listed origins may call with cookies; nobody else's may read an answer.
fn cors(auth: &Auth) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(auth.site.cors_origins.iter().cloned()))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .max_age(Duration::from_secs(600))
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    // The panic hook has told the place; what the panic carries may be secret.
    drop(panic);
    tracing::error!("a handler panicked");
    Error::Internal.into_response()
}

async fn headers(State(auth): State<Auth>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut always = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    always(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    always(header::X_FRAME_OPTIONS, "DENY");
    always(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    always(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    always(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if auth.site.secure {
        always(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // What a browser may keep for ever is the same for everyone.
    if !headers.get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public")) {
        headers.append(header::VARY, HeaderValue::from_static("authorization, cookie"));
    }
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CACHE_CONTROL, "no-store");
    default(header::REFERRER_POLICY, "no-referrer");
    default(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, PasswordConfig};
    use axum::{body::Body, http::StatusCode, routing::get};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn app(public_url: &str) -> (tempfile::TempDir, Router) {
        let folder = tempfile::tempdir().unwrap();
        let password =
            PasswordConfig { hashing_threads: 1, memory_kib: 64, iterations: 1, ..PasswordConfig::default() };
        let config = Config { public_url: public_url.into(), password, ..Config::default() };
        let url = format!("sqlite:{}", folder.path().join("layers.db").display());
        let auth = Auth::open_with(&url, config).await.unwrap();
        let routes = Router::new()
            .route("/panic", get(|| async { panic!("a secret") as StatusCode }))
            .route("/fine", get(|| async { "fine" }));
        (folder, wrap(&auth, routes))
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
    async fn strict_transport_is_asked_for_over_https_alone() {
        for (public_url, expected) in [("https://example.org", true), ("http://127.0.0.1", false)] {
            let (_folder, app) = app(public_url).await;
            let answer = app.oneshot(Request::get("/none").body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            assert_eq!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), expected);
        }
    }
}
