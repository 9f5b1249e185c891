//! `/account/second-factor`: the owner adds an authenticator app, renews the recovery codes, or removes both. It works
//! without a script.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{
        own_proof::OwnProof,
        second_factor::{self, totp},
    },
    base::{
        error::{Error, Result},
        http::input::Form,
        text::template::BuiltIn,
        time::Timestamp,
    },
    features::authenticator::{
        adding::{ADDING, CODES, enrolment, first_code_refused},
        download::download,
        enroll_page, flow,
    },
    model::client::Client,
    web::pages::{
        form::{Faults, FormFields},
        of_feature::PagesOf,
        page::Pages,
        visit::Member,
    },
};

const OVERVIEW: BuiltIn = ("pages/second_factor.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/second-factor", get(show).post(begin))
            .route("/account/second-factor/confirm", get(adding).post(confirm))
            .route("/account/second-factor/codes", post(renew_codes))
            .route("/account/second-factor/codes/download", post(download))
            .route("/account/second-factor/remove", post(remove))
            .route("/login/enroll", get(enroll_page::show).post(enroll_page::begin))
            .route("/login/enroll/confirm", get(enroll_page::adding).post(enroll_page::confirm))
    },
    templates: &[OVERVIEW, ADDING, CODES, enroll_page::TEMPLATE],
    ..PagesOf::NONE
};

/// What the overview shows.
async fn overview(pages: &Pages, member: &Member) -> Result<Value> {
    let (auth, user) = (&pages.auth, &member.session.user);
    let factors = second_factor::look_at(auth.db(), user.id).await?;
    let since = match factors.ask() {
        true => {
            totp::active(auth, user.id).await?.map(|own| member.visit.words.date(Timestamp(own.created_at)))
        }
        false => None,
    };
    Ok(context! {
        user => context! { email => &user.email },
        has_app => factors.ask(),
        since,
        left => factors.recovery_codes,
    })
}

async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    if !totp::is_offered(&pages.auth) {
        return Err(Error::SecondFactorNotConfigured);
    }
    let shown = overview(&pages, &member).await?;
    pages.form(&member.visit, OVERVIEW.0, "", shown)
}

/// Shows the overview again, with the fault of a field. Returns other errors.
async fn again(pages: &Pages, member: &Member, mut faults: Faults, error: Error) -> Result<Response> {
    let (field, key) = match error {
        Error::WrongPassword => ("password", "wrong-password"),
        Error::WrongOtp | Error::StepUpRequired(_) => ("code", "wrong-otp"),
        Error::WrongRecoveryCode => ("code", "wrong-recovery-code"),
        // The app was removed meanwhile.
        Error::NotFound => return Ok(member.visit.go("account/second-factor")),
        error => {
            let shown = overview(pages, member).await?;
            return pages.form_refused(&member.visit, OVERVIEW.0, &error, "code", shown);
        }
    };
    faults.note::<()>(field, key);
    missing(pages, member, &faults).await
}

async fn missing(pages: &Pages, member: &Member, faults: &Faults) -> Result<Response> {
    let shown = overview(pages, member).await?;
    pages.form_again(&member.visit, OVERVIEW.0, faults, &["password", "code"], shown)
}

/// `POST /account/second-factor`: begins to add an app.
async fn begin(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, session) = (&pages.auth, &member.session);
    let mut faults = Faults::new(&member.visit.words);
    let has_app = second_factor::look_at(auth.db(), session.user.id).await?.ask();
    let proof = if has_app {
        sent.second_factor(&mut faults).map(OwnProof::SecondFactor)
    } else {
        sent.password("wrong-password", &mut faults).map(OwnProof::Password)
    };
    let Some(proof) = proof else { return missing(&pages, &member, &faults).await };
    match flow::begin(auth, session, Some(proof), &client).await {
        // A new address, so that reloading repeats nothing.
        Ok(_) => Ok(member.visit.go("account/second-factor/confirm")),
        Err(error) => again(&pages, &member, faults, error).await,
    }
}

/// The pages of the form with the first code.
const HERE: (&str, &str) = ("account/second-factor/confirm", "account/second-factor");

/// `GET /account/second-factor/confirm`: shows the secret and asks for the first code.
async fn adding(State(pages): State<Pages>, member: Member) -> Result<Response> {
    match flow::begun(&pages.auth, &member.session).await? {
        Some(begun) => pages.form(&member.visit, ADDING.0, "code", enrolment(&begun, HERE)),
        None => Ok(member.visit.go("account/second-factor")),
    }
}

/// `POST /account/second-factor/confirm`.
async fn confirm(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&member.visit.words);
    let confirmed = match sent.otp(&mut faults) {
        Some(otp) => flow::confirm(&pages.auth, &member.session, otp, &client).await,
        None => Err(Error::WrongOtp),
    };
    let error = match confirmed {
        Ok(Some(codes)) => return show_codes(&pages, &member, &codes),
        Ok(None) => return Ok(member.visit.go_done("account/second-factor", "second-factor")),
        Err(Error::LogInExpired) => return Ok(member.visit.go("account/second-factor")),
        Err(error) => error,
    };
    let Some(begun) = flow::begun(&pages.auth, &member.session).await? else {
        return Ok(member.visit.go("account/second-factor"));
    };
    first_code_refused(&pages, &member.visit, faults, &error, enrolment(&begun, HERE))
}

/// Shows new recovery codes, once.
fn show_codes(pages: &Pages, member: &Member, codes: &[String]) -> Result<Response> {
    let shown = context! { codes => codes.to_vec(), done_page => "account/second-factor" };
    Ok(pages.page(&member.visit, StatusCode::OK, CODES.0, shown)?.into_response())
}

/// `POST /account/second-factor/codes`.
async fn renew_codes(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&member.visit.words);
    let Some(shown) = sent.second_factor(&mut faults) else { return missing(&pages, &member, &faults).await };
    let proof = Some(OwnProof::SecondFactor(shown));
    match flow::renew_codes(&pages.auth, &member.session, proof, &client).await {
        Ok(codes) => show_codes(&pages, &member, &codes),
        Err(error) => again(&pages, &member, faults, error).await,
    }
}

/// `POST /account/second-factor/remove`.
async fn remove(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&member.visit.words);
    let Some(shown) = sent.second_factor(&mut faults) else { return missing(&pages, &member, &faults).await };
    let proof = Some(OwnProof::SecondFactor(shown));
    match flow::remove(&pages.auth, &member.session, proof, &client).await {
        Ok(()) => Ok(member.visit.go_done("account/second-factor", "second-factor-removed")),
        Err(error) => again(&pages, &member, faults, error).await,
    }
}
