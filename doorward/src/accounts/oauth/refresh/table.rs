//! Reads and writes the tables `refresh_chains` and `refresh_tokens`.
//!
//! Each change of a chain locks its grant first. So two exchanges in one chain come one after the other.

use crate::{
    accounts::oauth::refresh::rules::State,
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{
        access::REFRESH_TOKEN,
        client::Client,
        session::SecondFactor,
        user::{User, UserId, user_columns},
    },
};

/// The values of a new chain.
pub(in crate::accounts::oauth) struct NewChain<'a> {
    /// The family of the code.
    pub(in crate::accounts::oauth) id: i64,
    pub(in crate::accounts::oauth) user: UserId,
    pub(in crate::accounts::oauth) session: i64,
    pub(in crate::accounts::oauth) grant: i64,
    pub(in crate::accounts::oauth) generation: i64,
    pub(in crate::accounts::oauth) scopes: &'a str,
    pub(in crate::accounts::oauth) resource: Option<&'a str>,
    pub(in crate::accounts::oauth) method: &'a str,
    pub(in crate::accounts::oauth) second: Option<SecondFactor>,
    pub(in crate::accounts::oauth) authenticated_at: i64,
}

/// Returns when a chain ends that is used now.
fn expires_at(auth: &Auth, created_at: i64) -> i64 {
    let config = auth.config();
    let unused = auth.now() + config.refresh_idle_timeout.as_secs() as i64;
    unused.min(created_at + config.refresh_lifetime.as_secs() as i64)
}

/// Begins a chain. Returns its first token.
pub(in crate::accounts::oauth) async fn begin(
    auth: &Auth,
    tx: &Tx,
    new: &NewChain<'_>,
    client: &Client,
) -> Result<String> {
    let now = auth.now();
    tx.write(
        "INSERT INTO refresh_chains (id, user_id, session_id, grant_id, generation, scopes, resource, method,
             second_method, authenticated_at, created_at, used_at, expires_at, ip, user_agent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13, ?14)",
    )
    .bind(new.id)
    .bind(new.user)
    .bind(new.session)
    .bind(new.grant)
    .bind(new.generation)
    .bind(new.scopes)
    .bind(new.resource)
    .bind(new.method)
    .bind(new.second.map(SecondFactor::stored))
    .bind(new.authenticated_at)
    .bind(now)
    .bind(expires_at(auth, now))
    .bind(client.ip.map(|ip| ip.to_string()))
    .bind(client.user_agent.as_deref())
    .execute()
    .await?;
    let (token, hash) = secret::generate(REFRESH_TOKEN);
    add(tx, new.id, 0, hash).await?;
    Ok(token)
}

async fn add(tx: &Tx, chain: i64, number: i64, hash: Hash) -> Result<()> {
    tx.write("INSERT INTO refresh_tokens (token_hash, chain_id, number) VALUES (?1, ?2, ?3)")
        .bind(hash)
        .bind(chain)
        .bind(number)
        .execute()
        .await?;
    Ok(())
}

/// A token, with its chain and user.
pub(crate) struct Shown {
    pub(super) chain: i64,
    pub(super) grant: i64,
    pub(super) generation: i64,
    pub(super) session: i64,
    pub(crate) scopes: String,
    pub(crate) resource: Option<String>,
    pub(super) method: String,
    second_method: Option<String>,
    pub(super) authenticated_at: i64,
    pub(super) created_at: i64,
    used_at: i64,
    expires_at: i64,
    /// The address and the program of the last exchange.
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) number: i64,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) state: State,
    pub(crate) user: User,
}

impl FromRow for Shown {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let salt: Option<Vec<u8>> = row.get(15)?;
        Ok(Self {
            chain: row.get(0)?,
            grant: row.get(1)?,
            generation: row.get(2)?,
            session: row.get(3)?,
            scopes: row.get(4)?,
            resource: row.get(5)?,
            method: row.get(6)?,
            second_method: row.get(7)?,
            authenticated_at: row.get(8)?,
            created_at: row.get(9)?,
            used_at: row.get(10)?,
            expires_at: row.get(11)?,
            ip: row.get(12)?,
            user_agent: row.get(13)?,
            number: row.get(14)?,
            state: State {
                leads_on: salt.is_some(),
                exchanged_at: row.get(16)?,
                successor_exchanged_at: row.get(17)?,
            },
            salt,
            user: User::of(row, 18)?,
        })
    }
}

impl Shown {
    /// Returns what the session was proved with beside the first proof.
    pub(super) fn second(&self) -> Option<SecondFactor> {
        self.second_method.as_deref().and_then(SecondFactor::named)
    }

    /// Returns when the chain ends, if nobody uses it meanwhile. Shorter times in the settings count for older chains
    /// too.
    pub(crate) fn ends_at(&self, auth: &Auth) -> i64 {
        let config = auth.config();
        let unused = self.used_at + config.refresh_idle_timeout.as_secs() as i64;
        let longest = self.created_at + config.refresh_lifetime.as_secs() as i64;
        self.expires_at.min(unused).min(longest)
    }
}

