//! Says which second factors a user has.

#[cfg(feature = "totp")]
use crate::accounts::passkey;
use crate::{
    base::{
        db::{self, Db, FromRow, Row, Tx},
        error::Result,
    },
    model::{session::SecondFactor, user::UserId},
};

/// The number of wrong codes in a row after which an authenticator app is off (NIST SP 800-63B-4, section 3.2.2).
pub(crate) const MOST_FAILURES: i64 = 100;

/// The second factors of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factors {
    /// The user has an authenticator app. Holds the wrong codes since the last right one.
    pub(crate) totp: Option<i64>,
    /// The number of recovery codes that are left.
    pub(crate) recovery_codes: i64,
    /// The number of passkeys.
    pub(crate) passkeys: i64,
    /// The number of those that cannot log in without an address, such as old security keys.
    pub(crate) keys: i64,
}

impl FromRow for Factors {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { totp: row.get(0)?, recovery_codes: row.get(1)?, passkeys: row.get(2)?, keys: row.get(3)? })
    }
}

impl Factors {
    const NONE: Self = Self { totp: None, recovery_codes: 0, passkeys: 0, keys: 0 };

    /// Returns `true` if a log-in with one factor needs a second step. Recovery codes alone do not cause one: they are
    /// for the loss of something else. Neither do passkeys that log in by themselves: who adds one for convenience must
    /// not be kept out of their account by its loss. A key that only serves as a second step does.
    pub(crate) fn ask(self) -> bool {
        self.totp.is_some() || self.keys > 0
    }

    /// Returns what the user can take the second step with. That may be nothing, if too many codes were wrong: a log-in
    /// needs the second step all the same.
    pub(crate) fn methods(self) -> Vec<SecondFactor> {
        let passkey = (self.passkeys > 0).then_some(SecondFactor::Passkey { synced: false });
        let totp = self.totp.filter(|failures| *failures < MOST_FAILURES).map(|_| SecondFactor::Totp);
        let recovery_code = (self.ask() && self.recovery_codes > 0).then_some(SecondFactor::RecoveryCode);
        passkey.into_iter().chain(totp).chain(recovery_code).collect()
    }
}

/// Returns the second factors of a user, as this transaction sees them.
pub(crate) async fn of_user(tx: &Tx, user: UserId) -> Result<Factors> {
    let found: Option<Factors> = tx
        .write(
            "SELECT (SELECT failures FROM totp WHERE user_id = ?1 AND state = 'active'),
                 (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0 AND discoverable = 0)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.unwrap_or(Factors::NONE))
}

/// Returns the second factors of a user.
pub(crate) async fn look_at(db: &Db, user: UserId) -> Result<Factors> {
    let found: Option<Factors> = db
        .read(
            "SELECT (SELECT failures FROM totp WHERE user_id = ?1 AND state = 'active'),
                 (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0),
                 (SELECT COUNT(*) FROM passkeys WHERE user_id = ?1 AND retired = 0 AND discoverable = 0)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.unwrap_or(Factors::NONE))
}

/// Removes the authenticator app of a user. The recovery codes go with it, unless a passkey is left. Returns `false` if
/// there was no app.
#[cfg(feature = "totp")]
pub(crate) async fn remove_app(tx: &Tx, user: UserId) -> Result<bool> {
    let removed =
        tx.write("DELETE FROM totp WHERE user_id = ?1 AND state = 'active'").bind(user).execute().await?;
    tx.write("DELETE FROM totp WHERE user_id = ?1").bind(user).execute().await?;
    drop_spare_codes(tx, user).await?;
    Ok(removed == 1)
}

/// Removes the recovery codes of a user who has nothing else left to lose.
#[cfg(feature = "totp")]
pub(crate) async fn drop_spare_codes(tx: &Tx, user: UserId) -> Result<()> {
    let left = of_user(tx, user).await?;
    if left.totp.is_none() && left.passkeys == 0 {
        tx.write("DELETE FROM recovery_codes WHERE user_id = ?1").bind(user).execute().await?;
    }
    Ok(())
}

/// Removes all second factors of a user, passkeys too. Returns `false` if there was none.
#[cfg(feature = "totp")]
pub(crate) async fn remove_all(tx: &Tx, user: UserId) -> Result<bool> {
    let passkeys = passkey::delete_all(tx, user).await?;
    let app = remove_app(tx, user).await?;
    Ok(app || passkeys > 0)
}
