//! Takes the second factor of a user away, for operators: the user has lost it.

use crate::{
    accounts::{credential, device, event, limit::guesses, mail::outbox, pending_login, second_factor},
    auth::Auth,
    base::error::Result,
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::SecondFactor,
        user::UserId,
    },
};

impl Auth {
    /// Removes the authenticator app, the passkeys and the recovery codes of a user who has lost them. A log-in then
    /// needs the first proof alone. The owner gets a mail, if the address is verified. Returns `false` if the user has
    /// none, or if there is no such user.
    ///
    /// Make sure who asks for it: somebody who knows the password needs nothing else.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn reset_second_factor(&self, id: impl Into<UserId>) -> Result<bool> {
        let id = id.into();
        let mut tx = self.db().begin().await?;
        credential::lock(&mut tx, id).await?;
        let removed = second_factor::remove_all(&tx, id).await?;
        if removed {
            let notice = Post::of(Letter::SECOND_FACTOR_REMOVED, To::User(id), &Client::default());
            outbox::post(self, &mut tx, &notice).await?;
            let event = NewEvent::of(EventKind::SecondFactorRemoved, Some(id), By::Operator);
            event::record(self, &tx, event.with("factor", SecondFactor::Totp.as_str())).await?;
        }
        pending_login::end_all(&mut tx, id).await?;
        device::distrust_all(&tx, id).await?;
        guesses::reset_second_factor(&mut tx, id).await?;
        tx.commit().await?;
        Ok(removed)
    }
}
