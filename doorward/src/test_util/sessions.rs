//! Users who are logged in, without a request.

use axum::http::HeaderValue;

use super::accounts::TestAuth;
use crate::{
    features::host::log_in::{LogInOutcome, LogInRequest, NewSession},
    model::{
        session::{SessionId, Transport},
        user::UserId,
    },
    web::cookies,
};

/// A program in which a user is logged in. [`TestAuth::log_in_as`] makes it.
#[derive(Clone, Debug)]
pub struct TestProgram {
    id: SessionId,
    token: String,
}

impl TestProgram {
    /// Returns the number of the session.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Returns the token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the value of the header `Authorization`: `Bearer` and the token.
    #[must_use]
    pub fn bearer(&self) -> HeaderValue {
        value(format!("Bearer {}", self.token))
    }
}

/// A browser in which a user is logged in. [`TestAuth::log_in_browser_as`] makes it.
#[derive(Clone, Debug)]
pub struct TestBrowser {
    id: SessionId,
    cookie: String,
}

impl TestBrowser {
    /// Returns the number of the session.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Returns the value of the header `Cookie`. A change, such as a `POST`, also needs `Sec-Fetch-Site: same-origin`, as
    /// browsers send it: without it the answer is 403 `cross_site`.
    #[must_use]
    pub fn cookie(&self) -> HeaderValue {
        value(self.cookie.clone())
    }
}

impl TestAuth {
    /// Logs a user in with a program, as if with the password, and returns the session. All rules of a log-in hold: the
    /// session is in the list of the user, the event is written, and a disabled user is refused.
    ///
    /// # Panics
    /// If the user may not log in.
    pub async fn log_in_as(&self, user: impl Into<UserId>) -> TestProgram {
        let session = self.begin(user.into(), Transport::Bearer).await;
        TestProgram { id: session.id(), token: session.token().to_owned() }
    }

    /// Logs a user in with a browser. All else is as with [`TestAuth::log_in_as`].
    ///
    /// # Panics
    /// If the user may not log in.
    pub async fn log_in_browser_as(&self, user: impl Into<UserId>) -> TestBrowser {
        let session = self.begin(user.into(), Transport::Cookie).await;
        TestBrowser {
            id: session.id(),
            cookie: format!("{}={}", cookies::session_name(self), session.token()),
        }
    }

    async fn begin(&self, user: UserId, transport: Transport) -> NewSession {
        let request = LogInRequest::unknown().by("password");
        match self.log_in(user, transport, request).await {
            Ok(LogInOutcome::LoggedIn(session)) => session,
            Ok(LogInOutcome::SecondStep(_)) => {
                panic!("the user {user} may not log in: the second step is missing")
            }
            Err(error) => panic!("the user {user} may not log in: {error:?}"),
        }
    }
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("a token is ASCII")
}
