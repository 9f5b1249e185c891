//! Begins a session. Every way to log in ends at [`log_in`], so every rule about logging in is there. It also decides
//! whether a second step is missing: then there is no session yet. Owns the table `sessions`.

use futures_util::future::join4;

use crate::{
    accounts::{
        device::{self, Device},
        event,
        mail::outbox,
        pending_login::{self, PendingLogIn, Stage, by_mail},
        second_factor,
        session::end::end,
    },
    auth::Auth,
    base::{
        db::{self, Tx},
        error::{Error, Result},
        secret::{self, Hash},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::{Method, Proof, SecondFactor, Session, TOKEN, Transport},
        user::{User, UserId},
    },
};

/// A session that has just begun, or that has a new token.
#[must_use]
pub(crate) struct LoggedIn {
    /// The number of the session.
    pub(crate) id: i64,
    /// The token. It is shown once; only its hash is stored.
    pub(crate) token: String,
    /// The seconds until the session ends.
    pub(crate) expires_in: i64,
    /// The device of a log-in. `None` if a session only gets a new token.
    pub(crate) device: Option<Device>,
}

/// How a log-in goes on.
#[must_use]
pub(crate) enum Outcome {
    LoggedIn(LoggedIn),
    /// The user has a second factor and has not proved it, or must add one. Nothing has begun.
    SecondStep(PendingLogIn),
}

