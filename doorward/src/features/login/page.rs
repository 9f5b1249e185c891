//! `/login`: logs in with a password.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use minijinja::context;

use crate::{
    accounts::{credential, session},
    base::{error::Result, http::input::Form, text::template::BuiltIn},
    model::{
        client::Client,
        session::{Method, Transport},
    },
    web::{
        cookies,
        current_user::{self, CurrentUser},
        pages::{
            form::{Faults, FormFields},
            page::Pages,
            visit::Visit,
        },
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/login.html", include_str!("page.html"));

pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    match user? {
        Some(_) => Ok(visit.go_on()),
        None => pages.form(&visit, TEMPLATE.0, "email", context! { links => pages.links() }),
    }
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, client) = (&pages.auth, sent.answered(client));
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let email = sent.email(&mut faults);
    let password = sent.password("alert-wrong-credentials", &mut faults);
    let shown = context! { email => &*sent.email, links => pages.links() };
    let (Some(_), Some(password)) = (email, password) else {
        return pages.form_again(&visit, TEMPLATE.0, &faults, &["email", "password"], shown);
    };
    let logged_in = async {
        let (user, tx, _reserved) = credential::use_password(auth, &sent.email, password, &client).await?;
        session::log_in(auth, tx, &user, (Method::PASSWORD, Transport::Cookie), client, replaced).await
    };
    match logged_in.await {
        Ok(logged_in) => Ok((cookies::logged_in(auth, &logged_in), visit.go_on()).into_response()),
        Err(error) => pages.form_refused(&visit, TEMPLATE.0, &error, "password", shown),
    }
}
