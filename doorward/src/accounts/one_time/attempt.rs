//! Takes a secret that allows one attempt at something, before the attempt is checked.
//!
//! A secret that was taken counts as expired: its end is the negative of its true end. So no look-up finds it, a
//! newer secret replaces it, and the chore deletes it. If the server could not check the attempt, the secret is put
//! back, unless something has made it worthless meanwhile.

use crate::{
    accounts::one_time::tokens::look_at,
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Result},
        secret::{self, Hash},
    },
    model::{purpose::Purpose, user::has_email},
};

/// A secret that one request has taken.
#[derive(Debug)]
pub(crate) struct Taken(Hash);

/// Takes the secret of a link that was sent to this address, and to the user whom a log-in with it finds: two users may
/// have addresses with one key. One of several concurrent requests gets it, and it is durable before the attempt is
/// checked.
///
/// # Errors
/// [`Error::InvalidLink`] if it does not work, or was sent to another address. Then nothing is used up.
pub(crate) async fn take(auth: &Auth, purpose: Purpose, token: &str, email: &Email) -> Result<Taken> {
    // A token that was made up costs no write.
    look_at(auth, purpose, token).await?;
    let hash = secret::hash_in(purpose.kind, token).ok_or(Error::InvalidLink)?;
    let taken = auth
        .db()
        .write(concat!(
            "UPDATE one_time_tokens SET expires_at = 0 - expires_at
             WHERE token_hash = ?3 AND purpose = ?4 AND sent_to_key = ?2 AND expires_at > ?5
                 AND user_id = (SELECT users.id FROM users WHERE ",
            has_email!(),
            ")"
        ))
        .bind(email.keys()[0])
        .bind(email.keys()[1])
        .bind(hash)
        .bind(purpose.name)
        .bind(auth.now())
        .execute()
        .await?;
    if taken == 1 { Ok(Taken(hash)) } else { Err(Error::InvalidLink) }
}

/// Puts a secret back, because the attempt was not checked.
pub(crate) async fn put_back(auth: &Auth, taken: Taken) {
    let put_back = auth
        .db()
        .write(
            "UPDATE one_time_tokens SET expires_at = 0 - expires_at WHERE token_hash = ?1 AND expires_at < 0",
        )
        .bind(taken.0)
        .execute();
    if let Err(error) = put_back.await {
        tracing::debug!(cause = %error, "a link for an attempt that was not checked stays used up");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::accounts::one_time;

    const PURPOSE: Purpose = Purpose::LOGIN_ATTEMPT;

    /// Stores a secret for Ann, and returns its token.
    async fn send(auth: &Auth) -> String {
        let user = auth.find_user("ann@example.org").await.unwrap().unwrap();
        let minted = one_time::mint(auth, PURPOSE).await.unwrap();
        let mut tx = auth.db().begin().await.unwrap();
        let email = Email::parse("ann@example.org").unwrap();
        assert!(one_time::keep(auth, &mut tx, &minted, user.id, &email, auth.now()).await.unwrap());
        tx.commit().await.unwrap();
        minted.token
    }

    #[tokio::test]
    async fn a_secret_is_put_back_unless_it_is_worthless_by_now() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
        let auth = Auth::builder(&url).hash_cost_for_tests(64, 1).open().await.unwrap();
        let user = auth.add_user("ann@example.org", "correct horse battery").await.unwrap();
        let email = Email::parse("ann@example.org").unwrap();
        let take = async |token: &str| take(&auth, PURPOSE, token, &email).await;
        let first = send(&auth).await;
        for _ in 0..3 {
            let taken = take(&first).await.unwrap();
            assert_eq!(take(&first).await.unwrap_err(), Error::InvalidLink);
            assert_eq!(one_time::look_at(&auth, PURPOSE, &first).await.unwrap_err(), Error::InvalidLink);
            put_back(&auth, taken).await;
            one_time::look_at(&auth, PURPOSE, &first).await.unwrap();
        }
        // A newer secret replaces one that was taken.
        let taken = take(&first).await.unwrap();
        let second = send(&auth).await;
        put_back(&auth, taken).await;
        assert_eq!(take(&first).await.unwrap_err(), Error::InvalidLink);
        // So does the end of all secrets, and of time.
        let taken = take(&second).await.unwrap();
        let mut tx = auth.db().begin().await.unwrap();
        one_time::kill_all(&mut tx, user.id).await.unwrap();
        tx.commit().await.unwrap();
        put_back(&auth, taken).await;
        assert_eq!(take(&second).await.unwrap_err(), Error::InvalidLink);
        let third = send(&auth).await;
        let taken = take(&third).await.unwrap();
        auth.advance(Duration::from_secs(30 * 60));
        put_back(&auth, taken).await;
        assert_eq!(take(&third).await.unwrap_err(), Error::InvalidLink);
        // The chore deletes what was taken.
        let fourth = send(&auth).await;
        let _ = take(&fourth).await.unwrap();
        assert_eq!(one_time::delete_expired(&auth, 100).await.unwrap(), 1);
    }
}
