//! Renders pages: the frame that all share, and their headers.

use std::{io::Write, sync::Arc};

use axum::{
    extract::FromRef,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use fluent_bundle::FluentValue;
use minijinja::{Value, context};

use crate::{
    auth::Auth,
    base::{
        config::{ProfileField, Registration},
        error::{Error, Result},
        http::input::Rules,
        passwords::password::BETTER,
        text::{
            language::{LANGUAGES, Language},
            template::BuiltIn,
        },
    },
    model::purpose::CODE_LIFETIME,
    web::pages::{form::Faults, look::Look, visit::Visit},
};

/// The state that the handlers of all pages share.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(crate) auth: Auth,
    pub(crate) look: Arc<Look>,
    links: Arc<[Link]>,
}

/// A link on the page of the log-in, to a page of another feature.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    pub(crate) page: &'static str,
    /// The key of its text.
    pub(crate) text: &'static str,
    /// Returns `true` if the page can do anything with these settings.
    pub(crate) shown: fn(&Auth) -> bool,
}

/// The templates that pages share.
pub(crate) const TEMPLATES: [BuiltIn; 13] = [
    ("layout.html", include_str!("../../../templates/layout.html")),
    ("pages/answer.html", include_str!("../../../templates/pages/answer.html")),
    ("pages/otp.html", include_str!("../../../templates/pages/otp.html")),
    ("pages/code.html", include_str!("../../../templates/pages/code.html")),
    ("pages/email.html", include_str!("../../../templates/pages/email.html")),
    ("pages/mailed.html", include_str!("../../../templates/pages/mailed.html")),
    ("pages/messages.html", include_str!("../../../templates/pages/messages.html")),
    ("pages/owner.html", include_str!("../../../templates/pages/owner.html")),
    ("pages/onward.html", include_str!("../../../templates/pages/onward.html")),
    ("pages/passkey.html", include_str!("../../../templates/pages/passkey.html")),
    ("pages/password.html", include_str!("../../../templates/pages/password.html")),
    ("pages/proof.html", include_str!("../../../templates/pages/proof.html")),
    ("pages/profile_field.html", include_str!("../../../templates/pages/profile_field.html")),
];

impl FromRef<Pages> for Auth {
    fn from_ref(pages: &Pages) -> Self {
        pages.auth.clone()
    }
}

impl FromRef<Pages> for Arc<Look> {
    fn from_ref(pages: &Pages) -> Self {
        pages.look.clone()
    }
}

impl Rules for Pages {
    fn has_passwords(&self) -> bool {
        self.auth.config().password_login
    }

    fn shortest_password(&self) -> usize {
        self.auth.shortest_password()
    }

    fn attempt_fields(&self) -> &[String] {
        self.auth.attempt_fields()
    }

    fn profile(&self) -> Arc<[ProfileField]> {
        self.auth.profile()
    }
}

impl Pages {
    pub(crate) fn of(auth: &Auth, links: Vec<Link>) -> Self {
        Self { auth: auth.clone(), look: Arc::new(Look::of(auth)), links: links.into() }
    }

    /// Returns the links that the log-in page shows.
    pub(crate) fn links(&self) -> Vec<Value> {
        let shown = self.links.iter().filter(|link| (link.shown)(&self.auth));
        shown.map(|link| context! { page => link.page, text => link.text }).collect()
    }

    /// Renders the page of a template.
    ///
    /// # Errors
    /// [`Error::Internal`] if an operator's template uses a name that does not exist.
    pub(crate) fn page(
        &self,
        visit: &Visit,
        status: StatusCode,
        template: &str,
        shown: Value,
    ) -> Result<Response> {
        let link = {
            let visit = visit.clone();
            Value::from_function(move |page: &str| visit.link(page))
        };
        let language = |language: Language| {
            context! {
                tag => language.tag(), name => name(language), link => visit.link_in(language),
                current => language == visit.words.language,
            }
        };
        let done = visit.done.as_deref().and_then(|done| visit.words.find(&format!("done-{done}"), &[]));
        let frame = context! {
            link,
            style => Value::from_safe_string(self.look.style.clone()),
            script => self.look.script_address(visit),
            icon => self.look.icon_address(visit),
            logo => self.look.logo_address(visit),
            languages => LANGUAGES.map(language).to_vec(),
            done,
            may_register => self.auth.config().registration() != Registration::Closed,
            may_mail => self.auth.mail().works(),
            may_passkey => self.auth.has_passkeys(),
            passwords => self.auth.config().password_login,
            code_minutes => CODE_LIFETIME / 60,
            shortest_password => self.shortest_password(),
            longer_is_better => self.shortest_password() < BETTER,
            errors => context! {},
        };
        let html =
            self.auth.templates().render(template, visit.words.language, context! { ..shown, ..frame })?;
        // With `no-referrer`, older browsers send `Origin: null` with a form (Fetch, "append a request Origin header"),
        // and the form would be refused. The address of a page with a token is secret, so it sends only its origin.
        let referrer = if visit.token.is_some() { "strict-origin" } else { "same-origin" };
        let headers = [
            (header::CONTENT_SECURITY_POLICY, self.look.policy.clone()),
            (header::REFERRER_POLICY, HeaderValue::from_static(referrer)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::VARY, HeaderValue::from_static("accept-encoding, accept-language")),
        ];
        Ok(match compressed(&html).filter(|_| visit.gzip) {
            Some(compressed) => {
                let encoding = [(header::CONTENT_ENCODING, "gzip")];
                (status, headers, encoding, Html(compressed)).into_response()
            }
            None => (status, headers, Html(html)).into_response(),
        })
    }

