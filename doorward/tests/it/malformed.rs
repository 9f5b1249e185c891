//! Malformed requests get a documented answer, and never an internal error.

use std::cell::RefCell;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::json;

use crate::app::{ANN, Actor, App, PASSWORD};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Fragments for mutations. Each of them has broken a parser somewhere.
const FRAGMENTS: [&[u8]; 40] = [
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"\\u0000",
    b"\\ud800",
    b"\\udfff\\ud800",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[[[[[[[",
    b",",
    b":",
    b"NaN",
    b"Infinity",
    b"1e999",
    b"-0",
    b"1E400",
    b"null",
    b"true",
    b"9223372036854775808",
    b"18446744073709551616",
    b"0x10",
    b"'",
    b"/*",
    b"//",
    b"&",
    b"=",
    b"&&=",
    b"%",
    b"%zz",
    b"%00",
    b"%ff",
    b"+",
    b";",
];

const PATHS: [(&str, &str); 15] = [
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
    ("POST", "/auth/token"),
    ("POST", "/auth/revoke"),
    ("POST", "/auth/introspect"),
    ("PATCH", "/auth/me"),
    ("DELETE", "/auth/me"),
    ("POST", "/auth/me/delete"),
    ("POST", "/auth/password"),
    ("GET", "/auth/me"),
    ("GET", "/auth/sessions"),
    ("DELETE", "/auth/sessions/1"),
    ("POST", "/auth/logout"),
    ("GET", "/open-route"),
    ("POST", "/protected-route"),
];

const NAMES: [HeaderName; 9] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::ORIGIN,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::HOST,
    header::USER_AGENT,
    header::ACCEPT,
    header::CONTENT_LENGTH,
];

/// A body, mostly one that is nearly valid.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let right = select(vec![
        json!({"email": ANN, "password": PASSWORD}).to_string(),
        json!({"email": "J\u{f6}rg@b\u{fc}cher.example", "password": "\u{1f600}\u{e9}e\u{301}\u{200d}abcdefg"}).to_string(),
        json!({"current_password": PASSWORD, "new_password": PASSWORD}).to_string(),
        json!({"email": {"a": [1, 2, {"b": null}]}, "password": [true]}).to_string(),
        "username=ann%40example.org&password=correct+horse+battery&grant_type=password".to_owned(),
        "token=dw_s_AAAA&token_type_hint=access_token&client_secret=x".to_owned(),
        String::new(),
    ]);
    let change = (any::<prop::sample::Index>(), 0..4_u8, select(&FRAGMENTS[..]), any::<u8>());
    let mutated = (right, vec(change, 0..4)).prop_map(|(body, changes)| {
        let mut body = body.into_bytes();
        for (at, kind, fragment, byte) in changes {
            let at = at.index(body.len() + 1);
            match kind {
                0 => drop(body.splice(at..at, fragment.iter().copied())),
                1 => body.truncate(at),
                2 => body.iter_mut().skip(at).take(1).for_each(|old| *old = byte),
                _ => drop(body.drain(at..(at + usize::from(byte % 16)).min(body.len()))),
            }
        }
        body
    });
    prop_oneof![8 => mutated, 1 => vec(any::<u8>(), 0..200)]
}

/// A header line, mostly one with a known name and value.
fn lines() -> impl Strategy<Value = (HeaderName, Vec<u8>)> {
    let known = select(vec![
        "Bearer dw_s_AAAA",
        "Bearer",
        "bearer ",
        "Basic Og==",
        "Basic \u{ff}",
        "doorward=dw_s_AAAA",
        "doorward=",
        "; ;=;doorward",
        "null",
        "http://127.0.0.1:8000",
        "https://evil.example",
        "same-origin",
        "gzip",
        "identity",
        JSON,
        FORM,
        "text/plain; charset=\"",
        "0",
        "-1",
        "application/json;charset",
        "[::1",
        "a:99999999",
    ]);
    let value =
        prop_oneof![3 => known.prop_map(|text| text.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..60)];
    (select(&NAMES[..]), value)
}

async fn sends(
    actor: &mut Actor<'_>,
    method: &str,
    path: &str,
    lines: &[(HeaderName, Vec<u8>)],
    body: Vec<u8>,
) -> StatusCode {
    let mut request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
    for (name, value) in lines {
        // HTTP does not allow control characters in headers.
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request.headers_mut().append(name, value);
        }
    }
    let answer = actor.raw(request).await;
    let is_page = answer.headers.get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8");
    if answer.status.is_client_error() && !is_page {
        let oauth = answer.headers["content-type"] == JSON && answer.json()["error"].is_string();
        assert!(oauth || !answer.code().is_empty());
    }
    answer.status
}

#[test]
fn thousands_of_malformed_requests_are_refused_without_an_internal_error() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(App::new());
    runtime.block_on(app.register(ANN));
    let token = RefCell::new(format!("Bearer {}", runtime.block_on(app.token(ANN))));
    let request =
        (select(&PATHS[..]), select(vec![Some(JSON), Some(FORM), None]), vec(lines(), 0..3), bodies());
    let config =
        Config { cases: 6000, failure_persistence: None, rng_seed: RngSeed::Random, ..Config::default() };
    let result = TestRunner::new(config).run(&request, |((method, path), content_type, mut lines, body)| {
        if let Some(content_type) = content_type {
            lines.push((header::CONTENT_TYPE, content_type.as_bytes().to_vec()));
        }
        // These routes read the body only with a session, and do not end it.
        if ["/auth/password", "/auth/sessions/1"].contains(&path) || method == "PATCH" {
            lines.push((header::AUTHORIZATION, token.borrow().clone().into_bytes()));
        }
        let mut anyone = app.anonymous();
        let status = runtime.block_on(sends(&mut anyone, method, path, &lines, body));
        prop_assert!(!status.is_server_error(), "{method} {path} answered {status}");
        // A few requests change the password by chance.
        if let Some(renewed) = anyone.authorization() {
            token.replace(renewed.to_owned());
        }
        Ok(())
    });
    result.unwrap();
    assert_eq!(runtime.block_on(app.anonymous().get("/auth/readyz")).status, StatusCode::OK);
    let mut ann = app.anonymous().header("authorization", &token.borrow());
    assert_eq!(runtime.block_on(ann.get("/auth/me")).status, StatusCode::OK);
}

#[test]
fn thousands_of_odd_paths_cause_no_internal_error() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(App::new());
    let ann = runtime.block_on(app.ann());
    let parts = select(vec![
        "sessions",
        "me",
        "%ff",
        "%00",
        "%2f",
        "%",
        "%zz",
        "..",
        ".",
        "",
        "1",
        "-1",
        ";",
        "é",
        "%F0%9F%98%80",
        "99999999999999999999",
        "?",
        "&id=1",
        "{id}",
        "*",
    ]);
    let config =
        Config { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Random, ..Config::default() };
    let result = TestRunner::new(config).run(
        &(select(vec!["GET", "DELETE", "POST"]), vec(parts, 0..5)),
        |(method, parts)| {
            let Ok(uri) = format!("/auth/{}", parts.join("/")).parse::<axum::http::Uri>() else {
                return Ok(());
            };
            // This path belongs to the host.
            prop_assume!(uri.path() != "/auth/");
            let request = Request::builder().method(method).uri(uri.clone()).body(Body::empty()).unwrap();
            let answer = runtime.block_on(ann.clone().raw(request));
            prop_assert!(!answer.status.is_server_error(), "{method} {uri} answered {}", answer.status);
            prop_assert!(!answer.status.is_client_error() || !answer.code().is_empty());
            Ok(())
        },
    );
    result.unwrap();
}

