//! Pages of other sites post to the server from the browser of a logged-in user. None of them changes anything.

use std::collections::BTreeSet;

use axum::{Router, extract::Path, response::Html, routing::get};
use chromiumoxide::cdp::browser_protocol::network::Cookie;
use serde_json::json;

use crate::{
    chromium::{Chromium, Exchange, Tab, until},
    server::Server,
};

const ANN: &str = "ann@example.org";
const ANNS_PASSWORD: &str = "correct horse battery staple";
const MALLORY: &str = "mallory@example.org";
const MALLORYS_PASSWORD: &str = "mallory knows this password";
const NOBODY: &str = "nobody@example.org";

/// The request of a page of another site: a path, and the fields of the form or the JSON document.
fn attacks() -> [(&'static str, Vec<(&'static str, &'static str)>); 4] {
    [
        // Logs the victim in to the attacker's account.
        ("/login", vec![("email", MALLORY), ("password", MALLORYS_PASSWORD)]),
        ("/register", vec![("email", NOBODY), ("password", MALLORYS_PASSWORD)]),
        ("/logout", vec![]),
        ("/password", vec![("current_password", ANNS_PASSWORD), ("new_password", MALLORYS_PASSWORD)]),
    ]
}

/// A form that posts itself as soon as the page is shown.
fn form(target: &str, encoding: &str, inputs: &str) -> String {
    format!(
        r#"<!doctype html><form method="post" action="{target}" enctype="{encoding}">{inputs}</form>
        <script>document.forms[0].submit()</script>"#
    )
}

/// Every page of the attacker, and the number of its requests that arrive.
fn pages(server: &Server) -> Vec<(String, usize)> {
    let mut pages = Vec::new();
    for (path, fields) in attacks() {
        let target = server.url(path);
        let inputs: String =
            fields.iter().map(|(name, value)| format!(r#"<input name="{name}" value="{value}">"#)).collect();
        pages.push((form(&target, "application/x-www-form-urlencoded", &inputs), 1));
        // A form whose body is also JSON: the parts before and after the `=` are name and value.
        let object: serde_json::Map<_, _> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let document = json!(object).to_string();
        let opened = document.trim_end_matches('}').replace('"', "&quot;");
        let comma = if fields.is_empty() { "" } else { "," };
        let inputs = format!(r#"<input name="{opened}{comma}&quot;ignored&quot;:&quot;" value="&quot;}}">"#);
        pages.push((form(&target, "text/plain", &inputs), 1));
        // Without permission a script may send this, but not JSON with its proper content type: the browser
        // asks first, is refused, and sends no more.
        let script = format!(
            r#"<!doctype html><title>busy</title><script>
            const post = (mode, type) => fetch("{target}", {{ method: "POST", mode, credentials: "include",
                headers: {{ "content-type": type }}, body: JSON.stringify({document}) }});
            Promise.allSettled([post("no-cors", "text/plain"), post("cors", "text/plain"),
                post("cors", "application/json")]).then(() => document.title = "done");
            </script>"#
        );
        pages.push((script, 2));
    }
    pages
}

/// Serves pages, such as those of the attacker, as `/0`, `/1`, and so on. Returns the port.
pub(crate) async fn serve(pages: Vec<String>) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app =
        Router::new().route("/{page}", get(async move |Path(page): Path<usize>| Html(pages[page].clone())));
    tokio::spawn(async move { axum::serve(listener, app).await });
    port
}

/// Finds the requests that reached the server with a method that changes something.
fn posts(tab: &Tab, server: &Server) -> Vec<Exchange> {
    let all = tab.exchanges().into_iter();
    all.filter(|exchange| exchange.method == "POST" && exchange.url.starts_with(&server.url("/")))
        .filter(Exchange::is_complete)
        .collect()
}

async fn pages_of(origin_host: &str, carries_cookie: bool) {
    let server = Server::start();
    server.register(ANN, ANNS_PASSWORD);
    server.register(MALLORY, MALLORYS_PASSWORD);
    let chromium = Chromium::launch().await;

    let own = chromium.tab().await;
    own.open(&server.url("/docs")).await;
    let log_in = format!(
        "fetch('login', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
         body: JSON.stringify({{ email: '{ANN}', password: '{ANNS_PASSWORD}' }}) }}).then((answer) => answer.ok)"
    );
    assert_eq!(own.value(&log_in).await, true);
    let cookies = own.cookies(&server.url("/")).await;
    assert!(cookies.iter().any(|cookie| cookie.name == "doorward"), "logged in");

    let (mut pages, counts): (Vec<_>, Vec<_>) = pages(&server).into_iter().unzip();
    let asking = pages.len();
    let me = server.url("/me");
    pages.push(format!(r#"<script>fetch("{me}", {{ mode: "no-cors", credentials: "include" }})</script>"#));
    let port = serve(pages).await;

    // A `GET` shows if the browser sends the cookie with the requests of these pages.
    let tab = chromium.tab().await;
    tab.open(&format!("http://{origin_host}:{port}/{asking}")).await;
    let status = until("the answer to /me", async || {
        tab.exchanges().into_iter().find(|exchange| exchange.url == me).and_then(|exchange| exchange.status)
    });
    assert_eq!(status.await, if carries_cookie { 200 } else { 401 });

    for (page, count) in counts.into_iter().enumerate() {
        let tab = chromium.tab().await;
        tab.open(&format!("http://{origin_host}:{port}/{page}")).await;
        let posts = until(&format!("{count} posts of page {page} from {origin_host}"), async || {
            Some(posts(&tab, &server)).filter(|posts| posts.len() >= count)
        })
        .await;
        if count > 1 {
            until("the script to be done", async || {
                (tab.value("document.title").await == "done").then_some(())
            })
            .await;
        }
        for post in posts {
            assert!(matches!(post.status, Some(400..500)), "{post:?}");
            assert!(!post.set_cookie, "{post:?}");
        }
    }

    let after = own.cookies(&server.url("/")).await;
    let values =
        |cookies: &[Cookie]| cookies.iter().map(|cookie| cookie.value.clone()).collect::<BTreeSet<_>>();
    assert_eq!(values(&after), values(&cookies));
    let me = own.value("fetch('me').then((answer) => answer.json())").await;
    assert_eq!(me["email"], ANN, "still logged in as the same user");
    assert_eq!(server.token(ANN, ANNS_PASSWORD), 200, "the password is still the same");
    assert_eq!(server.token(ANN, MALLORYS_PASSWORD), 401);
    assert_eq!(server.token(NOBODY, MALLORYS_PASSWORD), 401, "nobody was registered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_changes_nothing() {
    // The browser does not send the cookie, because it is `SameSite`.
    pages_of("127.0.0.1", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_of_the_same_site_changes_nothing() {
    // Another port is another origin but the same site: the browser sends the cookie along.
    pages_of("localhost", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_listed_origin_reads_why_its_headers_are_refused() {
    let listed = serve(vec!["<!doctype html><title>listed</title>".into()]).await;
    let server = Server::with(&[("CORS_ORIGINS", &format!("http://127.0.0.1:{listed},tauri://localhost"))]);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&format!("http://127.0.0.1:{listed}/0")).await;
    // Chromium sends `Origin` after the headers of the script.
    for (length, read) in [(100, "401 true"), (17_000, "431 true"), (40_000, "431 true")] {
        let script = format!(
            "fetch('{}', {{ credentials: 'include', headers: {{ baggage: 'a'.repeat({length}) }} }}) \
             .then((answer) => answer.status + ' ' + answer.headers.has('x-request-id'), String)",
            server.url("/me")
        );
        assert_eq!(tab.value(&script).await, read, "a header of {length} bytes");
    }
}
