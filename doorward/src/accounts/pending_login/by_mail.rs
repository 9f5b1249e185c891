//! Log-ins that wait for a link or a code from a mail.
//!
//! The row is bound to one browser or program: only with its token does the mail log in. It is bound to one mail too:
//! the hash of the link in that mail stands in the row. So neither a program that scans mail nor somebody who reads the
//! code of another mail gets a session.
//!
//! A request writes the same row for every address. The user is put into the row when the mail is sent.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    accounts::pending_login::waiting::{LIFETIME_BY_MAIL, PendingLogIn, TOKEN},
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
        secret::{self, Hash},
    },
    model::{
        client::Client,
        session::{Method, Transport},
        user::UserId,
    },
};

/// A log-in that is to wait for a mail.
pub(crate) struct New<'a> {
    /// The user who has proved the password already. `None` for a log-in by mail alone.
    pub(crate) proved: Option<UserId>,
    /// The address that the mail goes to.
    pub(crate) email: &'a str,
    /// Where the log-in leads to.
    pub(crate) next: Option<&'a str>,
    pub(crate) transport: Transport,
}

/// Stores that a log-in waits for a mail. Returns it, and the hash of its token, by which the mail finds the row.
pub(crate) async fn begin(
    auth: &Auth,
    tx: &Tx,
    new: &New<'_>,
    client: &Client,
) -> db::Result<(PendingLogIn, Hash)> {
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    let first = if new.proved.is_some() { Method::PASSWORD } else { Method::EMAIL };
    tx.write(
        "INSERT INTO pending_logins (token_hash, user_id, stage, first_method, transport, tries, ip, user_agent,
             created_at, expires_at, email, next)
         VALUES (?1, ?2, 'email', ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(hash)
    .bind(new.proved)
    .bind(first.0)
    .bind(new.transport.name())
    .bind(client.ip.map(|ip| ip.to_string()))
    .bind(client.user_agent.as_deref())
    .bind(now)
    .bind(now + LIFETIME_BY_MAIL)
    .bind(new.email)
    .bind(new.next)
    .execute()
    .await?;
    Ok((PendingLogIn::by_mail(token), hash))
}

/// Returns the name of a row, for the letter of its mail. It opens nothing.
pub(crate) fn name(row: Hash) -> String {
    URL_SAFE_NO_PAD.encode(row)
}

/// Returns the row with this name.
pub(crate) fn named(name: &str) -> Option<Hash> {
    URL_SAFE_NO_PAD.decode(name).ok()?.try_into().ok()
}

/// Binds the log-in of this row to a mail that is being sent to `user`, in the transaction that stores the secret of
/// the mail. Returns `false` if the log-in waits no longer: then the mail must not be sent.
pub(crate) async fn bind(auth: &Auth, tx: &Tx, row: Hash, user: UserId, mailed: Hash) -> Result<bool> {
    let bound = tx
        .write(
            "UPDATE pending_logins SET user_id = ?1, secret_hash = ?2
             WHERE token_hash = ?3 AND stage = 'email' AND expires_at > ?4 AND COALESCE(user_id, ?1) = ?1",
        )
        .bind(user)
        .bind(mailed)
        .bind(row)
        .bind(auth.now())
        .execute()
        .await?;
    Ok(bound == 1)
}

/// A log-in that waits for a mail.
pub(crate) struct Waiting {
    /// The user whom the mail was sent to. `None` if none was sent.
    pub(crate) user: Option<UserId>,
    pub(crate) email: String,
    /// The hash of the link in the mail.
    pub(crate) mailed: Option<Hash>,
    pub(crate) next: Option<String>,
    /// The password was proved before.
    pub(crate) after_password: bool,
    #[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
    pub(crate) transport: Transport,
    #[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
    pub(crate) created_at: i64,
}

impl FromRow for Waiting {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self {
            user: row.get::<Option<i64>>(0)?.map(UserId),
            email: row.get(1)?,
            mailed: row.get::<Option<Vec<u8>>>(2)?.and_then(|hash| hash.try_into().ok()),
            next: row.get(3)?,
            after_password: row.get::<String>(4)? == Method::PASSWORD.0,
            transport: Transport::named(&row.get::<String>(5)?),
            created_at: row.get(6)?,
        })
    }
}

/// Finds the log-in with this token, if it still waits for a mail.
pub(crate) async fn find(auth: &Auth, token: Hash) -> Result<Option<Waiting>> {
    Ok(auth
        .db()
        .read(
            "SELECT user_id, email, secret_hash, next, first_method, transport, created_at FROM pending_logins
             WHERE token_hash = ?1 AND stage = 'email' AND expires_at > ?2",
        )
        .bind(token)
        .bind(auth.now())
        .fetch_optional()
        .await?)
}

/// Where a log-in was begun.
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(crate) struct Place {
    pub(crate) ip: Option<String>,
    pub(crate) user_agent: Option<String>,
}

impl FromRow for Place {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { ip: row.get(0)?, user_agent: row.get(1)? })
    }
}

/// Returns where the log-in was begun that waits for the mail with this link.
pub(crate) async fn place(auth: &Auth, mailed: Hash) -> Result<Option<Place>> {
    Ok(auth
        .db()
        .read("SELECT ip, user_agent FROM pending_logins WHERE secret_hash = ?1 AND expires_at > ?2")
        .bind(mailed)
        .bind(auth.now())
        .fetch_optional()
        .await?)
}
