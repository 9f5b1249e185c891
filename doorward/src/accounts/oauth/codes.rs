//! Authorization codes: gives one after a log-in, and exchanges it for an access token once. With the scope
//! `offline_access` the client gets a refresh token too.
//!
//! The exchange locks the grant, so two exchanges of one code come one after the other, and what ends the tokens of the
//! user comes before or after both. A code is used up by the first try, also by a wrong one. A second try ends the
//! tokens that came of the first (RFC 9700, section 4.5).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    accounts::{
        event,
        oauth::{
            access::{self, NewToken},
            exchanged::Exchanged,
            grants::{self, Grant},
            refresh::{self, NewChain},
        },
    },
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{
        access::{CODE, OFFLINE_ACCESS, has_scope},
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        oauth_client::OAuthClient,
        session::SecondFactor,
        user::{User, UserId, user_columns},
    },
};

/// The seconds for which a code can be exchanged.
pub(crate) const LIFETIME: i64 = 60;

/// The seconds for which a used code is kept. A second use of it is noticed for so long, and ends the tokens that came of
/// the first one.
const USED_KEPT: i64 = 24 * 3600;

/// The most codes of one grant that wait for their exchange. A browser has no more tabs that log in to one app within a
/// minute.
const WAITING: i64 = 20;

/// The values of a new code.
pub(crate) struct NewCode<'a> {
    pub(crate) session: i64,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) resource: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
    /// The S256 challenge of RFC 7636.
    pub(crate) challenge: &'a str,
}

/// Makes a code. Returns it. The oldest ones of the grant that were not exchanged stop working if there are too many. The
/// caller has locked the grant.
pub(crate) async fn give(auth: &Auth, tx: &Tx, grant: &Grant, new: &NewCode<'_>) -> Result<String> {
    let (code, hash) = secret::generate(CODE);
    let now = auth.now();
    tx.write(
        "DELETE FROM codes WHERE code_hash IN (SELECT code_hash FROM codes WHERE grant_id = ?1 AND used_at IS NULL
             ORDER BY created_at DESC LIMIT 1000 OFFSET ?2)",
    )
    .bind(grant.id)
    .bind(WAITING - 1)
    .execute()
    .await?;
    tx.write(
        "INSERT INTO codes (code_hash, grant_id, generation, family, session_id, redirect_uri, scopes, resource, nonce,
             challenge, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(hash)
    .bind(grant.id)
    .bind(grant.generation)
    .bind(secret::random_id())
    .bind(new.session)
    .bind(new.redirect_uri)
    .bind(new.scopes.join(" "))
    .bind(new.resource)
    .bind(new.nonce)
    .bind(new.challenge)
    .bind(now)
    .bind(now + LIFETIME)
    .execute()
    .await?;
    Ok(code)
}

/// A code that is there.
struct Waiting {
    grant: i64,
    expires_at: i64,
}

impl FromRow for Waiting {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { grant: row.get(0)?, expires_at: row.get(1)? })
    }
}

/// A code that was used up just now.
struct Used {
    generation: i64,
    family: i64,
    session: i64,
    redirect_uri: String,
    scopes: String,
    resource: Option<String>,
    nonce: Option<String>,
    challenge: String,
}

impl FromRow for Used {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            generation: row.get(0)?,
            family: row.get(1)?,
            session: row.get(2)?,
            redirect_uri: row.get(3)?,
            scopes: row.get(4)?,
            resource: row.get(5)?,
            nonce: row.get(6)?,
            challenge: row.get(7)?,
        })
    }
}

/// The user of a code, and the session in which it was given.
struct Person {
    method: String,
    authenticated_at: i64,
    session_ends: i64,
    second_method: Option<String>,
    user: User,
}

impl FromRow for Person {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            method: row.get(0)?,
            authenticated_at: row.get(1)?,
            session_ends: row.get(2)?,
            second_method: row.get(3)?,
            user: User::of(row, 4)?,
        })
    }
}

/// What a client sends with a code.
pub(crate) struct Presented<'a> {
    pub(crate) code: Hash,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
}

