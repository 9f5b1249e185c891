//! Takes the second step of a log-in that waits. It ends at the same door as every log-in.

use crate::{
    accounts::{
        credential,
        passkey::challenges::Purpose,
        pending_login::{self, Stage, Waiting},
        second_factor::{self, Factors, Shown},
        session::{self, LoggedIn, Outcome},
        user,
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::Hash,
    },
    model::{
        client::Client,
        session::{Proof, Transport},
        user::User,
    },
};

/// Returns what the user of a log-in that waits can take the second step with.
///
/// # Errors
/// [`Error::LogInExpired`].
pub(crate) async fn factors(auth: &Auth, (token, transport): (Hash, Transport)) -> Result<Factors> {
    let waiting = pending_login::find(auth, token, transport).await?.ok_or(Error::LogInExpired)?;
    second_factor::look_at(auth.db(), waiting.user).await
}

/// What a client shows at the second step.
pub(crate) struct Step {
    pub(crate) shown: Shown,
    /// The user wants no second step in this browser for a while.
    pub(crate) trust_browser: bool,
}

/// Takes the second step of the log-in with this token. `replaced` is as with `session::log_in`.
///
/// # Errors
/// [`Error::LogInExpired`] if there is no such log-in, or not any more. [`Error::WrongOtp`] and
/// [`Error::WrongRecoveryCode`] and [`Error::PasskeyRefused`]: after five of them the log-in has to begin anew.
/// [`Error::TooManyAttempts`], and the errors of `session::log_in`.
pub(crate) async fn take(
    auth: &Auth,
    (token, transport): (Hash, Transport),
    Step { shown, trust_browser }: &Step,
    client: Client,
    replaced: Option<Hash>,
) -> Result<(User, LoggedIn)> {
    let waiting = pending_login::find(auth, token, transport).await?;
    let Some(Waiting { user, method, stage: Stage::SecondStep }) = waiting else {
        return Err(Error::LogInExpired);
    };
    let found = user::by_id(auth.db(), user).await?.ok_or(Error::LogInExpired)?;
    // A try counts before it is checked. So many tries at once are no more than those one after the other.
    pending_login::count_try(auth, token).await?;
    let mut checked =
        match second_factor::check(auth, &found, (shown, Purpose::SecondStep(token)), &client).await {
            Err(error @ (Error::TooManyAttempts(_) | Error::Unavailable)) => {
                pending_login::give_back_try(auth, token).await?;
                return Err(error);
            }
            checked => checked?,
        };
    let mut tx = auth.db().begin().await?;
    // As with every log-in: a change that ends all sessions comes before this one, or ends its session too.
    credential::lock(&mut tx, user).await?;
    let second = checked.spend(auth, &mut tx, &client).await?;
    let mut found = user::lock_any(&mut tx, user).await?.ok_or(Error::LogInExpired)?;
    found.keep_roles(&auth.config().roles);
    if !pending_login::finish(auth, &mut tx, token).await? {
        return Err(Error::LogInExpired);
    }
    let (second, passkey) = (Some(second), checked.passkey());
    let proof = Proof { method: &method, second, passkey, trust_browser: *trust_browser };
    match session::log_in(auth, tx, &found, (proof, transport), client, replaced).await? {
        Outcome::LoggedIn(logged_in) => Ok((found, logged_in)),
        // The door asks for a second step only if there was none.
        Outcome::SecondStep(_) => Err(Error::Internal),
    }
}
