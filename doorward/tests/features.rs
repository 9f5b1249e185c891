//! The library with any choice of its features: what a build has works, and what it lacks is refused with a clear text.
//!
//! `script/test` runs this with the features that hosts choose. `TEST_POSTGRES` names a server for builds with
//! PostgreSQL.

#![expect(clippy::unwrap_used, reason = "an unexpected error should fail the test")]
#![cfg_attr(
    feature = "postgres",
    expect(clippy::disallowed_methods, reason = "the environment says where to run")
)]

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    routing::get,
};
use doorward::{Auth, Config, CurrentUser};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// The origin whose pages may call.
const LISTED: &str = "https://app.example.org";

fn config() -> Config {
    Config { cors_origins: vec![LISTED.into()], ..Config::default() }
}

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Registers, logs in, uses the token, logs out, and is refused.
async fn accounts_work(url: &str) {
    let auth = Auth::builder(url).config(config()).hash_cost_for_tests(64, 1).open().await.unwrap();
    let app = Router::new()
        .route("/who", get(|CurrentUser(user): CurrentUser| async move { axum::Json(user.email) }))
        .with_state(auth.clone())
        .nest("/auth", auth.router());
    let json = |path: &str, body: &str| {
        Request::post(path).header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_owned()))
    };
    let account = r#"{"email": "ann@example.org", "password": "correct horse battery"}"#;
    let (status, _) = send(&app, json("/auth/register", account).unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{url}");
    let form = "username=ann@example.org&password=correct horse battery";
    let request =
        Request::post("/auth/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, token) = send(&app, request.body(form.into()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let with_token = |request: axum::http::request::Builder| {
        request.header(header::AUTHORIZATION, &bearer).body(Body::empty()).unwrap()
    };
    let (status, user) = send(&app, with_token(Request::get("/who"))).await;
    assert_eq!((status, user), (StatusCode::OK, Value::from("ann@example.org")));
    let (status, _) = send(&app, with_token(Request::post("/auth/logout"))).await;
    assert!(status.is_success());
    assert_eq!(send(&app, with_token(Request::get("/who"))).await.0, StatusCode::UNAUTHORIZED);
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(send(&app, get("/auth/openapi.json")).await.0, StatusCode::OK);
    let docs = if cfg!(feature = "docs") { StatusCode::OK } else { StatusCode::NOT_FOUND };
    assert_eq!(send(&app, get("/auth/docs")).await.0, docs);
    pages_are_there_only_with_their_feature(&app).await;
    other_sites_are_refused(&app).await;
    auth.close().await;
}

/// Sends a request as a browser does. Returns the status, the headers and the start of the content type.
async fn browse(app: &Router, request: axum::http::request::Builder) -> (StatusCode, HeaderMap, String) {
    let request = request.header(header::ACCEPT, "text/html").header("sec-fetch-site", "same-origin");
    let response =
        app.clone().oneshot(request.body(Body::from("email=ann@example.org")).unwrap()).await.unwrap();
    let kind =
        response.headers()[header::CONTENT_TYPE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (response.status(), response.headers().clone(), kind)
}

/// Without the feature, the paths of pages are unknown, and errors are JSON for browsers too.
async fn pages_are_there_only_with_their_feature(app: &Router) {
    let form =
        |path: &str| Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (page, problem) = ("text/html", "application/problem+json");
    for (request, with, without) in [
        (Request::get("/auth/login"), (200, page), (405, problem)),
        (Request::get("/auth/forgot-password"), (403, page), (405, problem)),
        (Request::get("/auth/none"), (404, page), (404, problem)),
        (form("/auth/login"), (422, page), (415, problem)),
    ] {
        let asked = format!("{:?}", request.uri_ref());
        let (status, headers, kind) = browse(app, request).await;
        let expected = if cfg!(feature = "pages") { with } else { without };
        assert_eq!((status.as_u16(), &*kind), expected, "{asked}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{asked}");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{asked}");
    }
}

/// Every build refuses changes from pages of other sites, and lets pages of listed ones read answers.
async fn other_sites_are_refused(app: &Router) {
    let log_in = |origin: &str, site: &str| {
        Request::post("/auth/login")
            .header(header::ORIGIN, origin)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"email": "ann@example.org", "password": "correct horse battery"}"#))
            .unwrap()
    };
    let (status, problem) = send(app, log_in("https://evil.example", "cross-site")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &"cross_site".into()));
    let response = app.clone().oneshot(log_in(LISTED, "same-site")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], LISTED);
}

#[tokio::test]
async fn accounts_work_on_each_database_of_the_build() {
    #[cfg(feature = "sqlite")]
    {
        let folder = tempfile::tempdir().unwrap();
        accounts_work(&format!("sqlite:{}", folder.path().join("app.db").display())).await;
    }
    #[cfg(feature = "postgres")]
    if let Ok(server) = std::env::var("TEST_POSTGRES") {
        let name = format!("features_{}", std::process::id());
        let server = server.split('?').next().unwrap();
        let (client, connection) =
            tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        accounts_work(&format!("{server}/{name}")).await;
        client.batch_execute(&format!("DROP DATABASE {name}")).await.unwrap();
    }
}

