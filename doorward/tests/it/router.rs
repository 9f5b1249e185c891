//! Methods and paths that exist, and others.

use axum::http::{HeaderMap, Method, StatusCode};

use crate::app::App;

fn allowed(headers: &HeaderMap) -> Vec<String> {
    let mut methods: Vec<_> =
        headers["allow"].to_str().unwrap().split(',').map(|method| method.trim().to_owned()).collect();
    methods.sort_unstable();
    methods
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_allowed_ones() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for (path, has) in [
        ("/auth/me", &["DELETE", "GET", "HEAD", "PATCH"][..]),
        ("/auth/token", &["POST"]),
        ("/auth/login", &["GET", "HEAD", "POST"]),
        ("/auth/sessions", &["DELETE", "GET", "HEAD"]),
        ("/auth/sessions/1", &["DELETE"]),
        ("/auth/healthz", &["GET", "HEAD"]),
        ("/auth/openapi.json", &["GET", "HEAD"]),
    ] {
        for method in ["PUT", "TRACE", "CONNECT", "PROPFIND", "QUERY", "get"] {
            let method: Method = method.parse().unwrap();
            let answer = ann.send(method.clone(), path, None, "").await;
            assert_eq!(
                (answer.status, &*answer.code()),
                (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
                "{method} {path}"
            );
            assert_eq!(allowed(&answer.headers), has, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_other_spellings_are_not_found() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for path in [
        "/auth/nothing",
        "/auth//token",
        "/auth/token/",
        "/auth/TOKEN",
        "/auth/token;x",
        "/auth/me/",
        "/auth/.",
        "/auth/../me",
        "/auth/metrics",
        "/auth/admin",
        "/auth/%2e%2e/me",
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = ann.send(method, path, None, "").await;
            assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for path in ["/auth/me", "/auth/sessions", "/auth/healthz", "/auth/openapi.json"] {
        let (get, head) = (ann.get(path).await, ann.send(Method::HEAD, path, None, "").await);
        assert_eq!((get.status, &*head.text), (head.status, ""), "{path}");
        assert_eq!(get.headers["content-type"], head.headers["content-type"]);
    }
    assert_eq!(
        app.anonymous().send(Method::HEAD, "/auth/me", None, "").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(ann.send(Method::HEAD, "/auth/token", None, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    ann.send(Method::HEAD, "/auth/logout", None, "").await;
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK, "HEAD logged Ann out");
}