    /// Shows a form for the first time, with the cursor in the field `focus`.
    pub(crate) fn form(&self, visit: &Visit, template: &str, focus: &str, shown: Value) -> Result<Response> {
        self.page(visit, StatusCode::OK, template, context! { focus, ..shown })
    }

    /// Shows a form again, with the faults beside the fields. The cursor goes to the first field in
    /// `order` that has a fault.
    pub(crate) fn form_again(
        &self,
        visit: &Visit,
        template: &str,
        faults: &Faults,
        order: &[&str],
        shown: Value,
    ) -> Result<Response> {
        let errors = Value::from_pairs(faults.texts().iter().map(|(field, text)| (&**field, text.clone())));
        let context = context! { focus => faults.first(order), errors, failed => true, ..shown };
        self.page(visit, StatusCode::UNPROCESSABLE_ENTITY, template, context)
    }

    /// Shows a form again, with an alert for this error. Returns an error that has no alert.
    pub(crate) fn form_refused(
        &self,
        visit: &Visit,
        template: &str,
        error: &Error,
        focus: &str,
        shown: Value,
    ) -> Result<Response> {
        let text = |key, variables: &[(&str, FluentValue<'_>)]| visit.words.text(key, variables);
        let alert = match error {
            Error::WrongCredentials if self.auth.config().hides_unverified() => {
                text("alert-wrong-or-unverified", &[])
            }
            Error::WrongCredentials => text("alert-wrong-credentials", &[]),
            Error::EmailNotVerified => text("alert-not-verified", &[]),
            Error::TooManyAttempts(seconds) | Error::TooManyLogIns(seconds) => {
                text("alert-attempts", &[("count", (seconds + 59).div_euclid(60).into())])
            }
            Error::Unavailable => text("error-unavailable", &[]),
            Error::UnknownPasskey => text("passkey-unknown", &[]),
            Error::PasskeyRefused(_) => text("passkey-refused", &[]),
            Error::AttemptRefused => text("alert-refused", &[]),
            Error::RefusedByHost { text, .. } => text.clone(),
            Error::ChallengeRequired(challenge) => {
                let asked = context! { focus => "answer", challenge => true, ..shown };
                return self.refused(visit, template, error, challenge, asked);
            }
            _ => return Err(error.clone()),
        };
        self.refused(visit, template, error, &alert, context! { focus, ..shown })
    }

    /// Shows a form again whose code was not checked, because too many were tried. The code may be correct.
    pub(crate) fn code_refused(
        &self,
        visit: &Visit,
        template: &str,
        seconds: i64,
        shown: Value,
    ) -> Result<Response> {
        let alert = visit.words.text("alert-codes", &[]);
        let error = Error::TooManyAttempts(seconds);
        self.refused(visit, template, &error, &alert, context! { focus => "code", ..shown })
    }

    fn refused(
        &self,
        visit: &Visit,
        template: &str,
        error: &Error,
        alert: &str,
        shown: Value,
    ) -> Result<Response> {
        let not_verified = *error == Error::EmailNotVerified;
        let context = context! { alert, not_verified, failed => true, ..shown };
        let page = self.page(visit, error.status(), template, context)?;
        Ok(error.with_headers(page))
    }
}

/// Returns the name of a language in the language itself.
fn name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::German => "Deutsch",
        Language::French => "Français",
        Language::Spanish => "Español",
        Language::Chinese => "中文",
    }
}

/// Compresses a page. Its length reveals no secret: the content is either fixed or belongs to the reader.
fn compressed(html: &str) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(html.len() / 3), Compression::default());
    gzip.write_all(html.as_bytes()).and_then(|()| gzip.finish()).ok()
}
