//! Authorization codes: gives one after a log-in, and exchanges it for an access token once.
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
            grants::{self, Grant},
        },
    },
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{
        access::CODE,
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

/// Makes a code. Returns it.
pub(crate) async fn give(auth: &Auth, tx: &Tx, grant: &Grant, new: &NewCode<'_>) -> Result<String> {
    let (code, hash) = secret::generate(CODE);
    let now = auth.now();
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
    expires_at: i64,
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
            expires_at: row.get(8)?,
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

/// What a client gets for a code.
pub(crate) struct Exchanged {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
    pub(crate) scopes: String,
    pub(crate) nonce: Option<String>,
    pub(crate) user: User,
    /// The number of the session in which the code was given.
    pub(crate) session: i64,
    /// How the user proved who they are, and when.
    pub(crate) method: String,
    pub(crate) second: Option<SecondFactor>,
    pub(crate) authenticated_at: i64,
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
    let mut tx = auth.db().begin().await?;
    let grant: Option<i64> = tx
        .write("SELECT grant_id FROM codes WHERE code_hash = ?1")
        .bind(presented.code)
        .fetch_optional()
        .await?;
    let Some(grant) = grant else { return Ok(None) };
    let Some(user) = grants::lock(&tx, grant).await? else { return Ok(None) };
    let used: Option<Used> = tx
        .write(
            "UPDATE codes SET used_at = ?2 WHERE code_hash = ?1 AND used_at IS NULL
             RETURNING generation, family, session_id, redirect_uri, scopes, resource, nonce, challenge, expires_at",
        )
        .bind(presented.code)
        .bind(auth.now())
        .fetch_optional()
        .await?;
    let Some(used) = used else {
        refuse_repeated(auth, &mut tx, user, grant, presented.code, (app, client)).await?;
        tx.commit().await?;
        return Ok(None);
    };
    let exchanged = match fits(auth, &used, presented) {
        true => give_token(auth, &mut tx, grant, used, app).await?,
        false => None,
    };
    // A wrong try uses the code up too.
    tx.commit().await?;
    Ok(exchanged)
}

/// Ends the tokens that came of a code, because it was shown again: somebody has a copy of it.
async fn refuse_repeated(
    auth: &Auth,
    tx: &mut Tx,
    user: UserId,
    grant: i64,
    code: Hash,
    (app, client): (&OAuthClient, &Client),
) -> Result<()> {
    let family: Option<i64> =
        tx.write("SELECT family FROM codes WHERE code_hash = ?1").bind(code).fetch_optional().await?;
    if let Some(family) = family {
        access::end_family(tx, user, grant, family).await?;
        let reused = NewEvent::of(EventKind::CodeReused, Some(user), By::User(client));
        event::record(auth, tx, reused.with("client", &app.id)).await?;
    }
    Ok(())
}

/// Returns `true` if the code has not expired and the client shows what belongs to it.
fn fits(auth: &Auth, used: &Used, presented: &Presented<'_>) -> bool {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(presented.verifier));
    auth.now() < used.expires_at
        && used.redirect_uri == presented.redirect_uri
        && bool::from(challenge.as_bytes().ct_eq(used.challenge.as_bytes()))
}

/// Makes the access token, if the code is one of this client and its user, grant and session have not ended.
async fn give_token(
    auth: &Auth,
    tx: &mut Tx,
    grant: i64,
    used: Used,
    app: &OAuthClient,
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
    let expires_at = (now + lifetime).min(person.session_ends);
    let new = NewToken {
        grant,
        generation: used.generation,
        family: used.family,
        session: used.session,
        outlives: false,
        scopes: &used.scopes,
        resource: used.resource.as_deref(),
        expires_at,
    };
    let access_token = access::give(auth, tx, &new).await?;
    Ok(Some(Exchanged {
        access_token,
        expires_in: expires_at - now,
        scopes: used.scopes,
        nonce: used.nonce,
        user: person.user,
        session: used.session,
        method: person.method,
        second: person.second_method.as_deref().and_then(SecondFactor::named),
        authenticated_at: person.authenticated_at,
    }))
}
