//! Being logged in. Every way in ends at [`log_in`], so every rule about logging in is there. Owns the table
//! `sessions`.

use futures_util::future::join4;

use super::end::end;
use crate::{
    accounts::{
        device::{self, Device},
        event,
        mail::outbox,
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        secret::{self, Hash},
    },
    db::{self, Tx},
    model::{
        client::Client,
        event::{By, New},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::{Method, Session, TOKEN, Transport},
        user::User,
    },
};

/// A session that has just begun, or goes on with another token.
#[must_use]
pub(crate) struct LoggedIn {
    /// Shown once; only its hash is kept.
    pub(crate) token: String,
    /// Seconds until it ends.
    pub(crate) expires_in: i64,
    /// What the browser is recognised by, where it is to keep that anew.
    pub(crate) device: Option<Device>,
}

/// The one door: starts a session for `user`, who has just been proved within `tx`, and commits.
///
/// The new session takes the place of `replaced`, if the request came with one, so that a browser never keeps
/// the token it had before.
pub(crate) async fn log_in(
    auth: &Auth,
    mut tx: Tx,
    user: &User,
    (method, transport): (Method, Transport),
    client: Client,
    replaced: Option<Hash>,
) -> Result<LoggedIn> {
    // The same answer as for a wrong password: only the operator knows who is disabled.
    if user.disabled_at.is_some() {
        drop(tx);
        return Err(event::log_in_failed(auth, Some(user.id), (method.0, "disabled"), &client).await?);
    }
    if auth.config().requires_verified_email() && user.email_verified_at.is_none() {
        if auth.config().hides_unverified() {
            drop(tx);
            return Err(event::log_in_failed(auth, Some(user.id), (method.0, "unverified"), &client).await?);
        }
        let failed = New::of(EventKind::LogInFailed, Some(user.id), By::User(&client));
        event::record(auth, &tx, failed.with("method", method.0).with("reason", "unverified")).await?;
        // They proved who they are, and what stood against them is cleared.
        tx.commit().await?;
        return Err(Error::EmailNotVerified);
    }
    if let Some(replaced) = replaced
        && end(&mut tx, replaced).await?.is_none()
    {
        tx.awaits_changes();
    }
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let id = secret::id(auth.now_millis());
    let expires_in = auth.config().session_lifetime.as_secs() as i64;
    let insert = tx
        .write(
            "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at,
                 last_seen_at, expires_at, ip, user_agent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7, ?8, ?9)",
        )
        .bind(hash)
        .bind(id)
        .bind(user.id)
        .bind(transport.name())
        .bind(method.0)
        .bind(now)
        .bind(now + expires_in)
        .bind(client.ip.map(|ip| ip.to_string()))
        .bind(client.user_agent.as_deref())
        .execute();
    // The new one is kept whatever its number says: the clock may have gone back.
    let evict = tx
        .write(
            "DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 AND token_hash NOT IN
             (SELECT token_hash FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 ORDER BY id DESC LIMIT ?3)",
        )
        .bind(user.id)
        .bind(hash)
        .bind(i64::from(auth.config().sessions_per_user.get()) - 1)
        .execute();
    let logged_in = New::of(EventKind::LoggedIn, Some(user.id), By::User(&client));
    let logged_in =
        logged_in.with("method", method.0).with("transport", transport.name()).with("session", id);
    let record = event::record(auth, &tx, logged_in);
    let kind = match transport {
        Transport::Bearer => device::Kind::Program,
        Transport::Cookie => device::Kind::Browser,
    };
    let remember = device::remember(auth, &tx, user.id, kind, &client);
    // The session comes first, in case its user is gone: then whatever is said of the others follows from it.
    let (inserted, evicted, recorded, device) = join4(insert, evict, record, remember).await;
    match inserted {
        // Deleted since the password was proved.
        Err(db::Error::Orphan) => {
            drop(tx);
            return Err(event::log_in_failed(auth, None, (method.0, "unknown_user"), &client).await?);
        }
        result => result?,
    };
    if evicted? > 0 {
        tx.changes(user.id);
    }
    recorded?;
    let device = device?;
    if device.is_new {
        outbox::post(auth, &mut tx, &Post::of(Letter::NEW_DEVICE, To::User(user.id), &client)).await?;
    }
    tx.commit().await?;
    Ok(LoggedIn { token, expires_in, device: Some(device) })
}

/// Gives a session another token, because its user has just proved who they are: whoever has got hold of a copy of the
/// one it had is out from the commit of `tx` on.
///
/// # Errors
/// [`Error::InvalidSession`] if it has ended meanwhile.
pub(crate) async fn renew(auth: &Auth, tx: &mut Tx, session: &Session) -> Result<LoggedIn> {
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let renewed = tx
        .write("UPDATE sessions SET token_hash = ?1, authenticated_at = ?2, last_seen_at = ?2 WHERE token_hash = ?3")
        .bind(hash)
        .bind(now)
        .bind(session.token_hash)
        .execute()
        .await?;
    if renewed == 0 {
        return Err(Error::InvalidSession);
    }
    tx.changes(session.user.id);
    Ok(LoggedIn { token, expires_in: session.expires_at - now, device: None })
}

/// [Renews](renew) the session of a browser, which keeps any cookie that comes with an answer. A program keeps the token
/// it has: an answer that is about something else has no place for another.
pub(crate) async fn renew_cookie(auth: &Auth, tx: &mut Tx, session: &Session) -> Result<Option<LoggedIn>> {
    match session.transport {
        Transport::Cookie => renew(auth, tx, session).await.map(Some),
        Transport::Bearer => Ok(None),
    }
}
