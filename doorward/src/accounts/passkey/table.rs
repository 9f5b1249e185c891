//! The table `passkeys`.

use doorward_passkey::{Authentication, Credential, Known, PublicKey, Stored, provider};

use crate::{
    auth::Auth,
    base::{
        db::{self, Db, FromRow, Row, Tx},
        error::Result,
        secret,
        time::Timestamp,
    },
    model::user::UserId,
};

/// A passkey of a user.
#[derive(Clone, Debug)]
pub(crate) struct Passkey {
    pub(crate) id: i64,
    pub(crate) user: UserId,
    pub(crate) credential_id: Vec<u8>,
    public_key: Vec<u8>,
    pub(crate) user_handle: Vec<u8>,
    /// The domain that it was made for.
    pub(crate) rp_id: String,
    /// That is not the domain of the settings any more.
    pub(crate) retired: bool,
    sign_count: i64,
    aaguid: Vec<u8>,
    transports: String,
    backup_eligible: bool,
    pub(crate) backed_up: bool,
    /// Whether it logs in without an address. `None` if the client did not say.
    discoverable: Option<bool>,
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, user_id, credential_id, public_key, user_handle, rp_id, retired, sign_count, aaguid, transports,
             backup_eligible, backed_up, discoverable, name, created_at, last_used_at"
    };
}

impl FromRow for Passkey {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let flag = |index| Ok::<_, db::Error>(row.get::<i64>(index)? != 0);
        Ok(Self {
            id: row.get(0)?,
            user: UserId(row.get(1)?),
            credential_id: row.get(2)?,
            public_key: row.get(3)?,
            user_handle: row.get(4)?,
            rp_id: row.get(5)?,
            retired: flag(6)?,
            sign_count: row.get(7)?,
            aaguid: row.get(8)?,
            transports: row.get(9)?,
            backup_eligible: flag(10)?,
            backed_up: flag(11)?,
            discoverable: row.get::<Option<i64>>(12)?.map(|says| says != 0),
            name: row.get(13)?,
            created_at: Timestamp::of(row, 14)?,
            last_used_at: row.get::<Option<i64>>(15)?.map(Timestamp),
        })
    }
}

impl Passkey {
    /// Returns `true` if it cannot log in without an address, so that it only serves as a second step.
    pub(crate) fn second_step_only(&self) -> bool {
        self.discoverable == Some(false)
    }

    /// Returns the name of the password manager that keeps it, as far as it says so. Nothing proves that.
    pub(crate) fn provider(&self) -> Option<&'static str> {
        provider(self.aaguid.as_slice().try_into().ok()?)
    }

    pub(crate) fn transports(&self) -> Vec<String> {
        self.transports.split_whitespace().map(str::to_owned).collect()
    }

    /// Returns the key that verifies its signatures, or `None` if the row is damaged.
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        PublicKey::from_cose(&self.public_key).ok()
    }

    /// Returns what the next proof is compared with.
    pub(super) fn stored<'a>(&'a self, public_key: &'a PublicKey) -> Stored<'a> {
        Stored {
            id: &self.credential_id,
            user_handle: &self.user_handle,
            public_key,
            sign_count: self.sign_count.try_into().unwrap_or(0),
            backup_eligible: self.backup_eligible,
        }
    }
}

/// Returns the passkeys as a browser is told of them.
pub(super) fn known<'a>(passkeys: &'a [Passkey], transports: &'a [Vec<String>]) -> Vec<Known<'a>> {
    let each = passkeys.iter().zip(transports);
    each.map(|(passkey, transports)| Known { id: &passkey.credential_id, transports }).collect()
}

/// Returns the passkeys of a user, oldest first, also those for another domain.
pub(crate) async fn of_user(db: &Db, user: UserId) -> Result<Vec<Passkey>> {
    let mut passkeys: Vec<Passkey> = db
        .read(concat!("SELECT ", columns!(), " FROM passkeys WHERE user_id = ?1"))
        .bind(user)
        .fetch_all()
        .await?;
    passkeys.sort_by_key(|passkey| passkey.id);
    Ok(passkeys)
}

/// Returns the passkeys of a user that work here, oldest first.
pub(crate) async fn usable(db: &Db, user: UserId) -> Result<Vec<Passkey>> {
    let mut passkeys = of_user(db, user).await?;
    passkeys.retain(|passkey| !passkey.retired);
    Ok(passkeys)
}

/// Counts the passkeys of a user.
pub(super) async fn count(tx: &Tx, user: UserId) -> Result<i64> {
    let count: Option<i64> = tx
        .write("SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0")
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(count.unwrap_or(0))
}

/// Returns the passkey with this id of a credential, whose-ever it is.
pub(super) async fn by_credential(db: &Db, credential_id: &[u8]) -> Result<Option<Passkey>> {
    Ok(db
        .read(concat!("SELECT ", columns!(), " FROM passkeys WHERE credential_id = ?1"))
        .bind(credential_id)
        .fetch_optional()
        .await?)
}

/// Returns `true` if there is a user whose passkeys get this handle, and who is not disabled.
pub(crate) async fn has_user(db: &Db, handle: &[u8]) -> Result<bool> {
    let Ok(number) = handle.try_into() else { return Ok(false) };
    let found: Option<i64> = db
        .read("SELECT id FROM users WHERE id = ?1 AND disabled_at IS NULL")
        .bind(i64::from_be_bytes(number))
        .fetch_optional()
        .await?;
    Ok(found.is_some())
}

