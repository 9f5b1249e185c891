//! A whole application on a database of its own, and those who use it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    num::NonZeroU32,
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, FromRef},
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use doorward::{Auth, Config, CurrentUser, LimitConfig, PasswordConfig};
use http_body_util::BodyExt;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::openapi::Documented;

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// An application that embeds the library beside state of its own.
#[derive(Clone)]
struct Host {
    auth: Auth,
}

impl FromRef<Host> for Auth {
    fn from_ref(host: &Host) -> Auth {
        host.auth.clone()
    }
}

/// The application, its database and its clock.
pub(crate) struct App {
    pub(crate) auth: Auth,
    /// The URL of the database, to look at it from outside.
    pub(crate) database: String,
    router: Router,
    documented: Documented,
    _folder: TempDir,
}

impl Deref for App {
    type Target = Auth;

    fn deref(&self) -> &Auth {
        &self.auth
    }
}

/// Settings for tests: hashing that costs next to nothing.
pub(crate) fn config() -> Config {
    let password =
        PasswordConfig { memory_kib: 64, iterations: 1, hashing_threads: 2, ..PasswordConfig::default() };
    Config { password, ..Config::default() }
}

/// Settings for tests of something else, in which somebody gets many mails.
pub(crate) fn with_many_mails(config: Config) -> Config {
    let limit = LimitConfig { mails_per_recipient: NonZeroU32::MAX, ..LimitConfig::default() };
    Config { limit, ..config }
}

/// Settings for tests of something else, in which passwords are wrong again and again.
pub(crate) fn patient() -> Config {
    let limit = LimitConfig { free_failures: NonZeroU32::MAX, ..LimitConfig::default() };
    Config { limit, ..config() }
}