/// A user of a test is logged in, and gets a mail.
async fn a_test_works(accounts: doorward::test_util::ForTests) {
    let accounts = accounts.await;
    let ann = accounts.new_user("ann@example.org").await;
    let session = accounts.log_in_as(&ann).await;
    assert!(accounts.session(session.token()).await.unwrap().is_some());
    assert!(accounts.send_password_reset(&ann, "en").await.unwrap());
    assert!(accounts.mail_to("ann@example.org").await.token.is_some());
}

#[tokio::test]
async fn a_host_tests_itself_on_each_database_of_the_build() {
    #[cfg(feature = "sqlite")]
    a_test_works(Auth::for_tests()).await;
    #[cfg(feature = "postgres")]
    if let Ok(server) = std::env::var("TEST_POSTGRES") {
        a_test_works(Auth::for_tests_on(&format!("{server}/postgres"))).await;
    }
}

#[tokio::test]
async fn what_a_build_lacks_is_refused_by_the_name_of_its_feature() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("app.db").display());
    let mut mail = config();
    mail.smtp_url = Some("smtp://127.0.0.1:2525".into());
    mail.mail_from = Some("no-reply@example.org".into());
    mail.pages_url = Some(LISTED.into());
    let mut mailbox = config();
    mailbox.dev_mailbox = true;
    let url = if cfg!(feature = "sqlite") { &*file } else { "postgres://ann@127.0.0.1:1/app" };
    for (feature, there, url, config) in [
        ("sqlite", cfg!(feature = "sqlite"), &*file, config()),
        ("postgres", cfg!(feature = "postgres"), "postgres://ann@127.0.0.1:1/app", config()),
        ("mail", cfg!(feature = "mail"), url, mail),
        ("pages", cfg!(feature = "pages"), url, Config { pages: true, ..config() }),
        // Its letters have links, so it needs pages: ours, or those of the host.
        ("pages", cfg!(feature = "pages"), url, mailbox.clone()),
        ("pages", true, url, Config { pages_url: Some(LISTED.into()), ..mailbox }),
    ] {
        let refused = Auth::open_with(url, config).await.err().map(|error| error.to_string());
        let named = refused.as_ref().is_some_and(|error| error.contains(&format!("the feature `{feature}`")));
        assert_eq!(named, !there, "{feature}: {refused:?}");
    }
}

/// A sender that passes its mails on.
#[cfg(feature = "sqlite")]
struct Keeper(tokio::sync::mpsc::UnboundedSender<doorward::mail::OutgoingMail>);

#[cfg(feature = "sqlite")]
impl doorward::mail::MailSender for Keeper {
    fn send(&self, mail: doorward::mail::OutgoingMail) -> doorward::mail::Sending<'_> {
        Box::pin(async move {
            let _ = self.0.send(mail);
            doorward::mail::Delivery::Delivered
        })
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_mail_sender_of_the_host_needs_no_feature() {
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("app.db").display());
    let config = Config { pages_url: Some(format!("{LISTED}/account")), ..config() };
    let auth = Auth::builder(&url)
        .config(config)
        .hash_cost_for_tests(64, 1)
        .mail_sender(Keeper(keep))
        .open()
        .await
        .unwrap();
    let app = auth.router();
    let mut next = async || {
        let sent = tokio::time::timeout(std::time::Duration::from_secs(20), kept.recv()).await;
        sent.unwrap().unwrap()
    };
    auth.queue_letter(doorward::mail::NewLetter::to_address("ann@example.org", "Hello", "Hello Ann"))
        .await
        .unwrap();
    assert_eq!(next().await.subject, "Hello");
    // Our letters lead to the pages of the host.
    let account = r#"{"email": "ann@example.org", "password": "correct horse battery"}"#;
    let request = Request::post("/register").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(send(&app, request.body(account.into()).unwrap()).await.0, StatusCode::ACCEPTED);
    let letter = next().await;
    let link = format!("{LISTED}/account/verify-email?lang=en");
    assert!(letter.text.contains(&link) && letter.html.contains(&link), "{}", letter.text);
    drop(app);
    auth.close().await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_mail_sender_needs_pages_for_its_links() {
    let (keep, _kept) = tokio::sync::mpsc::unbounded_channel();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("app.db").display());
    let opened = Auth::builder(&url).config(config()).mail_sender(Keeper(keep)).open().await;
    let refused = opened.err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(refused.contains("pages_url: expected"), !cfg!(feature = "pages"), "{refused}");
    assert_eq!(refused.contains("the feature `pages`"), !cfg!(feature = "pages"), "{refused}");
}
