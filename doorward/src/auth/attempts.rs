//! The function of a host that decides about attempts of strangers before they cost anything.
//!
//! It is asked before a password is checked or hashed, and before a mail is queued. It knows no feature: it gets the
//! facts of the attempt, and answers with an error, or with the values with which the attempt goes on.

use std::{
    collections::BTreeMap,
    fmt::Display,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    auth::decision::{AllowedAs, Decision},
    base::{
        email::Email,
        error::{Error, Result},
        host_code::{self, Fault},
    },
    model::{
        client::Client,
        details::{JsonObject, NewDetails},
    },
};

/// The time that the function has.
const PATIENCE: Duration = Duration::from_secs(5);

/// An attempt of a client, which has proved nothing yet unless the kind says so. It never holds a password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// What the client wants to do.
    pub kind: AttemptKind,
    /// The e-mail address as it was typed. For a log-in it may be anything, such as a password.
    pub email: String,
    /// The client address, if the host passes it on.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header, or the beginning of a long one.
    pub user_agent: Option<String>,
    /// The answer to a challenge: the header `Doorward-Answer`, or the field `answer` of a form on a page.
    pub answer: Option<String>,
    /// The language of the page, or of the mails that the request causes: `en`, `de`, `fr`, `es` or `zh`. Texts for people
    /// should be in it.
    pub language: &'static str,
    /// The fields of the body that [`Config::attempt_fields`](crate::Config::attempt_fields) names, as far as the client
    /// sent them. No other field is here: a client may have sent a password under a wrong name.
    pub fields: BTreeMap<String, String>,
}

/// What a client wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptKind {
    /// Create an account.
    Register,
    /// Log in with a password.
    LogIn,
    /// Have a mail sent to an address.
    Mail,
    /// Give their account another address. This client is logged in and has proved the password.
    ChangeEmail,
}

impl AttemptKind {
    /// The name, for programs: `register`, `log_in`, `mail` or `change_email`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::LogIn => "log_in",
            Self::Mail => "mail",
            Self::ChangeEmail => "change_email",
        }
    }
}

type Future = Pin<Box<dyn std::future::Future<Output = Decision> + Send>>;
type Function = Arc<dyn Fn(Attempt) -> Future + Send + Sync>;

/// The function of the host, if it has set one.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<Option<Function>>);

/// An attempt that may go on: its address, and what the host says of a new user.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    kind: AttemptKind,
    pub(crate) email: String,
    values: AllowedAs,
}

impl Allowed {
    /// Returns the address, if the client typed `typed`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the function of the host changed it to a text that is no address.
    pub(crate) fn address(&self, typed: &Email) -> Result<Email> {
        if self.email == typed.typed {
            return Ok(typed.clone());
        }
        let address = match self.kind {
            // The account may have an address that nobody can register any more.
            AttemptKind::LogIn | AttemptKind::Mail => Email::known(&self.email),
            AttemptKind::Register | AttemptKind::ChangeEmail => Email::parse(&self.email),
        };
        address.map_err(|expected| wrong_value("email", expected))
    }

    /// Returns what the host says of the new user. It is not checked yet.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the function of the host made something else of a JSON object.
    pub(crate) fn new_user(self) -> Result<NewDetails> {
        let object = |field, given: Option<Option<JsonObject>>| match given {
            None => Ok(JsonObject::default()),
            Some(object) => object.ok_or_else(|| wrong_value(field, "expected one JSON object")),
        };
        Ok(NewDetails {
            display_name: self.values.display_name,
            roles: self.values.roles.unwrap_or_default(),
            attributes: object("attributes", self.values.attributes)?,
            profile: object("profile", self.values.profile)?,
        })
    }
}

/// Tells the operator which value of the function is wrong. Returns the error for the client, who cannot help it.
pub(crate) fn wrong_value(field: &str, expected: impl Display) -> Error {
    tracing::error!(field, %expected, "the function that decides about attempts set a wrong value");
    Error::Unavailable
}

