//! Logs a user in with a passkey. It ends at the same door as every log-in.

use doorward_passkey::AuthenticationResponse;

use crate::{
    accounts::{
        credential, event,
        passkey::{self, Verdict, challenges::Purpose},
        session::{self, LoggedIn, Outcome},
        user,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        error::{Error, Result},
        secret::Hash,
    },
    model::{
        client::Client,
        session::{Method, Proof, Transport},
        user::User,
    },
};

/// Logs in the user whose passkey has answered. The passkey names them. `replaced` is as with `session::log_in`.
///
/// # Errors
/// [`Error::WrongCredentials`], which says no more. [`Error::UnknownPasskey`] if the passkey was one of a user who is
/// here: only then may a browser forget it. [`Error::PasskeysNotConfigured`], and the errors of the host's function
/// about attempts. A user with an unverified address is refused like one who is disabled.
pub(crate) async fn log_in(
    auth: &Auth,
    answer: &AuthenticationResponse,
    transport: Transport,
    client: Client,
    replaced: Option<Hash>,
) -> Result<(User, LoggedIn)> {
    let method = Method::PASSKEY.0;
    let verified = match passkey::verify(auth, answer, Purpose::LogIn).await? {
        Verdict::Right(verified) => verified,
        Verdict::Unknown => {
            let refused = event::log_in_failed(auth, None, (method, "unknown_passkey"), &client).await?;
            let handle = answer.user_handle.as_deref().unwrap_or_default();
            return Err(if passkey::has_user(auth.db(), handle).await? {
                Error::UnknownPasskey
            } else {
                refused
            });
        }
        Verdict::Refused(why) => {
            tracing::debug!(why, "a passkey was refused");
            return Err(event::log_in_failed(auth, None, (method, "passkey_refused"), &client).await?);
        }
    };
    let id = verified.user();
    let Some(found) = user::by_id(auth.db(), id).await? else { return Err(Error::WrongCredentials) };
    auth.attempts().decide(AttemptKind::LogIn, &found.email, &client).await?;
    let mut tx = auth.db().begin().await?;
    // As with every log-in: a change that ends all sessions comes before this one, or ends its session too.
    credential::lock(&mut tx, id).await?;
    let Ok(second) = verified.spend(auth, &mut tx, &client).await else {
        drop(tx);
        return Err(event::log_in_failed(auth, Some(id), (method, "unknown_passkey"), &client).await?);
    };
    let Some(mut found) = user::lock_any(&mut tx, id).await? else { return Err(Error::WrongCredentials) };
    found.keep_roles(&auth.config().roles);
    let passkey = Some(verified.passkey.id);
    let proof = Proof { method, second: Some(second), passkey, trust_browser: false };
    match session::log_in(auth, tx, &found, (proof, transport), client, replaced).await {
        Ok(Outcome::LoggedIn(logged_in)) => Ok((found, logged_in)),
        // The door asks for a second step only if there was none.
        Ok(Outcome::SecondStep(_)) => Err(Error::Internal),
        Err(Error::EmailNotVerified) => Err(Error::WrongCredentials),
        Err(error) => Err(error),
    }
}
