//! A whole application on a database of its own, and its clients.

use std::{num::NonZeroU32, ops::Deref};

use axum::{
    Router,
    extract::FromRef,
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use doorward::{
    Auth, AuthBuilder, Config, CurrentUser, OpenError, UserId,
    config::{LimitConfig, PasswordConfig},
    mail::MailSender,
    test_util::ForTests,
};
use tempfile::TempDir;

use crate::documented::Documented;

mod actor;
mod database;
mod log;
mod passkey;
mod phone;

pub(crate) use actor::{Actor, Answer};
pub(crate) use database::{Outside, file, fresh_database, is_root, postgres_server};
pub(crate) use log::Log;
pub(crate) use passkey::{BACKED_UP, ELIGIBLE, Passkey, VERIFIED};
pub(crate) use phone::{Phone, with_key};

/// The address of Ann.
pub(crate) const ANN: &str = "ann@example.org";

/// The address of Bob.
pub(crate) const BOB: &str = "bob@example.org";

/// A good password. Every user starts with it.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A good password that takes the place of [`PASSWORD`].
pub(crate) const NEW_PASSWORD: &str = "a better one, longer";

/// A password that no user has.
pub(crate) const WRONG: &str = "not the password";

/// The state of an application that embeds the library.
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
    /// The URL of the database.
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

/// Settings for tests: hashing is cheap.
pub(crate) fn config() -> Config {
    let password =
        PasswordConfig { memory_kib: 64, iterations: 1, hashing_threads: 2, ..PasswordConfig::default() };
    Config { password, ..Config::default() }
}

/// The same settings without a limit for mails, for tests of something else.
pub(crate) fn with_many_mails(config: Config) -> Config {
    let limit = LimitConfig { mails_per_recipient: NonZeroU32::MAX, ..LimitConfig::default() };
    Config { limit, ..config }
}

/// Settings without a limit for wrong passwords, for tests of something else.
pub(crate) fn patient() -> Config {
    let limit = LimitConfig { free_failures: NonZeroU32::MAX, ..LimitConfig::default() };
    Config { limit, ..config() }
}

/// The same settings, with the tables apart from those of an app in the same database. `name` is their schema, or it is
/// their prefix with a `_` behind it.
pub(crate) fn apart(name: &str, config: Config) -> Config {
    match postgres_server() {
        Some(_) => Config { schema: Some(name.into()), ..config },
        None => Config { table_prefix: Some(format!("{name}_")), ..config },
    }
}

/// The name of a table that [`apart`] keeps apart, in a statement of the app.
pub(crate) fn table_of(name: &str, table: &str) -> String {
    let separator = if postgres_server().is_some() { '.' } else { '_' };
    format!("{name}{separator}{table}")
}

/// Accounts as a host tests with them, on the database of this run.
pub(crate) fn for_tests() -> ForTests {
    match postgres_server() {
        Some(server) => Auth::for_tests_on(&format!("{server}/postgres?sslmode=disable")),
        None => Auth::for_tests(),
    }
}

/// Prepares accounts. Hashing may cost less than is allowed.
pub(crate) fn accounts(url: &str, config: Config) -> AuthBuilder {
    let PasswordConfig { memory_kib, iterations, .. } = config.password;
    Auth::builder(url).config(config).hash_cost_for_tests(memory_kib, iterations)
}

/// Opens accounts. Hashing may cost less than is allowed.
pub(crate) async fn opened(url: &str, config: Config) -> Result<Auth, OpenError> {
    accounts(url, config).open().await
}

/// Opens accounts with settings that are refused. Returns the error. The database is not even looked for.
pub(crate) async fn refusal(config: Config) -> String {
    opened("sqlite:/nonexistent/x.db", config).await.unwrap_err().to_string()
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

    /// An application on SQLite, or `None` if the tests run on PostgreSQL.
    pub(crate) async fn on_sqlite() -> Option<Self> {
        if postgres_server().is_some() { None } else { Some(Self::new().await) }
    }

    /// Another application on the same database, as a second process would be.
    pub(crate) async fn sibling(&self, config: Config) -> Self {
        Self::open(tempfile::tempdir().unwrap(), self.database.clone(), config).await
    }

    /// An application on the database at `url`.
    pub(crate) async fn on(url: &str, config: Config) -> Self {
        Self::open(tempfile::tempdir().unwrap(), url.to_owned(), config).await
    }

    /// An application whose host sends mails itself.
    pub(crate) async fn with_sender(config: Config, sender: impl MailSender) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = fresh_database(&folder).await;
        let auth = accounts(&database, config).mail_sender(sender).open().await.unwrap();
        Self::around(auth, folder, database)
    }

    /// Another such application on the same database.
    pub(crate) async fn sibling_with_sender(&self, config: Config, sender: impl MailSender) -> Self {
        let auth = accounts(&self.database, config).mail_sender(sender).open().await.unwrap();
        Self::around(auth, tempfile::tempdir().unwrap(), self.database.clone())
    }

    async fn open(folder: TempDir, database: String, config: Config) -> Self {
        let auth = opened(&database, config).await.expect("the database opens");
        Self::around(auth, folder, database)
    }

    fn around(auth: Auth, folder: TempDir, database: String) -> Self {
        // Tests run the background work step by step.
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

    /// Replaces the router of the host.
    pub(crate) fn serving(self, router: Router) -> Self {
        Self { router, ..self }
    }

    /// A connection to the database, past the library.
    pub(crate) async fn outside(&self) -> Outside {
        Outside::of(&self.database).await
    }

    /// Runs statements on the database, as an operator could.
    pub(crate) async fn execute(&self, sql: &str) {
        self.outside().await.run(sql).await;
    }

    /// The number that `sql` selects.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.outside().await.number(sql).await
    }

    /// Counts rows: `rows` names a table, and a condition if need be.
    pub(crate) async fn count(&self, rows: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {rows}")).await
    }

    /// See [`Outside::contents`].
    pub(crate) async fn contents(&self) -> String {
        self.outside().await.contents().await
    }

    /// The id of the user with this address.
    pub(crate) async fn id_of(&self, email: &str) -> UserId {
        self.auth.find_user(email).await.unwrap().unwrap().id
    }

    /// A client without an account and without cookies.
    pub(crate) fn anonymous(&self) -> Actor<'_> {
        Actor::new(&self.router, &self.documented)
    }

    /// A browser on the application's own pages. It keeps cookies and sends `Sec-Fetch-Site`.
    pub(crate) fn browser(&self) -> Actor<'_> {
        self.anonymous().header("sec-fetch-site", "same-origin")
    }

    /// Adds a user with [`PASSWORD`], as an operator does. Returns the id. No mail is sent.
    pub(crate) async fn add(&self, email: &str) -> i64 {
        self.auth.add_user(email, PASSWORD).await.unwrap().id.into()
    }

    /// Like [`App::add`], but with a verified address, so the user gets notices.
    pub(crate) async fn add_verified(&self, email: &str) -> i64 {
        let id = self.add(email).await;
        self.execute(&format!("UPDATE users SET email_verified_at = 1 WHERE id = {id}")).await;
        id
    }

    /// Registers a user with [`PASSWORD`]. Returns the id.
    pub(crate) async fn register(&self, email: &str) -> i64 {
        let answer = self.anonymous().register(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["id"].as_i64().unwrap()
    }

    /// Logs a user in. Returns the token.
    pub(crate) async fn token(&self, email: &str) -> String {
        let answer = self.anonymous().request_token(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.token()
    }

    /// A new user with a token.
    pub(crate) async fn user(&self, email: &str) -> Actor<'_> {
        self.register(email).await;
        self.bearer(&self.token(email).await)
    }

    /// Ann, who has an account and a token.
    pub(crate) async fn ann(&self) -> Actor<'_> {
        self.user(ANN).await
    }

    /// A client with this token.
    pub(crate) fn bearer(&self, token: &str) -> Actor<'_> {
        self.anonymous().header("authorization", &format!("Bearer {token}"))
    }

    /// A browser in which this user has logged in.
    pub(crate) async fn browser_of(&self, email: &str) -> Actor<'_> {
        let mut browser = self.browser();
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        browser
    }
}