/// Begins a session for `user`, who has just proved who they are in the transaction `tx`. Commits the transaction. If
/// the user has a second factor and `proof` has none, it begins no session, and stores that the second step is missing.
/// The same happens if the user must have a second factor and has none, or if a password also needs the code of a mail.
/// A browser that the user trusts needs no second step.
///
/// The new session replaces the session `replaced`, if the request came with one. So a browser never keeps the token
/// that it had before.
pub(crate) async fn log_in(
    auth: &Auth,
    tx: Tx,
    user: &User,
    (proof, transport): (Proof<'_>, Transport),
    client: Client,
    replaced: Option<Hash>,
) -> Result<Outcome> {
    let mut tx = refuse_unfit(auth, tx, user, proof.method, &client).await?;
    if proof.second.is_none()
        && let Some(missing) = missing(auth, &tx, user, (proof, transport), &client).await?
    {
        return wait(auth, tx, user, (proof, transport), missing, client).await;
    }
    if let Some(replaced) = replaced
        && end(&mut tx, replaced).await?.is_none()
    {
        tx.await_others();
    }
    let (token, hash) = secret::generate(TOKEN);
    let id = secret::id(auth.now_millis());
    let expires_in = auth.config().session_lifetime.as_secs() as i64;
    let new = NewSession { hash, id, user: user.id, proof, transport, expires_in };
    let insert = insert(auth, &tx, &new, &client);
    let evict = evict(auth, &tx, &new);
    let logged_in = NewEvent::of(EventKind::LoggedIn, Some(user.id), By::User(&client));
    let logged_in =
        logged_in.with("method", proof.method).with("transport", transport.name()).with("session", id);
    let logged_in = match proof.second {
        Some(second) => logged_in.with("second", second.as_str()),
        None => logged_in,
    };
    let record = event::record(auth, &tx, logged_in);
    let kind = device::Kind::of(transport);
    let remember = device::remember(auth, &tx, user.id, kind, &client);
    // The error of the session is looked at first: if the user was deleted, it causes all other errors.
    let (inserted, evicted, recorded, device) = join4(insert, evict, record, remember).await;
    match inserted {
        // The user was deleted since the password was proved.
        Err(db::Error::Orphan) => {
            drop(tx);
            return Err(event::log_in_failed(auth, None, (proof.method, "unknown_user"), &client).await?);
        }
        result => result?,
    };
    if evicted? > 0 {
        tx.note_change(user.id);
    }
    recorded?;
    let device = device?;
    if proof.trust_browser
        && proof.second.is_some()
        && let Some(number) = device::trust(auth, &tx, user.id, device.token.hash, &client).await?
    {
        let trusted = NewEvent::of(EventKind::BrowserTrusted, Some(user.id), By::User(&client));
        event::record(auth, &tx, trusted.with("session", id).with("browser", number)).await?;
    }
    if device.is_new {
        outbox::post(auth, &mut tx, &Post::of(Letter::NEW_DEVICE, To::User(user.id), &client)).await?;
    }
    tx.commit().await?;
    Ok(Outcome::LoggedIn(LoggedIn { id, token, expires_in, device: Some(device) }))
}

/// Returns the step that is missing after the first proof, and what the user can take it with. `None` if there is none.
async fn missing(
    auth: &Auth,
    tx: &Tx,
    user: &User,
    (proof, transport): (Proof<'_>, Transport),
    client: &Client,
) -> Result<Option<(Stage, Vec<SecondFactor>)>> {
    let factors = second_factor::of_user(tx, user.id).await?;
    if !factors.ask() {
        let must_have_one = auth.config().asks_for_a_second_factor(|role| user.roles.contains(role));
        let stage = if must_have_one && factors.passkeys > 0 {
            // A passkey that logs in by itself is a second factor too, and is asked for only here.
            return Ok(Some((Stage::SecondStep, factors.methods())));
        } else if must_have_one {
            Some(Stage::Enroll)
        } else if needs_code(auth, tx, user, proof, client).await? {
            Some(Stage::Mail)
        } else {
            None
        };
        return Ok(stage.map(|stage| (stage, Vec::new())));
    }
    let trusted = transport == Transport::Cookie && device::is_trusted(auth, tx, user.id, client).await?;
    Ok((!trusted).then(|| (Stage::SecondStep, factors.methods())))
}

/// Returns `true` if a password needs the code of a mail too, because the browser or program is not known.
async fn needs_code(auth: &Auth, tx: &Tx, user: &User, proof: Proof<'_>, client: &Client) -> Result<bool> {
    let may = auth.config().new_device_code && auth.mail().works() && user.email_verified_at.is_some();
    if !may || proof.method != Method::PASSWORD.0 {
        return Ok(false);
    }
    match &client.device {
        Some(device) => Ok(!device::is_known(auth, tx, user.id, device).await?),
        None => Ok(true),
    }
}

/// Stores that a step is missing. Commits the transaction.
async fn wait(
    auth: &Auth,
    mut tx: Tx,
    user: &User,
    (proof, transport): (Proof<'_>, Transport),
    missing: (Stage, Vec<SecondFactor>),
    client: Client,
) -> Result<Outcome> {
    let begun = match missing.0 {
        Stage::Mail => {
            let new = by_mail::New { proved: Some(user.id), email: &user.email, next: None, transport };
            by_mail::begin(auth, &tx, &new, &client).await.map(|(pending, row)| (pending, Some(row)))
        }
        _ => {
            let begun = pending_login::begin(auth, &tx, user.id, (proof, transport), missing, &client).await;
            begun.map(|pending| (pending, None))
        }
    };
    let (pending, row) = match begun {
        // The user was deleted since the first proof.
        Err(db::Error::Orphan) => {
            drop(tx);
            return Err(event::log_in_failed(auth, None, (proof.method, "unknown_user"), &client).await?);
        }
        begun => begun?,
    };
    if let Some(row) = row {
        let mut post = Post::of(Letter::LOG_IN_CODE, To::User(user.id), &client);
        post.details.log_in = Some(by_mail::name(row));
        outbox::post(auth, &mut tx, &post).await?;
    }
    let required = NewEvent::of(EventKind::SecondStepRequired, Some(user.id), By::User(&client));
    let required = required.with("method", proof.method).with("enroll", pending.enroll.is_some());
    event::record(auth, &tx, required).await?;
    tx.commit().await?;
    Ok(Outcome::SecondStep(pending))
}

/// Refuses a user who may not log in, although they have just proved who they are. Otherwise returns the transaction.
///
/// # Errors
/// [`Error::WrongCredentials`] for a disabled user: the answer must not reveal that. [`Error::EmailNotVerified`] for an
/// unverified address, or [`Error::WrongCredentials`] if the settings hide that too.
async fn refuse_unfit(auth: &Auth, tx: Tx, user: &User, method: &str, client: &Client) -> Result<Tx> {
    let unverified = auth.config().requires_verified_email() && user.email_verified_at.is_none();
    let reason = if user.disabled_at.is_some() {
        "disabled"
    } else if unverified {
        "unverified"
    } else {
        return Ok(tx);
    };
    if reason == "disabled" || auth.config().hides_unverified() {
        drop(tx);
        return Err(event::log_in_failed(auth, Some(user.id), (method, reason), client).await?);
    }
    let failed = NewEvent::of(EventKind::LogInFailed, Some(user.id), By::User(client));
    event::record(auth, &tx, failed.with("method", method).with("reason", reason)).await?;
    // The user proved who they are, so this commit resets the counter of failed attempts.
    tx.commit().await?;
    Err(Error::EmailNotVerified)
}

/// The values of a new session.
struct NewSession<'a> {
    hash: Hash,
    id: i64,
    user: UserId,
    proof: Proof<'a>,
    transport: Transport,
    expires_in: i64,
}

async fn insert(auth: &Auth, tx: &Tx, new: &NewSession<'_>, client: &Client) -> db::Result<u64> {
    let now = auth.now();
    tx.write(
        "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at,
             last_seen_at, expires_at, ip, user_agent, second_method, second_at, passkey_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(new.hash)
    .bind(new.id)
    .bind(new.user)
    .bind(new.transport.name())
    .bind(new.proof.method)
    .bind(now)
    .bind(now + new.expires_in)
    .bind(client.ip.map(|ip| ip.to_string()))
    .bind(client.user_agent.as_deref())
    .bind(new.proof.second.map(SecondFactor::stored))
    .bind(new.proof.second.map(|_| now))
    .bind(new.proof.passkey)
    .execute()
    .await
}

/// Ends the oldest sessions of a user with too many. Always keeps the new one: if the clock was set back, its id is not
/// the greatest.
async fn evict(auth: &Auth, tx: &Tx, new: &NewSession<'_>) -> db::Result<u64> {
    tx.write(
        "DELETE FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 AND token_hash NOT IN
         (SELECT token_hash FROM sessions WHERE user_id = ?1 AND token_hash <> ?2 ORDER BY id DESC LIMIT ?3)",
    )
    .bind(new.user)
    .bind(new.hash)
    .bind(i64::from(auth.config().sessions_per_user.get()) - 1)
    .execute()
    .await
}

/// Gives a session a new token, because its user has just proved who they are, perhaps with a `second` factor. From the
/// commit of `tx` on, an attacker with a copy of the old token is refused.
///
/// # Errors
/// [`Error::InvalidSession`] if the session has ended by now.
pub(crate) async fn renew(
    auth: &Auth,
    tx: &mut Tx,
    session: &Session,
    second: Option<SecondFactor>,
) -> Result<LoggedIn> {
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let renewed = tx
        .change(
            session.user.id,
            "UPDATE sessions SET token_hash = ?1, authenticated_at = ?2, last_seen_at = ?2,
                 second_method = COALESCE(?4, second_method), second_at = COALESCE(?5, second_at)
             WHERE token_hash = ?3",
        )
        .bind(hash)
        .bind(now)
        .bind(session.token_hash)
        .bind(second.map(SecondFactor::stored))
        .bind(second.map(|_| now))
        .execute()
        .await?;
    if renewed == 0 {
        return Err(Error::InvalidSession);
    }
    Ok(LoggedIn { id: session.id, token, expires_in: session.expires_at - now, device: None })
}

/// [Renews](renew) the session of a browser, which stores the cookie of any answer. A program keeps its token: the
/// answer to its request has no field for a new one.
pub(crate) async fn renew_cookie(auth: &Auth, tx: &mut Tx, session: &Session) -> Result<Option<LoggedIn>> {
    match session.transport {
        Transport::Cookie => renew(auth, tx, session, None).await.map(Some),
        Transport::Bearer => Ok(None),
    }
}