/// The columns of a token and its chain, in the order in which [`Shown`] reads them.
macro_rules! shown_columns {
    () => {
        "refresh_chains.id, refresh_chains.grant_id, refresh_chains.generation, refresh_chains.session_id,
         refresh_chains.scopes, refresh_chains.resource, refresh_chains.method, refresh_chains.second_method,
         refresh_chains.authenticated_at, refresh_chains.created_at, refresh_chains.used_at, refresh_chains.expires_at, refresh_chains.ip,
         refresh_chains.user_agent, refresh_tokens.number, refresh_tokens.salt, refresh_tokens.exchanged_at,
         refresh_tokens.successor_exchanged_at"
    };
}

/// The rest of the look-up of the token `?1` of the client `?2`, whose grant, client and user have not ended.
macro_rules! shown_token {
    () => {
        " FROM refresh_tokens JOIN refresh_chains ON refresh_chains.id = refresh_tokens.chain_id
         JOIN grants ON grants.id = refresh_chains.grant_id AND grants.generation = refresh_chains.generation
         JOIN oauth_clients ON oauth_clients.id = grants.client_id
         JOIN users ON users.id = grants.user_id
         WHERE refresh_tokens.token_hash = ?1 AND grants.client_id = ?2
             AND users.disabled_at IS NULL AND oauth_clients.disabled_at IS NULL"
    };
}

/// Returns a token of this client, unless its chain has ended.
pub(super) async fn find(auth: &Auth, token: Hash, client_id: &str) -> Result<Option<Shown>> {
    let shown: Option<Shown> = auth
        .db()
        .read(concat!("SELECT ", shown_columns!(), ", ", user_columns!(), shown_token!()))
        .bind(token)
        .bind(client_id)
        .fetch_optional()
        .await?;
    Ok(shown.filter(|shown| auth.now() < shown.ends_at(auth)))
}

/// As [`find`], in a transaction that has locked the grant.
pub(super) async fn find_locked(auth: &Auth, tx: &Tx, token: Hash, client_id: &str) -> Result<Option<Shown>> {
    let shown: Option<Shown> = tx
        .write(concat!("SELECT ", shown_columns!(), ", ", user_columns!(), shown_token!()))
        .bind(token)
        .bind(client_id)
        .fetch_optional()
        .await?;
    Ok(shown.filter(|shown| auth.now() < shown.ends_at(auth)))
}

/// Notes that a token is exchanged, and adds its successor.
pub(super) async fn advance(
    auth: &Auth,
    tx: &Tx,
    (token, salt): (Hash, [u8; 32]),
    shown: &Shown,
    next: Hash,
) -> Result<()> {
    let now = auth.now();
    tx.write("UPDATE refresh_tokens SET salt = ?2, exchanged_at = ?3 WHERE token_hash = ?1")
        .bind(token)
        .bind(salt)
        .bind(now)
        .execute()
        .await?;
    tx.write("UPDATE refresh_tokens SET successor_exchanged_at = ?3 WHERE chain_id = ?1 AND number = ?2")
        .bind(shown.chain)
        .bind(shown.number - 1)
        .bind(now)
        .execute()
        .await?;
    add(tx, shown.chain, shown.number + 1, next).await
}

/// Takes a token that was never exchanged out of use. It counts as used, and leads nowhere.
pub(super) async fn withdraw(auth: &Auth, tx: &Tx, token: Hash) -> Result<()> {
    tx.write("UPDATE refresh_tokens SET exchanged_at = ?2 WHERE token_hash = ?1")
        .bind(token)
        .bind(auth.now())
        .execute()
        .await?;
    Ok(())
}

/// Notes that a chain is used now.
pub(super) async fn note_use(auth: &Auth, tx: &Tx, shown: &Shown) -> Result<()> {
    tx.write("UPDATE refresh_chains SET used_at = ?2, expires_at = ?3 WHERE id = ?1")
        .bind(shown.chain)
        .bind(auth.now())
        .bind(expires_at(auth, shown.created_at))
        .execute()
        .await?;
    Ok(())
}

/// Notes where a token of a chain was exchanged.
pub(super) async fn note_place(tx: &Tx, chain: i64, client: &Client) -> Result<()> {
    tx.write("UPDATE refresh_chains SET ip = ?2, user_agent = ?3 WHERE id = ?1")
        .bind(chain)
        .bind(client.ip.map(|ip| ip.to_string()))
        .bind(client.user_agent.as_deref())
        .execute()
        .await?;
    Ok(())
}

/// A token on the way to the newest one.
pub(super) struct Link {
    pub(super) is_exchanged: bool,
    pub(super) salt: Option<Vec<u8>>,
}

impl FromRow for Link {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { is_exchanged: row.get::<Option<i64>>(0)?.is_some(), salt: row.get(1)? })
    }
}

/// Returns what is known of the token with this hash.
pub(super) async fn link(tx: &Tx, token: Hash) -> Result<Option<Link>> {
    Ok(tx
        .write("SELECT exchanged_at, salt FROM refresh_tokens WHERE token_hash = ?1")
        .bind(token)
        .fetch_optional()
        .await?)
}
