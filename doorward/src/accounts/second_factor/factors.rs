//! Says which second factors a user has.

use crate::{
    base::{
        db::{self, FromRow, Row, Tx},
        error::Result,
    },
    model::{session::SecondFactor, user::UserId},
};

/// The second factors of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factors {
    /// The user has an authenticator app.
    pub(crate) totp: bool,
    /// The number of recovery codes that are left.
    pub(crate) recovery_codes: i64,
}

impl FromRow for Factors {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { totp: row.get::<i64>(0)? > 0, recovery_codes: row.get(1)? })
    }
}

impl Factors {
    /// Returns `true` if a log-in needs a second step. Recovery codes alone do not cause one: they are for the loss of
    /// something else.
    pub(crate) fn ask(self) -> bool {
        self.totp
    }

    /// Returns what the user can take the second step with.
    pub(crate) fn methods(self) -> Vec<SecondFactor> {
        let totp = self.totp.then_some(SecondFactor::Totp);
        let recovery_code = (self.recovery_codes > 0).then_some(SecondFactor::RecoveryCode);
        totp.into_iter().chain(recovery_code).collect()
    }
}

/// Returns the second factors of a user, as this transaction sees them.
pub(crate) async fn of_user(tx: &Tx, user: UserId) -> Result<Factors> {
    let found: Option<Factors> = tx
        .write(
            "SELECT (SELECT COUNT(*) FROM totp WHERE user_id = ?1 AND state = 'active'),
                 (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?1)",
        )
        .bind(user)
        .fetch_optional()
        .await?;
    Ok(found.unwrap_or(Factors { totp: false, recovery_codes: 0 }))
}
