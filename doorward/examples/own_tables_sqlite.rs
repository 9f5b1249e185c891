//! An axum app with a table of its own in the SQLite file of the accounts: `cargo run --example own_tables_sqlite`, then
//!
//! ```text
//! curl localhost:3000/auth/register --json '{"email": "ann@example.org", "password": "correct horse battery"}'
//! curl localhost:3000/auth/token -d username=ann@example.org -d 'password=correct horse battery'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…' -d 'Buy milk'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…'
//! ```

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::get,
};
use doorward::{Auth, Config, CurrentUser};
use rusqlite::Connection;

/// The table of this app. The users are in `auth_users`, so it could even be called `users`. A note goes with its user. The
/// trigger runs in the transaction that adds a user: there is no user without a first note.
const TABLES: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS notes (
        id      INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES auth_users (id) ON DELETE CASCADE,
        text    TEXT    NOT NULL
    );
    CREATE INDEX IF NOT EXISTS notes_by_user ON notes (user_id);
    CREATE TRIGGER IF NOT EXISTS add_first_note AFTER INSERT ON auth_users BEGIN
        INSERT INTO notes (user_id, text) VALUES (NEW.id, 'Welcome');
    END;";

#[derive(Clone)]
struct App {
    auth: Auth,
    db: Arc<Mutex<Connection>>,
}

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

impl App {
    /// Runs a statement. It takes microseconds; one that takes longer belongs on a thread of its own.
    fn run<T>(&self, statement: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StatusCode> {
        statement(&self.db.lock().unwrap_or_else(PoisonError::into_inner)).map_err(|error| {
            eprintln!("{error}");
            StatusCode::SERVICE_UNAVAILABLE
        })
    }
}

async fn add(
    CurrentUser(user): CurrentUser,
    State(app): State<App>,
    text: String,
) -> Result<StatusCode, StatusCode> {
    let sql = "INSERT INTO notes (user_id, text) VALUES (?1, ?2)";
    app.run(|db| db.execute(sql, (i64::from(user.id), text)))?;
    Ok(StatusCode::CREATED)
}

async fn list(
    CurrentUser(user): CurrentUser,
    State(app): State<App>,
) -> Result<Json<Vec<String>>, StatusCode> {
    let sql = "SELECT text FROM notes WHERE user_id = ?1 ORDER BY id";
    app.run(|db| db.prepare(sql)?.query_map([i64::from(user.id)], |row| row.get(0))?.collect()).map(Json)
}

/// The settings that keep the tables of the accounts apart.
pub fn config() -> Config {
    Config { table_prefix: Some("auth_".into()), ..Config::default() }
}

/// Builds the app on the database in `file`, in which the accounts are open.
pub fn app(auth: &Auth, file: &str) -> rusqlite::Result<Router> {
    let db = Connection::open(file)?;
    db.busy_timeout(Duration::from_secs(2))?;
    db.execute_batch(TABLES)?;
    let app = App { auth: auth.clone(), db: Arc::new(Mutex::new(db)) };
    Ok(Router::new().route("/notes", get(list).post(add)).with_state(app).nest("/auth", auth.router()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open_with("sqlite:app.db", config()).await?;
    let app = app(&auth, "app.db")?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app).await?)
}
