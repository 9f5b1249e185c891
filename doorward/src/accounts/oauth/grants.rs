//! What users allow apps: the scopes that an app may have for a user.

use crate::{
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret,
        time::Timestamp,
    },
    model::{access::has_scope, user::UserId},
};

/// What a user allows a client.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) id: i64,
    pub(crate) scopes: String,
    /// The codes and tokens of smaller generations have ended.
    pub(crate) generation: i64,
}

impl Grant {
    /// Returns `true` if the user allows all these scopes.
    pub(crate) fn covers<'a>(&self, scopes: impl IntoIterator<Item = &'a str>) -> bool {
        scopes.into_iter().all(|scope| has_scope(&self.scopes, scope))
    }
}

impl FromRow for Grant {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, scopes: row.get(1)?, generation: row.get(2)? })
    }
}

/// Returns what this user allows this client, if anything.
pub(crate) async fn find(auth: &Auth, user: UserId, client_id: &str) -> Result<Option<Grant>> {
    Ok(auth
        .db()
        .read("SELECT id, scopes, generation FROM grants WHERE user_id = ?1 AND client_id = ?2")
        .bind(user)
        .bind(client_id)
        .fetch_optional()
        .await?)
}

/// Returns what this user allows this client, and locks it until the end of the transaction.
pub(crate) async fn find_locked(tx: &Tx, user: UserId, client_id: &str) -> Result<Option<Grant>> {
    Ok(tx
        .write(
            "UPDATE grants SET updated_at = updated_at WHERE user_id = ?1 AND client_id = ?2
             RETURNING id, scopes, generation",
        )
        .bind(user)
        .bind(client_id)
        .fetch_optional()
        .await?)
}

/// Notes that a user allows a client these scopes, beside those that it has at this moment. Returns `None` if the user
/// or the client was deleted meanwhile.
pub(crate) async fn allow(
    auth: &Auth,
    tx: &Tx,
    (user, client_id): (UserId, &str),
    scopes: &[String],
) -> Result<Option<Grant>> {
    // The row that is there stays locked. Another request may have made it a moment ago.
    let made = tx
        .write(
            "INSERT INTO grants (id, user_id, client_id, scopes, generation, created_at, updated_at)
             VALUES (?1, ?2, ?3, '', 1, ?4, ?4)
             ON CONFLICT (user_id, client_id) DO UPDATE SET updated_at = excluded.updated_at
             RETURNING id, scopes, generation",
        )
        .bind(secret::id(auth.now_millis()))
        .bind(user)
        .bind(client_id)
        .bind(auth.now())
        .fetch_optional::<Grant>()
        .await;
    let mut grant = match made {
        Ok(grant) => grant.expect("the statement returns the row that it wrote"),
        Err(db::Error::Orphan) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut all: Vec<&str> =
        scopes.iter().map(String::as_str).chain(grant.scopes.split_whitespace()).collect();
    all.sort_unstable();
    all.dedup();
    let all = all.join(" ");
    tx.write("UPDATE grants SET scopes = ?2 WHERE id = ?1").bind(grant.id).bind(&*all).execute().await?;
    grant.scopes = all;
    Ok(Some(grant))
}

/// An app with access to an account, as its owner sees it.
#[derive(Clone, Debug)]
pub(crate) struct AllowedApp {
    pub(crate) id: i64,
    pub(crate) client_id: String,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) created_at: Timestamp,
}

impl FromRow for AllowedApp {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            client_id: row.get(1)?,
            name: row.get(2)?,
            scopes: row.get(3)?,
            created_at: Timestamp::of(row, 4)?,
        })
    }
}

/// Returns the apps that this user allowed something, in the order in which they came.
pub(crate) async fn of_user(auth: &Auth, user: UserId) -> Result<Vec<AllowedApp>> {
    let mut apps: Vec<AllowedApp> = auth
        .db()
        .read(
            "SELECT grants.id, grants.client_id, oauth_clients.name, grants.scopes, grants.created_at
             FROM grants JOIN oauth_clients ON oauth_clients.id = grants.client_id WHERE grants.user_id = ?1",
        )
        .bind(user)
        .fetch_all()
        .await?;
    apps.sort_by_key(|app| app.id);
    Ok(apps)
}

/// Takes back what a user allowed an app. From the commit on, no node accepts its codes and tokens. Returns the id of
/// the client, or `None` if the user has no such grant.
pub(crate) async fn end(tx: &mut Tx, user: UserId, id: i64) -> Result<Option<String>> {
    tx.note_change(user);
    Ok(tx
        .write("DELETE FROM grants WHERE user_id = ?1 AND id = ?2 RETURNING client_id")
        .bind(user)
        .bind(id)
        .fetch_optional()
        .await?)
}

/// Locks a grant until the end of the transaction. Returns its user.
pub(super) async fn lock(tx: &Tx, id: i64) -> Result<Option<UserId>> {
    let user: Option<i64> = tx
        .write("UPDATE grants SET updated_at = updated_at WHERE id = ?1 RETURNING user_id")
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(user.map(UserId))
}