impl App {
    pub(crate) async fn new() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = fresh_database(&folder).await;
        Self::open(folder, database, config).await
    }

    /// Another application on the same database, as a second process would be.
    pub(crate) async fn sibling(&self, config: Config) -> Self {
        Self::open(tempfile::tempdir().unwrap(), self.database.clone(), config).await
    }

    /// An application on the database at `url`.
    pub(crate) async fn on(url: &str, config: Config) -> Self {
        Self::open(tempfile::tempdir().unwrap(), url.to_owned(), config).await
    }

    async fn open(folder: TempDir, database: String, config: Config) -> Self {
        let auth = Auth::open_with(&database, config).await.expect("the database opens");
        // Tests do it step by step.
        auth.hold_background();
        let router = Router::new()
            .route("/protected-route", get(|CurrentUser(user): CurrentUser| async move { user.email }))
            .route("/protected-route", post(|CurrentUser(user): CurrentUser| async move { user.email }))
            .route(
                "/open-route",
                get(|user: Option<CurrentUser>| async move {
                    user.map_or("nobody".into_response(), |CurrentUser(user)| user.email.into_response())
                }),
            )
            .with_state(Host { auth: auth.clone() })
            .nest("/auth", auth.router());
        let documented = Documented::of(&auth.openapi());
        Self { auth, database, router, documented, _folder: folder }
    }

    /// The same with another router in place of the host's.
    pub(crate) fn serving(self, router: Router) -> Self {
        Self { router, ..self }
    }

    /// Runs statements on the database from outside, as an operator could.
    pub(crate) async fn execute(&self, sql: &str) {
        match self.database.strip_prefix("sqlite:") {
            Some(file) => {
                let connection = rusqlite::Connection::open(file).unwrap();
                connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            None => {
                let (client, connection) =
                    tokio_postgres::connect(&self.database, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(sql).await.unwrap();
            }
        }
    }

    /// Everything the database holds, as text.
    pub(crate) async fn contents(&self) -> String {
        const TABLES: [&str; 6] = ["users", "credentials", "sessions", "one_time_tokens", "mails", "devices"];
        let mut rows = Vec::new();
        match self.database.strip_prefix("sqlite:") {
            Some(file) => {
                let connection = rusqlite::Connection::open(file).unwrap();
                for table in TABLES {
                    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
                    let columns = statement.column_count();
                    let mut found = statement.query([]).unwrap();
                    while let Some(row) = found.next().unwrap() {
                        let values = (0..columns).map(|index| row.get_ref(index).unwrap());
                        let text = |value| match value {
                            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                            other => format!("{other:?}"),
                        };
                        rows.push(format!("{table}: {}", values.map(text).collect::<Vec<_>>().join(" ")));
                    }
                }
            }
            None => {
                let (client, connection) =
                    tokio_postgres::connect(&self.database, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                for table in TABLES {
                    let query = format!("SELECT {table}::text FROM {table}");
                    for row in client.query(&query, &[]).await.unwrap() {
                        rows.push(format!("{table}: {}", row.get::<_, String>(0)));
                    }
                }
            }
        }
        rows.sort_unstable();
        rows.join("\n")
    }

    /// Somebody without an account, in no browser.
    pub(crate) fn anonymous(&self) -> Actor<'_> {
        Actor { app: self, headers: HeaderMap::new(), peer: None, cookies: BTreeMap::new() }
    }

    /// A browser on the application's own pages: it keeps cookies and says where requests come from.
    pub(crate) fn browser(&self) -> Actor<'_> {
        self.anonymous().header("sec-fetch-site", "same-origin")
    }

    /// Adds somebody with [`PASSWORD`], as an operator does, and gives their number. They get no mail.
    pub(crate) async fn add(&self, email: &str) -> i64 {
        self.auth.add_user(email, PASSWORD).await.unwrap().id.into()
    }

    /// As [`App::add`], with an address that is known to be theirs: they get notices.
    pub(crate) async fn add_verified(&self, email: &str) -> i64 {
        let id = self.add(email).await;
        self.execute(&format!("UPDATE users SET email_verified_at = 1 WHERE id = {id}")).await;
        id
    }

    /// Registers somebody with [`PASSWORD`] and gives their number.
    pub(crate) async fn register(&self, email: &str) -> i64 {
        let answer =
            self.anonymous().post("/auth/register", json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_i64().unwrap()
    }

    /// Logs somebody in and gives their token.
    pub(crate) async fn token(&self, email: &str) -> String {
        let answer =
            self.anonymous().form("/auth/token", &[("username", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Somebody who has just registered and holds a token.
    pub(crate) async fn user(&self, email: &str) -> Actor<'_> {
        self.register(email).await;
        self.bearer(&self.token(email).await)
    }

    /// Ann, who has an account and a token.
    pub(crate) async fn ann(&self) -> Actor<'_> {
        self.user("ann@example.org").await
    }

    /// Whoever holds this token.
    pub(crate) fn bearer(&self, token: &str) -> Actor<'_> {
        self.anonymous().header("authorization", &format!("Bearer {token}"))
    }

    /// A browser in which somebody who is registered has logged in.
    pub(crate) async fn browser_of(&self, email: &str) -> Actor<'_> {
        let mut browser = self.browser();
        let answer = browser.post("/auth/login", json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browser
    }
}

/// Whoever sends requests to an [`App`].
#[derive(Clone)]
pub(crate) struct Actor<'a> {
    app: &'a App,
    /// Sent with every request.
    headers: HeaderMap,
    /// Where the connection comes from, if the host tells.
    peer: Option<SocketAddr>,
    /// Kept from the answers, as a browser does.
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Actor<'_> {
    /// Connects from this address.
    pub(crate) fn from(self, peer: &str) -> Self {
        Self { peer: Some(SocketAddr::new(peer.parse().unwrap(), 4711)), ..self }
    }

    /// Sends this header with every request, in place of what it sent under this name.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    /// The header by which it is known, if it sends one.
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.headers.get("authorization")?.to_str().ok()
    }

    /// Sends none of these headers any more.
    pub(crate) fn without<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        names.for_each(|name| drop(self.headers.remove(name)));
        self
    }

    /// Sends this header too, beside others of this name.
    pub(crate) fn another_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.parse().unwrap());
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, "").await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string()).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string()).await
    }

    pub(crate) async fn delete(&mut self, path: &str, body: Option<Value>) -> Answer {
        match body {
            Some(body) => self.send(Method::DELETE, path, Some("application/json"), body.to_string()).await,
            None => self.send(Method::DELETE, path, None, "").await,
        }
    }

    /// Posts a form.
    pub(crate) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
        request.headers_mut().extend(self.headers.clone());
        if let Some(content_type) = content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().append(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        self.raw(request).await
    }

    /// What comes back from a `GET` as it is, compressed or not.
    pub(crate) async fn get_bytes(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.headers_mut().extend(self.headers.clone());
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let headers = response.headers().clone();
        (headers, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// Sends a request as it is.
    pub(crate) async fn raw(&mut self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let answer = Answer::of(response).await;
        // A program goes on with the token that takes the place of its own.
        if path == "/auth/password" && answer.status == StatusCode::OK {
            let token = answer.json()["access_token"].as_str().unwrap().to_owned();
            self.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        self.app.documented.check(&method, &path, &answer);
        answer
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Self { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {:?}", self.text))
    }

    /// The code of an error, once its form is found to be right.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["detail"].is_string());
        problem["code"].as_str().unwrap().to_owned()
    }

    /// The names of the fields that are wrong.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.text);
        let errors = self.json()["errors"].as_array().expect("a list of fields").clone();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

/// Makes a database that nobody else uses, and gives its URL.
pub(crate) async fn fresh_database(folder: &TempDir) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("doorward_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    match postgres_server() {
        Some(server) => {
            let (client, connection) =
                tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
            format!("{server}/{name}?sslmode=disable")
        }
        None => format!("sqlite:{}", folder.path().join(name).display()),
    }
}

/// The PostgreSQL server to test on, if there is one.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment where to run")]
pub(crate) fn postgres_server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok()
}
