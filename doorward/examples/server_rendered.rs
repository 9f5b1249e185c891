//! An app of HTML pages, with the pages of the accounts beside them: `cargo run --example server_rendered`, then open
//! <http://localhost:3000>.
//!
//! No page of another site can add a note here, and there is no token in the form. A browser says which site a request
//! comes from. Every route that asks who the user is refuses changes from other sites: by the layer `auth.require()`, or
//! by an argument such as `CurrentUser`. A form for everybody, without a user, is not protected: it has no cookie to
//! abuse. And no route that answers `GET` changes anything.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Form, Router,
    extract::{FromRef, State},
    http::header,
    response::{Html, IntoResponse, Redirect},
    routing::get,
};
use doorward::{Auth, Config, CurrentUser, Error, Result, UserId};
use minijinja::{Environment, context};
use serde::Deserialize;

const HOME: &str = r#"<!doctype html><html lang="en"><title>Home</title>
{% if email %}<p>Hello {{ email }}.</p>{% else %}<p><a href="/auth/register?next=/notes">Register</a></p>{% endif %}
<p><a href="/notes">My notes</a></p>"#;

const NOTES: &str = r#"<!doctype html><html lang="en"><title>Notes</title>
<p>{{ email }} <a href="/auth/account">Account</a></p>
<form method="post" action="/auth/logout"><button id="log-out">Log out</button></form>
<ul>{% for note in notes %}<li>{{ note }}</li>{% endfor %}</ul>
<form method="post" action="/notes"><input name="text" required><button id="add">Add</button></form>"#;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    pages: Arc<Environment<'static>>,
    /// A real app keeps them in its database: see the examples `own_tables_sqlite` and `sqlx_postgres`.
    notes: Arc<Mutex<Vec<(UserId, String)>>>,
}

impl App {
    /// Fills in a page. Its name ends with `.html`, so what people typed is escaped. No cache may keep it, so the back
    /// button shows nothing after a log-out.
    fn page(&self, name: &str, values: minijinja::Value) -> Result<impl IntoResponse + use<>> {
        let page = self.pages.get_template(name).and_then(|page| page.render(values));
        let page = page.map_err(|error| {
            eprintln!("{error}");
            Error::Internal
        })?;
        Ok(([(header::CACHE_CONTROL, "no-store")], Html(page)))
    }
}

async fn home(State(app): State<App>, user: Option<CurrentUser>) -> Result<impl IntoResponse> {
    app.page("home.html", context! { email => user.map(|CurrentUser(user)| user.email) })
}

async fn notes(State(app): State<App>, CurrentUser(user): CurrentUser) -> Result<impl IntoResponse> {
    let all = app.notes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let notes: Vec<_> =
        all.into_iter().filter(|(owner, _)| *owner == user.id).map(|(_, text)| text).collect();
    app.page("notes.html", context! { email => user.email, notes })
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn add(State(app): State<App>, CurrentUser(user): CurrentUser, Form(note): Form<Note>) -> Redirect {
    app.notes.lock().unwrap_or_else(PoisonError::into_inner).push((user.id, note.text));
    Redirect::to("/notes")
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Result<Router, minijinja::Error> {
    let mut pages = Environment::new();
    pages.add_template("home.html", HOME)?;
    pages.add_template("notes.html", NOTES)?;
    let app = App { auth: auth.clone(), pages: Arc::new(pages), notes: Arc::default() };
    // A browser without a session is led to the page for logging in, and from there back.
    let members = Router::new()
        .route("/notes", get(notes).post(add))
        .route_layer(auth.require().or_log_in("/auth/login"));
    Ok(Router::new().route("/", get(home)).merge(members).with_state(app).nest("/auth", auth.router()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config { public_url: "http://localhost:3000/auth".into(), ..Config::default() };
    let auth = Auth::open_with("sqlite:app.db", config).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth)?).await?)
}
