//! An axum app with a table of its own in the PostgreSQL database of the accounts, by sqlx: `cargo run --example
//! sqlx_postgres`, then
//!
//! ```text
//! curl localhost:3000/auth/register --json '{"email": "ann@example.org", "password": "correct horse battery"}'
//! curl localhost:3000/auth/token -d username=ann@example.org -d 'password=correct horse battery'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…' -d 'Buy milk'
//! curl localhost:3000/notes -H 'Authorization: Bearer dw_s_…'
//! curl localhost:3000/newest -H 'Authorization: Bearer dw_s_…'
//! ```

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::get,
};
use doorward::{Auth, Config, CurrentUser};
use sqlx::postgres::{PgPool, PgPoolOptions};

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

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    db: PgPool,
}

/// The database failed. Its own words are for the log alone.
fn failed(error: sqlx::Error) -> StatusCode {
    eprintln!("{error}");
    StatusCode::SERVICE_UNAVAILABLE
}

async fn add(
    CurrentUser(user): CurrentUser,
    State(db): State<PgPool>,
    text: String,
) -> Result<StatusCode, StatusCode> {
    let insert = sqlx::query("INSERT INTO notes (user_id, text) VALUES ($1, $2)");
    insert.bind(i64::from(user.id)).bind(text).execute(&db).await.map_err(failed)?;
    Ok(StatusCode::CREATED)
}

async fn list(
    CurrentUser(user): CurrentUser,
    State(db): State<PgPool>,
) -> Result<Json<Vec<String>>, StatusCode> {
    let select = sqlx::query_scalar("SELECT text FROM notes WHERE user_id = $1 ORDER BY id");
    select.bind(i64::from(user.id)).fetch_all(&db).await.map(Json).map_err(failed)
}

/// The newest notes of all users, with the addresses of their authors.
async fn newest(_: CurrentUser, State(db): State<PgPool>) -> Result<Json<Vec<(String, String)>>, StatusCode> {
    let sql = "SELECT users.email, notes.text FROM notes JOIN auth.users ON users.id = notes.user_id
               ORDER BY notes.id DESC LIMIT 20";
    sqlx::query_as(sql).fetch_all(&db).await.map(Json).map_err(failed)
}

/// The settings that keep the tables of the accounts apart.
pub fn config() -> Config {
    Config { schema: Some("auth".into()), ..Config::default() }
}

/// Builds the app on the database at `url`, in which the accounts are open.
pub async fn app(auth: &Auth, url: &str) -> Result<Router, sqlx::Error> {
    let db = PgPoolOptions::new().max_connections(5).connect(url).await?;
    sqlx::raw_sql(TABLES).execute(&db).await?;
    let routes = Router::new().route("/notes", get(list).post(add)).route("/newest", get(newest));
    Ok(routes.with_state(App { auth: auth.clone(), db }).nest("/auth", auth.router()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = "postgres://app:app@localhost/app";
    let auth = Auth::open_with(url, config()).await?;
    let app = app(&auth, url).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app).await?)
}
