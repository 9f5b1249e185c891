//! `/account`: the address, the name, the details and the sessions of the user. `/` redirects there, or to the log-in.

use axum::{Router, extract::State, response::Response, routing::get};
use minijinja::{Value, context};

use crate::{
    accounts::session::{self, Listed},
    base::{
        error::Result,
        text::{template::BuiltIn, texts::Words},
        time::Timestamp,
    },
    features::account::{data_page, delete_page},
    web::{
        current_user::CurrentUser,
        pages::{
            ago::ago,
            of_feature::PagesOf,
            page::Pages,
            profile_fields,
            program_name::program_name,
            visit::{Member, Visit},
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/account.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/", get(start))
            .route("/account", get(show))
            .route("/account/data", get(data_page::show).post(data_page::submit))
            .route("/account/delete", get(delete_page::show).post(delete_page::submit))
    },
    templates: &[TEMPLATE, data_page::TEMPLATE, delete_page::TEMPLATE],
    ..PagesOf::NONE
};

/// `GET /`.
async fn start(visit: Visit, user: Result<Option<CurrentUser>>) -> Result<Response> {
    Ok(visit.go(if user?.is_some() { "account" } else { "login" }))
}

async fn show(State(pages): State<Pages>, Member { session, visit }: Member) -> Result<Response> {
    let now = Timestamp(pages.auth.now());
    let listed = session::list(&pages.auth, session.user.id).await?;
    let item = |listed: Listed| {
        context! {
            id => listed.id,
            current => listed.id == session.id,
            name => name(&visit.words, &listed),
            ip => listed.ip,
            seen_at => listed.last_seen_at.to_string(),
            seen => ago(&visit.words, now, listed.last_seen_at),
            since_at => listed.created_at.to_string(),
            since => ago(&visit.words, now, listed.created_at),
        }
    };
    let user = &session.user;
    let shown = context! {
        wide => true,
        user => context! {
            email => &user.email,
            verified => user.email_verified_at.is_some(),
            display_name => user.display_name.as_deref(),
        },
        details => profile_fields::read_only(&pages, &visit, &user.profile),
        has_second_factor => pages.auth.has_second_factor(),
        has_trusted_browsers => pages.auth.has_second_factor() && !pages.auth.config().trust_browser_for.is_zero(),
        has_apps => pages.auth.has_provider(),
        sessions => listed.into_iter().map(item).collect::<Vec<Value>>(),
    };
    pages.form(&visit, TEMPLATE.0, "", shown)
}

/// Names the program of a session.
fn name(words: &Words, session: &Listed) -> String {
    let name = program_name(words, session.user_agent.as_deref());
    match session.transport == "bearer" {
        true => words.text("app-access", &[("name", name.into())]),
        false => name,
    }
}
