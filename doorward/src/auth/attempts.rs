//! The function of a host that decides about attempts of strangers before they cost anything.
//!
//! It is asked before a password is checked or hashed, and before a mail is queued. It knows no feature: it gets the
//! facts of the attempt, and its answer is an error or nothing.

use std::{
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    base::error::{Error, Result},
    model::client::Client,
};

/// The time that the function has.
const PATIENCE: Duration = Duration::from_secs(5);

/// An attempt of a client that has proved nothing yet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// What the client wants to do.
    pub kind: AttemptKind,
    /// The e-mail address as it was typed. It may be anything, such as a password.
    pub email: String,
    /// The client address, if the host passes it on.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` header, or the beginning of a long one.
    pub user_agent: Option<String>,
    /// The answer to a challenge: the header `Doorward-Answer`, or the field `answer` of a form on a page.
    pub answer: Option<String>,
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
}

/// The decision about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It may go on.
    Allow,
    /// It is refused: 403 `attempt_refused`.
    Refuse,
    /// It is refused with 403 `challenge_required`, and this text says what the client must do, such as to solve a
    /// CAPTCHA. The client tries again, with its answer in [`Attempt::answer`].
    Challenge(String),
    /// It cannot be decided now: 503.
    Later,
}

impl AttemptKind {
    /// The name, for programs: `register`, `log_in` or `mail`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::LogIn => "log_in",
            Self::Mail => "mail",
        }
    }
}

type Future = Pin<Box<dyn std::future::Future<Output = Decision> + Send>>;
type Function = Arc<dyn Fn(Attempt) -> Future + Send + Sync>;

/// The function of the host, if it has set one.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<Option<Function>>);

impl Attempts {
    pub(crate) fn set<F, D>(&self, function: F)
    where
        F: Fn(Attempt) -> D + Send + Sync + 'static,
        D: std::future::Future<Output = Decision> + Send + 'static,
    {
        let function: Function = Arc::new(move |attempt| Box::pin(function(attempt)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(function);
    }

    /// Asks the function of the host.
    ///
    /// # Errors
    /// [`Error::AttemptRefused`] and [`Error::ChallengeRequired`]; [`Error::Unavailable`] if the function takes too
    /// long. An attempt is never allowed because the function is slow: an attacker could make it slow.
    pub(crate) async fn check(&self, kind: AttemptKind, email: &str, client: &Client) -> Result<()> {
        let function = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(function) = function else { return Ok(()) };
        let attempt = Attempt {
            kind,
            email: email.to_owned(),
            ip: client.ip,
            user_agent: client.user_agent.clone(),
            answer: client.answer.clone(),
        };
        match tokio::time::timeout(PATIENCE, function(attempt)).await {
            Ok(Decision::Allow) => Ok(()),
            Ok(Decision::Refuse) => Err(Error::AttemptRefused),
            Ok(Decision::Challenge(text)) => Err(Error::ChallengeRequired(text)),
            Ok(Decision::Later) => Err(Error::Unavailable),
            Err(_) => {
                tracing::warn!("the function that decides about attempts took longer than 5 s");
                Err(Error::Unavailable)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_function_that_does_not_answer_lets_nobody_in() {
        let attempts = Attempts::default();
        let check = || async {
            let client = Client::default();
            attempts.check(AttemptKind::LogIn, "ann@example.org", &client).await
        };
        assert_eq!(check().await, Ok(()));
        attempts.set(|_| std::future::pending());
        let begun = tokio::time::Instant::now();
        assert_eq!(check().await, Err(Error::Unavailable));
        assert_eq!(begun.elapsed(), PATIENCE);
        attempts.set(|_| async { Decision::Allow });
        assert_eq!(check().await, Ok(()));
    }
}
