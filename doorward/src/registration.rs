//! Making an account for whoever asks.

use crate::{
    auth::Auth,
    client::Client,
    config,
    credential,
    email::Email,
    error::{Error, Result},
    password::Password,
    user::{self, User},
};

/// What came of registering.
pub(crate) enum Registered {
    /// There is an account now.
    Done(User),
    /// There is an account now, or there was one before: the owner of the address learns it by mail.
    Sent,
}

/// Registers somebody, as far as the settings let them. In private mode what happens, and how long it takes, is the
/// same whether or not there is an account with this address.
///
/// # Errors
/// [`Error::RegistrationClosed`], [`Error::Invalid`] for a password that is not good enough, and in open mode
/// [`Error::EmailExists`].
pub(crate) async fn register(
    auth: &Auth,
    email: &Email,
    password: Password,
    client: &Client,
) -> Result<Registered> {
    let mode = auth.config.registration();
    if mode == config::Registration::Closed {
        return Err(Error::RegistrationClosed);
    }
    auth.policy.check(&auth.hashing, "password", &password, &email.typed).await?;
    let hash = auth.hashing.hash(password).await?;
    let mut tx = auth.db.begin().await?;
    let added = match user::insert(auth, &mut tx, email).await {
        Err(Error::EmailExists) if mode == config::Registration::Private => None,
        result => Some(result?),
    };
    if let Some(user) = &added {
        credential::set_password(auth, &mut tx, user.id, hash).await?;
    }
    todo!();
    tx.commit().await?;
    Ok(match (mode, added) {
        (config::Registration::Open, Some(user)) => Registered::Done(user),
        _ => Registered::Sent,
    })
}
