//! Adds an authenticator app inside a log-in that waits for it, and finishes the log-in: its user must have a second
//! factor and has none. There is no session before.
//!
//! The password alone leads here, as there is nothing else to prove. Somebody else may know it too, and wait at the
//! same time: each log-in sees only the app that it has begun itself.

use crate::{
    accounts::{
        credential,
        pending_login::{self, Stage, Waiting},
        second_factor::{
            self,
            totp::{self, Beginner},
        },
        session::{self, LoggedIn, Outcome},
        user,
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::Hash,
    },
    features::authenticator::flow::{Enrolment, FirstCode},
    model::{
        client::Client,
        session::{Proof, SecondFactor, Transport},
        user::User,
    },
};

/// Returns the log-in with this token that waits for an app, and its user.
///
/// # Errors
/// [`Error::LogInExpired`] if there is none.
pub(super) async fn waiting(auth: &Auth, token: Hash) -> Result<(User, String)> {
    let waiting = pending_login::find(auth, token, Transport::Cookie).await?;
    let Some(Waiting { user, method, stage: Stage::Enroll }) = waiting else {
        return Err(Error::LogInExpired);
    };
    let user = user::by_id(auth.db(), user).await?.ok_or(Error::LogInExpired)?;
    Ok((user, method))
}

/// Begins to add an app.
///
/// # Errors
/// [`Error::LogInExpired`], and [`Error::SecondFactorNotConfigured`].
pub(super) async fn begin(auth: &Auth, token: Hash) -> Result<()> {
    let (user, _) = waiting(auth, token).await?;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user.id).await?;
    if second_factor::of_user(&tx, user.id).await?.ask() {
        return Err(Error::LogInExpired);
    }
    totp::begin(auth, &tx, user.id, Beginner::LogIn(token)).await?;
    Ok(tx.commit().await?)
}

/// Returns the app that is being added, to show it. `None` if it was not begun, or not by this log-in.
///
/// # Errors
/// [`Error::LogInExpired`].
pub(super) async fn begun(auth: &Auth, token: Hash) -> Result<Option<Enrolment>> {
    let (user, _) = waiting(auth, token).await?;
    let pending = totp::pending(auth, user.id, Beginner::LogIn(token)).await?;
    pending.map(|own| Enrolment::of(auth, &user.email, &own.app)).transpose()
}

/// Adds the app with its first code, and finishes the log-in. Also returns the recovery codes. `replaced` is as with
/// `session::log_in`.
///
/// # Errors
/// [`Error::LogInExpired`], [`Error::WrongOtp`], [`Error::TooManyAttempts`], and the errors of `session::log_in`.
pub(super) async fn confirm(
    auth: &Auth,
    token: Hash,
    otp: &str,
    client: Client,
    replaced: Option<Hash>,
) -> Result<(LoggedIn, Vec<String>)> {
    let (user, method) = waiting(auth, token).await?;
    let own = totp::pending(auth, user.id, Beginner::LogIn(token)).await?.ok_or(Error::LogInExpired)?;
    let mut first = FirstCode::check(auth, &user, own, otp, &client).await?;
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, user.id).await?;
    // What ends this log-in has the same lock, so it waits until the log-in is finished.
    if second_factor::of_user(&tx, user.id).await?.ask()
        || !pending_login::finish(auth, &mut tx, token).await?
    {
        return Err(Error::LogInExpired);
    }
    let codes = first.add(auth, &mut tx, &client).await?.unwrap_or_default();
    let mut user = user::lock_any(&mut tx, user.id).await?.ok_or(Error::LogInExpired)?;
    user.keep_roles(&auth.config().roles);
    let proof =
        Proof { method: &method, second: Some(SecondFactor::Totp), passkey: None, trust_browser: false };
    match session::log_in(auth, tx, &user, (proof, Transport::Cookie), client, replaced).await? {
        Outcome::LoggedIn(logged_in) => Ok((logged_in, codes)),
        // The door asks for a second step only if there was none.
        Outcome::SecondStep(_) => Err(Error::Internal),
    }
}
