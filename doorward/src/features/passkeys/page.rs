//! `/account/passkeys`: the owner adds, renames and removes passkeys. Also the form that logs in with one.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward_passkey::{AuthenticationResponse, RegistrationResponse};
use minijinja::{Value, context};

use crate::{
    accounts::{
        passkey::{self, Passkey},
        passkey_log_in,
    },
    base::{
        error::{Error, Result},
        http::input::Form,
        text::{display_name, template::BuiltIn},
        time::Timestamp,
    },
    features::passkeys::{flow, routes::Signal},
    model::{client::Client, session::Transport},
    web::{
        cookies, current_user,
        pages::{
            ago::ago,
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

const LIST: BuiltIn = ("pages/passkeys.html", include_str!("page.html"));
const PAGE: &str = "account/passkeys";

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/passkeys", get(show).post(add))
            .route("/account/passkeys/{id}", post(rename))
            .route("/account/passkeys/{id}/remove", post(remove))
    },
    forms: &[("/login/passkey", || post(log_in))],
    templates: &[LIST],
    ..PagesOf::NONE
};

/// What the list shows.
async fn listed(pages: &Pages, Member { session, visit }: &Member) -> Result<Value> {
    let (auth, user) = (&pages.auth, &session.user);
    auth.relying_party()?;
    let passkeys = passkey::of_user(auth.db(), user.id).await?;
    let now = Timestamp(auth.now());
    let signal = Signal::of(auth, user, &passkeys).map(|signal| serde_json::to_string(&signal));
    let item = |passkey: &Passkey| {
        context! {
            id => passkey.id,
            name => &passkey.name,
            kept => passkey.provider(),
            synced => passkey.backed_up,
            second_step_only => passkey.second_step_only(),
            made_for => passkey.retired.then_some(&*passkey.rp_id),
            added_at => passkey.created_at.to_string(),
            added => ago(&visit.words, now, passkey.created_at),
            used_at => passkey.last_used_at.map(|at| at.to_string()),
            used => passkey.last_used_at.map(|at| ago(&visit.words, now, at)),
        }
    };
    Ok(context! {
        wide => true,
        passkeys => passkeys.iter().map(item).collect::<Vec<Value>>(),
        signal => signal.transpose().ok().flatten(),
        confirm => confirm(visit),
    })
}

/// Returns the address of the page that asks for another proof, and leads back here.
fn confirm(visit: &Visit) -> String {
    visit.leading_to(format!("{}/{PAGE}", visit.base())).link("confirm")
}

async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    let shown = listed(&pages, &member).await?;
    pages.form(&member.visit, LIST.0, "", shown)
}

/// Shows the list again, with an alert for this error. Returns other errors.
async fn again(pages: &Pages, member: &Member, error: Error) -> Result<Response> {
    let key = match error {
        Error::StepUpRequired(_) => {
            let to = confirm(&member.visit);
            return Ok((StatusCode::SEE_OTHER, [("location", to)]).into_response());
        }
        Error::PasskeyRefused(_) => "passkey-refused",
        Error::PasskeyExists => "passkey-exists",
        Error::LastWayIn => "last-way-in",
        Error::LimitReached(_) => "passkeys-most",
        // It was removed meanwhile.
        Error::NotFound => return Ok(member.visit.go(PAGE)),
        error => return Err(error),
    };
    let shown = listed(pages, member).await?;
    let alert = member.visit.words.text(key, &[]);
    pages.page(&member.visit, error.status(), LIST.0, context! { alert, ..shown })
}

/// `POST /account/passkeys`: adds the passkey that the browser has made.
async fn add(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&member.visit.words);
    let Some(answer) = sent.credential(RegistrationResponse::from_json, &mut faults) else {
        return again(&pages, &member, Error::PasskeyRefused(String::new())).await;
    };
    match Box::pin(flow::add(&pages.auth, &member.session, (&answer, None), &client)).await {
        Ok(added) => match added.recovery_codes {
            Some(codes) => {
                let shown = context! { codes, kept_for_key => true };
                pages.page(&member.visit, StatusCode::OK, "pages/recovery_codes.html", shown)
            }
            None => Ok(member.visit.go_done(PAGE, "passkey")),
        },
        Err(error) => again(&pages, &member, error).await,
    }
}

/// `POST /account/passkeys/{id}`: gives a passkey another name.
async fn rename(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Path(id): Path<String>,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let Ok(name) = display_name::line(&sent.display_name) else {
        let shown = listed(&pages, &member).await?;
        let alert = member.visit.words.text("passkey-name-wrong", &[]);
        return pages.page(
            &member.visit,
            StatusCode::UNPROCESSABLE_ENTITY,
            LIST.0,
            context! { alert, ..shown },
        );
    };
    // A number that cannot be read is that of no passkey.
    match flow::rename(&pages.auth, &member.session, (id.parse().unwrap_or(0), &name), &client).await {
        Ok(()) => Ok(member.visit.go_done(PAGE, "passkey-renamed")),
        Err(error) => again(&pages, &member, error).await,
    }
}

/// `POST /account/passkeys/{id}/remove`.
async fn remove(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Path(id): Path<String>,
) -> Result<Response> {
    match flow::remove(&pages.auth, &member.session, id.parse().unwrap_or(0), &client).await {
        Ok(()) => Ok(member.visit.go_done(PAGE, "passkey-removed")),
        Err(error) => again(&pages, &member, error).await,
    }
}

/// `POST /login/passkey` as a form.
async fn log_in(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, client) = (&pages.auth, sent.answered(client));
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let domain = auth.relying_party()?.id.as_str();
    let again = |error: &Error, unknown: Option<String>| {
        let shown = context! { links => pages.links(), unknown_passkey => unknown, passkey_domain => domain };
        pages.form_refused(&visit, "pages/login.html", error, "email", shown)
    };
    let Some(answer) = sent.credential(AuthenticationResponse::from_json, &mut faults) else {
        return again(&Error::PasskeyRefused(String::new()), None);
    };
    match Box::pin(passkey_log_in::log_in(auth, &answer, Transport::Cookie, client, replaced)).await {
        Ok((_, logged_in)) => {
            let onward = onward::after_log_in(auth, &visit, &headers);
            Ok((cookies::logged_in(auth, &logged_in), onward).into_response())
        }
        Err(error @ Error::UnknownPasskey) => again(&error, Some(URL_SAFE_NO_PAD.encode(&answer.id))),
        Err(Error::WrongCredentials) => again(&Error::PasskeyRefused(String::new()), None),
        Err(error) => again(&error, None),
    }
}
