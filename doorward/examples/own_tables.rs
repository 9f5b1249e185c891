//! An axum app with a table of its own in the PostgreSQL database of the accounts: `cargo run --example own_tables`, then
//!
//! ```text
//! curl localhost:3000/auth/register --json '{"email": "ann@example.org", "password": "correct horse battery"}'
//! curl localhost:3000/auth/token -d username=ann@example.org -d 'password=correct horse battery'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…' -d 'Buy milk'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…'
//! ```

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::get,
};
use doorward::{Auth, Config, CurrentUser};
use tokio_postgres::{Client, NoTls};

/// The table of this app. The accounts are in the schema `auth`, so it could even be called `users`. A note goes with its
/// user. The trigger runs in the transaction that adds a user: there is no user without a first note.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS notes (
        id      BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        user_id BIGINT NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
        text    TEXT   NOT NULL
    );
    CREATE INDEX IF NOT EXISTS notes_by_user ON notes (user_id);
    CREATE OR REPLACE FUNCTION add_first_note() RETURNS TRIGGER LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public.notes (user_id, text) VALUES (NEW.id, 'Welcome');
            RETURN NULL;
        END
    $$;
    CREATE OR REPLACE TRIGGER add_first_note AFTER INSERT ON auth.users
        FOR EACH ROW EXECUTE FUNCTION add_first_note();";

#[derive(Clone)]
struct App {
    auth: Auth,
    db: Arc<Client>,
}

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

/// The database failed. Its own words are for the log alone.
fn failed(error: tokio_postgres::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::SERVICE_UNAVAILABLE
}

async fn add(
    CurrentUser(user): CurrentUser,
    State(app): State<App>,
    text: String,
) -> Result<StatusCode, StatusCode> {
    let sql = "INSERT INTO notes (user_id, text) VALUES ($1, $2)";
    app.db.execute(sql, &[&i64::from(user.id), &text]).await.map_err(failed)?;
    Ok(StatusCode::CREATED)
}

async fn list(
    CurrentUser(user): CurrentUser,
    State(app): State<App>,
) -> Result<Json<Vec<String>>, StatusCode> {
    let sql = "SELECT text FROM notes WHERE user_id = $1 ORDER BY id";
    let rows = app.db.query(sql, &[&i64::from(user.id)]).await.map_err(failed)?;
    Ok(Json(rows.iter().map(|row| row.get(0)).collect()))
}

/// The settings that keep the tables of the accounts apart.
pub fn config() -> Config {
    Config { schema: Some("auth".into()), ..Config::default() }
}

/// Builds the app on the database at `url`, in which the accounts are open.
pub async fn app(auth: &Auth, url: &str) -> Result<Router, tokio_postgres::Error> {
    let (db, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    db.batch_execute(TABLES).await?;
    let app = App { auth: auth.clone(), db: Arc::new(db) };
    Ok(Router::new().route("/notes", get(list).post(add)).with_state(app).nest("/auth", auth.router()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = "postgres://app:app@localhost/app";
    let auth = Auth::open_with(url, config()).await?;
    let app = app(&auth, url).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app).await?)
}
