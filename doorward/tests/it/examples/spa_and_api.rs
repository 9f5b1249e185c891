//! A page at one origin and its API at another. `doorward-server/tests/browser` shows the page to a browser.

use axum::http::{HeaderValue, Method, StatusCode};
use doorward::{Config, test_util::PASSWORD};
use serde_json::{Value, json};

use super::requests::Example;
use crate::app::{ANN, Answer, for_tests};

#[path = "../../../examples/spa_and_api.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

const PAGE: &str = "http://localhost:3000";
const API: &str = "http://localhost:4000";

#[tokio::test]
async fn only_the_page_of_the_app_calls_its_api_with_a_cookie() {
    let accounts = for_tests().config(example::config(Config::default(), API, PAGE)).await;
    let app = Example::new(&accounts, example::api(&accounts, HeaderValue::from_static(PAGE)));
    accounts.new_user(ANN).await;
    // Another port is another origin of the same site, so the browser sends the cookie along.
    let of_origin = |origin| app.client().header("origin", origin).header("sec-fetch-site", "same-site");
    let allowed = |answer: &Answer| {
        let values = answer.headers.get_all("access-control-allow-origin").iter();
        values.map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for path in ["/hello", "/auth/login"] {
        let mut asking = of_origin(PAGE).header("access-control-request-method", "POST");
        asking = asking.header("access-control-request-headers", "content-type");
        let answer = asking.send(Method::OPTIONS, path, None, "").await;
        assert_eq!((answer.status, &*allowed(&answer)), (StatusCode::OK, &[PAGE.to_owned()][..]), "{path}");
        assert_eq!(answer.headers["access-control-allow-credentials"], "true", "{path}");
    }
    let mut page = of_origin(PAGE);
    let refused = page.get("/hello").await;
    // The page may read why.
    assert_eq!((refused.status, &*allowed(&refused)), (StatusCode::UNAUTHORIZED, &[PAGE.to_owned()][..]));
    let logged_in = page.log_in(ANN, PASSWORD).await;
    assert_eq!((logged_in.status, &*allowed(&logged_in)), (StatusCode::OK, &[PAGE.to_owned()][..]));
    assert_eq!(page.get("/hello").await.json(), json!({"hello": ANN}));
    assert_eq!(page.post("/hello", Value::Null).await.json(), json!({"hello": ANN}));

    let mut third = page.clone().header("origin", "http://localhost:5000");
    let answer = third.get("/hello").await;
    // A browser keeps this answer from the page, because it names another origin.
    assert_eq!((answer.status, &*allowed(&answer)), (StatusCode::OK, &[PAGE.to_owned()][..]));
    for path in ["/hello", "/auth/logout"] {
        assert_eq!(third.post(path, json!({})).await.code(), "cross_site", "{path}");
    }
    assert_eq!(page.log_out().await.status, StatusCode::NO_CONTENT);
    assert_eq!(page.get("/hello").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_page_knows_its_api() {
    let app = Example::new(&for_tests().await, example::page(API));
    let page = app.client().get("/").await;
    assert!(page.text.contains(&format!("fetch(\"{API}\" + path")), "{}", page.text);
}