impl Attempts {
    pub(crate) fn set<F, A, D>(&self, function: F)
    where
        F: Fn(Attempt) -> A + Send + Sync + 'static,
        A: std::future::Future<Output = D> + Send + 'static,
        D: Into<Decision>,
    {
        let function = Arc::new(function);
        let function: Function = Arc::new(move |attempt| {
            let function = Arc::clone(&function);
            // The function itself may panic too.
            Box::pin(async move { function(attempt).await.into() })
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(function);
    }

    /// Asks the function of the host.
    ///
    /// # Errors
    /// [`Error::AttemptRefused`], [`Error::RefusedByHost`] and [`Error::ChallengeRequired`]. [`Error::Unavailable`] if
    /// the function takes too long, fails or panics. An attempt is never allowed for such a reason: an attacker could
    /// cause it.
    pub(crate) async fn decide(&self, kind: AttemptKind, email: &str, client: &Client) -> Result<Allowed> {
        let function = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(function) = function else {
            return Ok(Allowed { kind, email: email.to_owned(), values: AllowedAs::default() });
        };
        let attempt = Attempt {
            kind,
            email: email.to_owned(),
            ip: client.ip,
            user_agent: client.user_agent.clone(),
            answer: client.answer.clone(),
            language: client.language.tag(),
            fields: client.fields.clone(),
        };
        match host_code::run(PATIENCE, function(attempt)).await {
            Ok(Decision::Allow) => allowed(kind, email, AllowedAs::default()),
            Ok(Decision::AllowAs(values)) => allowed(kind, email, values),
            Ok(Decision::Refuse) => Err(Error::AttemptRefused),
            Ok(Decision::RefuseWith { code, text }) => Err(refusal(code, text)),
            Ok(Decision::Challenge(text)) => Err(Error::ChallengeRequired(text)),
            Ok(Decision::Later) => Err(Error::Unavailable),
            Err(Fault::Late) => {
                tracing::warn!("the function that decides about attempts took longer than 5 s");
                Err(Error::Unavailable)
            }
            Err(Fault::Panicked) => {
                tracing::error!("the function that decides about attempts panicked");
                Err(Error::Unavailable)
            }
        }
    }
}

/// Returns the attempt with the values of the host, unless it has values for a new user where there is none.
fn allowed(kind: AttemptKind, typed: &str, mut values: AllowedAs) -> Result<Allowed> {
    match values.of_new_user() {
        Some(field) if kind != AttemptKind::Register => {
            Err(wrong_value(field, "expected only for a registration"))
        }
        _ => {
            let email = values.email.take().unwrap_or_else(|| typed.to_owned());
            Ok(Allowed { kind, email, values })
        }
    }
}

/// Returns the refusal with a code of the host.
fn refusal(code: String, text: String) -> Error {
    if Error::is_free_code(&code) {
        return Error::RefusedByHost { code, text };
    }
    tracing::error!(code, "a decision has a code that is malformed or means something else");
    Error::RefusedByHost { code: "attempt_refused".into(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_function_that_does_not_answer_lets_nobody_in() {
        let attempts = Attempts::default();
        let decide = || async {
            let client = Client::default();
            let allowed = attempts.decide(AttemptKind::LogIn, "ann@example.org", &client).await;
            allowed.map(|allowed| allowed.email)
        };
        let allowed = || Ok("ann@example.org".to_owned());
        assert_eq!(decide().await, allowed());
        attempts.set(|_| std::future::pending::<Decision>());
        let begun = tokio::time::Instant::now();
        assert_eq!(decide().await, Err(Error::Unavailable));
        assert_eq!(begun.elapsed(), PATIENCE);
        attempts.set(|_| async { Err::<Decision, _>("no connection") });
        assert_eq!(decide().await, Err(Error::Unavailable));
        attempts.set(|attempt| async move {
            assert_eq!(attempt.email, "nobody", "this function panics");
            Decision::Allow
        });
        assert_eq!(decide().await, Err(Error::Unavailable));
        attempts.set(|attempt| {
            assert_eq!(attempt.email, "nobody", "this function panics before it returns a future");
            async { Decision::Allow }
        });
        assert_eq!(decide().await, Err(Error::Unavailable));
        attempts.set(|_| async { Decision::Allow });
        assert_eq!(decide().await, allowed());
    }

    #[tokio::test]
    async fn a_wrong_code_refuses_all_the_same() {
        let attempts = Attempts::default();
        for (code, answered) in [
            ("invite_needed", "invite_needed"),
            ("wrong_credentials", "attempt_refused"),
            ("a b", "attempt_refused"),
        ] {
            attempts.set(move |_| async move { Decision::refuse(code, "Ask for an invitation") });
            let refused = attempts.decide(AttemptKind::Register, "ann@example.org", &Client::default()).await;
            let expected =
                Error::RefusedByHost { code: answered.into(), text: "Ask for an invitation".into() };
            assert_eq!(refused, Err(expected), "{code}");
        }
    }
}
