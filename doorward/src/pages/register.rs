//! `/register`: making an account, and being logged in with it.

use axum::{
    extract::State,
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use minijinja::context;

use crate::{
    client::Client,
    config::Registration,
    credential,
    current_user::{self, CurrentUser},
    error::{Error, Result},
    event::By,
    input::Form,
    session::{self, Transport},
};

use super::{
    form::{Faults, Sent},
    login::METHOD,
    page::Pages,
    visit::Visit,
};

const TEMPLATE: &str = "pages/register.html";
const FIELDS: [&str; 2] = ["email", "password"];

pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    match user? {
        Some(_) => Ok(visit.go_on()),
        None => pages.form(&visit, TEMPLATE, "email", context! {}),
    }
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let auth = &pages.auth;
    if auth.config.registration == Registration::Closed {
        return Err(Error::RegistrationClosed);
    }
    let replaced = current_user::cookie(auth, &headers)?;
    let mut faults = Faults::new(visit.language);
    let email = sent.email(&mut faults);
    let password = sent.first_password(auth, &sent.email, &mut faults).await?;
    let shown = context! { email => &*sent.email };
    let (Some(email), Some(password)) = (email, password) else {
        return pages.form_again(&visit, TEMPLATE, &faults, &FIELDS, shown);
    };
    let logged_in = async {
        let user = credential::register(auth, &email, password, By::User(&client)).await?;
        let tx = auth.db.begin().await?;
        session::log_in(auth, tx, &user, (METHOD, Transport::Cookie), client, replaced).await
    };
    match logged_in.await {
        Ok(logged_in) => {
            let cookie = session::cookie(auth, &logged_in);
            Ok(([(SET_COOKIE, cookie)], visit.go_on()).into_response())
        }
        Err(Error::EmailExists) => {
            faults.note::<()>("email", "email-taken");
            pages.form_again(&visit, TEMPLATE, &faults, &FIELDS, shown)
        }
        Err(error) => pages.form_refused(&visit, TEMPLATE, &error, "password", shown),
    }
}