/// Exchanges a code for an access token. Returns `None` if the code does not work, for whatever reason.
pub(crate) async fn exchange(
    auth: &Auth,
    app: &OAuthClient,
    presented: &Presented<'_>,
    client: &Client,
) -> Result<Option<Exchanged>> {
    // A made-up code ends here. It does not wait for the one writer of a database.
    let waiting: Option<Waiting> = auth
        .db()
        .read("SELECT grant_id, expires_at FROM codes WHERE code_hash = ?1")
        .bind(presented.code)
        .fetch_optional()
        .await?;
    let Some(Waiting { grant, expires_at }) = waiting else { return Ok(None) };
    let mut tx = auth.db().begin().await?;
    let Some(user) = grants::lock(&tx, grant).await? else { return Ok(None) };
    let used: Option<Used> = tx
        .write(
            "UPDATE codes SET used_at = ?2, expires_at = ?3 WHERE code_hash = ?1 AND used_at IS NULL
             RETURNING generation, family, session_id, redirect_uri, scopes, resource, nonce, challenge",
        )
        .bind(presented.code)
        .bind(auth.now())
        .bind(auth.now() + USED_KEPT)
        .fetch_optional()
        .await?;
    let Some(used) = used else {
        refuse_repeated(auth, &mut tx, user, grant, presented.code, client).await?;
        tx.commit().await?;
        return Ok(None);
    };
    let exchanged = match auth.now() < expires_at && fits(&used, presented) {
        true => give_tokens(auth, &tx, grant, used, (app, client)).await?,
        false => None,
    };
    // A wrong try uses the code up too.
    tx.commit().await?;
    Ok(exchanged)
}

/// Ends the tokens that came of a code, because it was shown again: somebody has a copy of it. The code is forgotten, so
/// that this happens once.
async fn refuse_repeated(
    auth: &Auth,
    tx: &mut Tx,
    user: UserId,
    grant: i64,
    code: Hash,
    client: &Client,
) -> Result<()> {
    let family: Option<i64> = tx
        .write("DELETE FROM codes WHERE code_hash = ?1 RETURNING family")
        .bind(code)
        .fetch_optional()
        .await?;
    let Some(family) = family else { return Ok(()) };
    access::end_family(tx, user, grant, family).await?;
    // The client whose code it is. Another one may have shown it.
    let app: Option<String> =
        tx.write("SELECT client_id FROM grants WHERE id = ?1").bind(grant).fetch_optional().await?;
    let reused = NewEvent::of(EventKind::CodeReused, Some(user), By::User(client));
    Ok(event::record(auth, tx, reused.with("client", app.unwrap_or_default())).await?)
}

/// Returns `true` if the client shows what belongs to the code.
fn fits(used: &Used, presented: &Presented<'_>) -> bool {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(presented.verifier));
    used.redirect_uri == presented.redirect_uri
        && bool::from(challenge.as_bytes().ct_eq(used.challenge.as_bytes()))
}

/// Makes the tokens, if the code is one of this client and its user, grant and session have not ended.
async fn give_tokens(
    auth: &Auth,
    tx: &Tx,
    grant: i64,
    used: Used,
    (app, client): (&OAuthClient, &Client),
) -> Result<Option<Exchanged>> {
    let now = auth.now();
    let person: Option<Person> = tx
        .write(concat!(
            "SELECT sessions.method, sessions.authenticated_at, sessions.expires_at, sessions.second_method, ",
            user_columns!(),
            " FROM grants JOIN users ON users.id = grants.user_id
             JOIN oauth_clients ON oauth_clients.id = grants.client_id
             JOIN sessions ON sessions.user_id = grants.user_id AND sessions.id = ?2
             WHERE grants.id = ?1 AND grants.generation = ?3 AND grants.client_id = ?4
                 AND sessions.expires_at > ?5 AND users.disabled_at IS NULL AND oauth_clients.disabled_at IS NULL"
        ))
        .bind(grant)
        .bind(used.session)
        .bind(used.generation)
        .bind(&*app.id)
        .bind(now)
        .fetch_optional()
        .await?;
    let Some(mut person) = person else { return Ok(None) };
    person.user.keep_roles(&auth.config().roles);
    let lifetime = auth.config().access_token_lifetime.as_secs() as i64;
    let offline = has_scope(&used.scopes, OFFLINE_ACCESS);
    let expires_at = if offline { now + lifetime } else { (now + lifetime).min(person.session_ends) };
    let new = NewToken {
        grant,
        generation: used.generation,
        family: used.family,
        session: used.session,
        outlives: offline,
        scopes: &used.scopes,
        resource: used.resource.as_deref(),
        expires_at,
    };
    let access_token = access::give(auth, tx, &new).await?;
    let second = person.second_method.as_deref().and_then(SecondFactor::named);
    let refresh_token = if offline {
        let chain = NewChain {
            id: used.family,
            user: person.user.id,
            session: used.session,
            grant,
            generation: used.generation,
            scopes: &used.scopes,
            resource: used.resource.as_deref(),
            method: &person.method,
            second,
            authenticated_at: person.authenticated_at,
        };
        Some(refresh::begin(auth, tx, &chain, client).await?)
    } else {
        None
    };
    Ok(Some(Exchanged {
        access_token,
        expires_in: expires_at - now,
        refresh_token,
        scopes: used.scopes,
        nonce: used.nonce,
        user: person.user,
        session: used.session,
        method: person.method,
        second,
        authenticated_at: person.authenticated_at,
    }))
}
