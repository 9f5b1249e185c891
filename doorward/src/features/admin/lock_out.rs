//! Locks everybody out of an account that was taken over, for operators.

#[cfg(feature = "totp")]
use crate::accounts::limit::guesses;
use crate::{
    accounts::{credential, device, event, mail::outbox, oauth, one_time, session, user, ways_in},
    auth::Auth,
    base::error::Result,
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        user::UserId,
    },
};

impl Auth {
    /// Ends all that logs in as this user, because somebody else may hold it: every session, token and link, what the
    /// user allowed apps, every known and trusted browser, the authenticator app, the passkeys and the recovery codes,
    /// and the password. Returns `false` if there is no such user.
    ///
    /// The account stays, and its owner gets in again by mail: with a new password (`POST /forgot-password`), or with
    /// [`Config::email_login`](crate::Config::email_login). No mail is sent now: see [`Auth::send_password_reset`]. So
    /// make sure first that the mail of this address reaches the owner, and change the address otherwise
    /// ([`Auth::set_email`]). A former address can still take the account back, see [`EventKind::EmailChangeUndone`].
    /// To let nobody in at all, use [`Auth::disable_user`].
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn lock_out_user(&self, id: impl Into<UserId>) -> Result<bool> {
        let id = id.into();
        let mut tx = self.db().begin().await?;
        credential::forget_password(&mut tx, id).await?;
        ways_in::remove_since(self, &mut tx, id, 0, By::Operator).await?;
        outbox::cancel(&mut tx, id, Letter::CONFIRM_EMAIL).await?;
        if user::lock_any(&mut tx, id).await?.is_none() {
            return Ok(false);
        }
        one_time::kill_all(&mut tx, id).await?;
        session::end_all(&mut tx, id).await?;
        oauth::take_back_all(&mut tx, id).await?;
        device::forget_all(&mut tx, id).await?;
        #[cfg(feature = "totp")]
        guesses::reset_second_factor(&mut tx, id).await?;
        event::record(self, &tx, NewEvent::of(EventKind::UserLockedOut, Some(id), By::Operator)).await?;
        tx.commit().await?;
        Ok(true)
    }
}