#[tokio::test]
async fn almost_valid_json_is_refused() {
    let app = App::new().await;
    let good =
        |password: &str| format!(r#"{{"email": "ann@example.org", "password": {password}}}"#).into_bytes();
    let deep =
        |levels: usize| [b"{\"x\":".to_vec(), vec![b'['; levels], vec![b']'; levels], b"}".to_vec()].concat();
    let many: String = (0..101).map(|number| format!(r#""x{number}": 1, "#)).collect();
    for (body, fields) in [
        (b"".to_vec(), &["body"][..]),
        (b" ".to_vec(), &["body"]),
        (b"\xef\xbb\xbf{}".to_vec(), &["body"]),
        (b"{\"email\": \"\xff\"}".to_vec(), &["body"]),
        (b"{\"email\": \"\xed\xa0\x80\"}".to_vec(), &["body"]),
        (good(r#""\ud800 12345678""#), &["body"]),
        (good(r#""\udc00\ud800 12345678""#), &["body"]),
        (good("NaN"), &["body"]),
        (good("1e999"), &["body"]),
        (good("01"), &["body"]),
        (good("'single quotes'"), &["body"]),
        (good("\"control\n characters\""), &["body"]),
        (good("\"unfinished"), &["body"]),
        (good("\"correct horse battery\"}{"), &["body"]),
        (good("\"correct horse battery\",}"), &["body"]),
        (good("\"correct horse battery\"} // comment"), &["body"]),
        (good("\"correct horse battery\", \"password\": \"correct horse battery\""), &["body"]),
        (good("\"correct horse battery\", \"\\u0070assword\": \"another one here\""), &["body"]),
        (deep(64), &["body"]),
        (deep(4_000), &["body"]),
        (vec![b'['; 8_000], &["body"]),
        (b"{\"a\":".repeat(1_600), &["body"]),
        (format!("{{{many}\"y\": 1}}").into_bytes(), &["body"]),
        (deep(62), &["email", "password"]),
        (good("{}"), &["password"]),
        (good("[\"correct horse battery\"]"), &["password"]),
        (good("12345678"), &["password"]),
        (r#"{"email": "a\u0000@example.org", "password": "correct horse battery"}"#.into(), &["email"]),
        (
            r#"{"EMAIL": "ann@example.org", "Password": "correct horse battery"}"#.into(),
            &["email", "password"],
        ),
        (
            r#"{"email ": "ann@example.org", "password\u0000": "correct horse battery"}"#.into(),
            &["email", "password"],
        ),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = app.anonymous().send(Method::POST, "/auth/register", Some(JSON), body).await;
        assert_eq!(answer.wrong_fields(), fields, "{shown}");
        assert_eq!(answer.code(), "invalid", "{shown}");
    }
    // These values look odd but are valid.
    for password in [
        r#""\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000""#,
        r#""\ud83d\ude00\ud83d\ude00 abxcdyef""#,
        "\"\u{feff}correct horse\"",
    ] {
        let answer = app.anonymous().send(Method::POST, "/auth/register", Some(JSON), good(password)).await;
        assert!([StatusCode::CREATED, StatusCode::BAD_REQUEST].contains(&answer.status), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_almost_valid_form_is_refused() {
    let app = App::new().await;
    let many: String = (0..101).map(|number| format!("x{number}=1&")).collect();
    for (body, field) in [
        (b"username=\xff&password=x".to_vec(), "body"),
        (b"username=%ff&password=x".to_vec(), "body"),
        (b"username=%c0%af&password=x".to_vec(), "body"),
        (b"username=%zz&password=x".to_vec(), "body"),
        (b"username=%&password=x".to_vec(), "body"),
        (b"username=%4&password=x".to_vec(), "body"),
        (b"username=a&username=b&password=x".to_vec(), "body"),
        (b"username=a&user%6eame=b&password=x".to_vec(), "body"),
        (b"%zz=a&username=a&password=x".to_vec(), "body"),
        (format!("{many}username=a&password=b").into_bytes(), "body"),
        (b"username=a;password=x".to_vec(), "password"),
        (b"username=a&Password=x".to_vec(), "password"),
        (b"&&&=&=x&username=a".to_vec(), "body"),
        (b"{\"username\": \"a\", \"password\": \"b\"}".to_vec(), "username"),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = app.anonymous().send(Method::POST, "/auth/token", Some(FORM), body).await;
        assert_eq!(answer.wrong_fields()[0], field, "{shown}");
        assert_eq!(answer.json()["error"], "invalid_request", "{shown}");
    }
}

#[tokio::test]
async fn a_body_with_passwords_has_at_most_8_kib() {
    let app = App::new().await;
    let padded = |length: usize| {
        let body = json!({"email": ANN, "password": PASSWORD}).to_string();
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    let fits = app.anonymous().send(Method::POST, "/auth/register", Some(JSON), padded(8 * 1024)).await;
    assert_eq!(fits.status, StatusCode::CREATED);
    for length in [8 * 1024 + 1, 1 << 20, 1 << 24] {
        for (path, content_type) in [
            ("/auth/register", JSON),
            ("/auth/login", JSON),
            ("/auth/token", FORM),
            ("/auth/introspect", FORM),
        ] {
            let answer = app.anonymous().send(Method::POST, path, Some(content_type), padded(length)).await;
            assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path} {length}");
            assert_eq!(answer.headers["connection"], "close");
            assert_eq!(answer.json()["detail"], "The request body is larger than 8 KiB", "{path}");
        }
    }
}