/// Stores a new passkey. Returns its number, or `None` if a passkey with this id of a credential is there: it is never
/// moved to another user.
pub(super) async fn insert(
    auth: &Auth,
    tx: &Tx,
    (user, handle): (UserId, &[u8]),
    new: &Credential,
    (rp_id, name): (&str, &str),
) -> db::Result<Option<i64>> {
    let id = secret::id(auth.now_millis());
    let inserted = tx
        .write(
            "INSERT INTO passkeys (id, user_id, credential_id, public_key, user_handle, rp_id, retired, sign_count, aaguid,
                 transports, backup_eligible, backed_up, discoverable, regressed, name, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?14)
             ON CONFLICT (credential_id) DO NOTHING",
        )
        .bind(id)
        .bind(user)
        .bind(&*new.id)
        .bind(new.public_key.as_cose())
        .bind(handle)
        .bind(rp_id)
        .bind(i64::from(new.sign_count))
        .bind(new.aaguid)
        .bind(new.transports.join(" "))
        .bind(i64::from(new.backup_eligible))
        .bind(i64::from(new.backed_up))
        .bind(new.discoverable.map(i64::from))
        .bind(name)
        .bind(auth.now())
        .execute()
        .await?;
    Ok((inserted == 1).then_some(id))
}

/// Notes a proof. Returns `false` if the passkey was removed meanwhile.
pub(super) async fn note_use(auth: &Auth, tx: &Tx, (id, proof): (i64, &Authentication)) -> Result<bool> {
    let noted = tx
        .write(
            "UPDATE passkeys SET sign_count = CASE WHEN sign_count > ?2 THEN sign_count ELSE ?2 END,
                 backup_eligible = ?3, backed_up = ?4, last_used_at = ?5
             WHERE id = ?1",
        )
        .bind(id)
        .bind(i64::from(proof.sign_count))
        .bind(i64::from(proof.backup_eligible))
        .bind(i64::from(proof.backed_up))
        .bind(auth.now())
        .execute()
        .await?;
    Ok(noted == 1)
}

/// Notes that the count of a passkey did not grow. Returns `true` the first time.
pub(super) async fn note_regression(tx: &Tx, id: i64) -> Result<bool> {
    let noted = tx
        .write("UPDATE passkeys SET regressed = 1 WHERE id = ?1 AND regressed = 0")
        .bind(id)
        .execute()
        .await?;
    Ok(noted == 1)
}

/// Gives a passkey another name. Returns `false` if the user has no such passkey.
pub(crate) async fn set_name(tx: &Tx, user: UserId, id: i64, name: &str) -> Result<bool> {
    let renamed = tx
        .write("UPDATE passkeys SET name = ?1 WHERE user_id = ?2 AND id = ?3")
        .bind(name)
        .bind(user)
        .bind(id)
        .execute()
        .await?;
    Ok(renamed == 1)
}

/// Deletes a passkey. Returns `true` if it could log in by itself, or `None` if the user has no such passkey.
pub(crate) async fn delete(tx: &Tx, user: UserId, id: i64) -> Result<Option<bool>> {
    let found: Option<i64> = tx
        .write(
            "DELETE FROM passkeys WHERE user_id = ?1 AND id = ?2
             RETURNING CAST(CASE WHEN retired = 1 OR COALESCE(discoverable, 1) = 0 THEN 0 ELSE 1 END AS BIGINT)",
        )
        .bind(user)
        .bind(id)
        .fetch_optional()
        .await?;
    Ok(found.map(|logs_in| logs_in != 0))
}

/// Deletes all passkeys of a user. Returns how many.
pub(crate) async fn delete_all(tx: &Tx, user: UserId) -> Result<u64> {
    Ok(tx.write("DELETE FROM passkeys WHERE user_id = ?1").bind(user).execute().await?)
}

/// The passkeys of a user, in numbers.
struct Added {
    count: i64,
    newest_at: Option<i64>,
}

impl FromRow for Added {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { count: row.get(0)?, newest_at: row.get(1)? })
    }
}

/// Returns how many passkeys a user has, and when the newest one was added. `None` if there are none.
pub(crate) async fn added(auth: &Auth, user: UserId) -> Result<Option<(i64, i64)>> {
    let added: Option<Added> = auth
        .db()
        .read("SELECT COUNT(*), MAX(created_at) FROM passkeys WHERE user_id = ?1")
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(added.and_then(|added| Some((added.count, added.newest_at?))))
}

/// Removes the passkeys that a user added at the moment `since` or later. Returns `false` if there was none.
pub(crate) async fn remove_since(tx: &Tx, user: UserId, since: i64) -> Result<bool> {
    let removed = tx
        .write("DELETE FROM passkeys WHERE user_id = ?1 AND created_at >= ?2")
        .bind(user)
        .bind(since)
        .execute()
        .await?;
    Ok(removed > 0)
}

/// Notes which passkeys are for the domain of the settings. Returns the domain of those that another domain would make
/// useless, unless that is `accepted`: then nothing is changed.
pub(crate) async fn retire(db: &Db, rp_id: &str, accepted: bool) -> db::Result<Option<String>> {
    let lost: Option<String> = db
        .read("SELECT rp_id FROM passkeys WHERE retired = 0 AND rp_id <> ?1 LIMIT 1")
        .bind(rp_id)
        .fetch_optional()
        .await?;
    if lost.is_some() && !accepted {
        return Ok(lost);
    }
    let found: Option<i64> = db
        .read("SELECT id FROM passkeys WHERE retired = 1 AND rp_id = ?1 LIMIT 1")
        .bind(rp_id)
        .fetch_optional()
        .await?;
    if lost.is_none() && found.is_none() {
        return Ok(None);
    }
    db.write("UPDATE passkeys SET retired = 1 WHERE retired = 0 AND rp_id <> ?1")
        .bind(rp_id)
        .execute()
        .await?;
    db.write("UPDATE passkeys SET retired = 0 WHERE retired = 1 AND rp_id = ?1")
        .bind(rp_id)
        .execute()
        .await?;
    Ok(None)
}
