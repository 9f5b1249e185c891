//! `/register`: creates an account and logs the user in.

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{limit::new_passwords, session},
    base::{
        config::{ProfileField, Registration as Mode},
        error::{Error, Result},
        http::input::Form,
        passwords::queue::Class,
        text::template::BuiltIn,
    },
    features::register::flow::{self, Registered},
    model::{
        client::Client,
        session::{Method, Transport},
    },
    web::{
        cookies,
        current_user::{self, CurrentUser},
        pages::{
            code,
            form::{Faults, FormFields},
            of_feature::PagesOf,
            page::Pages,
            visit::Visit,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/register.html", include_str!("page.html"));
/// One of the fields that the settings declare.
const FIELD: BuiltIn = ("pages/profile_field.html", include_str!("profile_field.html"));
const FIELDS: [&str; 2] = ["email", "password"];

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/register", get(show)),
    forms: &[("/register", || post(submit))],
    templates: &[TEMPLATE, FIELD],
    ..PagesOf::NONE
};

async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    match user? {
        Some(_) => Ok(visit.go_on()),
        None => {
            let fields = profile_fields(&pages, &visit, None);
            pages.form(&visit, TEMPLATE.0, "email", context! { fields })
        }
    }
}

/// Returns what the template needs to show each field that the settings declare, with the values that were sent.
fn profile_fields(pages: &Pages, visit: &Visit, sent: Option<&FormFields>) -> Vec<Value> {
    let field = |field: &ProfileField| {
        context! {
            name => format!("profile.{}", field.name),
            label => field.label(visit.words.language.tag()),
            kind => field.kind.name(),
            required => field.required,
            greatest => field.greatest(),
            typed => sent.and_then(|sent| sent.profile.get(&field.name)),
        }
    };
    pages.auth.config().profile.iter().map(field).collect()
}

async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, client) = (&pages.auth, sent.answered(client));
    if auth.config().registration() == Mode::Closed {
        return Err(Error::RegistrationClosed);
    }
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let email = sent.new_email(&mut faults);
    let profile = sent.profile(auth, &mut faults);
    let attempt = new_passwords::count(auth, &client).await?;
    let caller = client.caller(Class::Register);
    let password = sent.first_password(auth, &sent.email, caller, &mut faults).await?;
    let fields = profile_fields(&pages, &visit, Some(&sent));
    let shown = context! { email => &*sent.email, fields };
    let (Some(email), Some(password), Some(profile)) = (email, password, profile) else {
        return pages.form_again(&visit, TEMPLATE.0, &faults, &FIELDS, shown);
    };
    let registered = async {
        let user = match flow::register(auth, attempt, (&email, profile), password, &client).await? {
            Registered::Done(user) if !auth.config().requires_verified_email() => user,
            // The host may have changed the address.
            Registered::Done(user) => return code::wait(&pages, &visit, &user.email),
            Registered::Sent(email) => return code::wait(&pages, &visit, &email.typed),
        };
        let tx = auth.db().begin().await?;
        let logged_in =
            session::log_in(auth, tx, &user, (Method::PASSWORD, Transport::Cookie), client, replaced).await?;
        Ok((cookies::logged_in(auth, &logged_in), visit.go_on()).into_response())
    };
    // In a box, so that a request takes little memory while its body arrives.
    match Box::pin(registered).await {
        Ok(response) => Ok(response),
        Err(Error::EmailExists) => {
            faults.note::<()>("email", "email-taken");
            pages.form_again(&visit, TEMPLATE.0, &faults, &FIELDS, shown)
        }
        Err(error) => pages.form_refused(&visit, TEMPLATE.0, &error, "password", shown),
    }
}
