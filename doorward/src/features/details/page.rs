//! `/account/details`: the user changes the display name and the fields that the settings declare.

use std::collections::HashMap;

use axum::{Router, extract::State, response::Response, routing::get};
use minijinja::{Value, context};

use crate::{
    accounts::own_details,
    base::{error::Result, http::input::Form, text::template::BuiltIn},
    web::pages::{
        form::{Faults, FormFields},
        of_feature::PagesOf,
        page::Pages,
        profile_fields,
        visit::{Member, Visit},
    },
};

const TEMPLATE: BuiltIn = ("pages/details.html", include_str!("page.html"));
/// The field with the cursor.
const FIRST: &str = "display_name";

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/account/details", get(show).post(submit)),
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

async fn show(State(pages): State<Pages>, Member { session, visit }: Member) -> Result<Response> {
    let user = &session.user;
    let name = user.display_name.as_deref().unwrap_or_default();
    let shown = filled(&pages, &visit, name, &profile_fields::as_typed(&user.profile));
    pages.form(&visit, TEMPLATE.0, FIRST, shown)
}

async fn submit(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(&visit.words);
    let name = sent.display_name(&mut faults);
    let profile = sent.profile(auth, &mut faults);
    let shown = filled(&pages, &visit, &sent.display_name, &sent.profile);
    let (Some(name), Some(profile)) = (name, profile) else {
        let further = profile_fields::names(&pages);
        let order: Vec<&str> = [FIRST].into_iter().chain(further.iter().map(String::as_str)).collect();
        return pages.form_again(&visit, TEMPLATE.0, &faults, &order, shown);
    };
    match own_details::change(auth, &session, Some(name), profile).await {
        Ok(_) => Ok(visit.go_done("account", "details")),
        Err(error) => pages.form_refused(&visit, TEMPLATE.0, &error, FIRST, shown),
    }
}

/// Returns what the template needs to show the form with these texts in it.
fn filled(pages: &Pages, visit: &Visit, name: &str, profile: &HashMap<String, String>) -> Value {
    context! { display_name => name, fields => profile_fields::form(pages, visit, profile) }
}
