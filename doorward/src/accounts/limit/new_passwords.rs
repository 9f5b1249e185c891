//! Limits how often a client without a session may try to set a password: by registering, or with a mail for a new
//! password. Checking and hashing such a password is costly, so the attempt is counted first.
//!
//! A client address has a number of attempts a minute that fail or are under way. An attempt that succeeds is given
//! back. IPv6 addresses count by their /64.

use crate::{
    accounts::{
        event,
        limit::table::{self, Counted, Counter, Rule, Window},
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
    },
    model::client::Client,
};

const MINUTE: i64 = 60;

/// An attempt that was counted, and may go on. If it is dropped, it stays counted.
#[must_use]
pub(crate) struct Attempt(Option<Counted>);

/// Counts an attempt to set a password. Call it before the password is checked. It counts nothing if the client address
/// is unknown.
///
/// # Errors
/// [`Error::TooManyAttempts`], whatever the address of the account is.
pub(crate) async fn count(auth: &Auth, client: &Client) -> Result<Attempt> {
    let Some(network) = client.network() else { return Ok(Attempt(None)) };
    let (key, now) = (table::key("new password", &network), auth.now());
    let rule = Window { most: auth.config().limit.new_passwords_per_address.get().into(), length: MINUTE };
    let attempts = Counter { key, rule: Rule::Window(rule) };
    let counted = table::count_alone(auth.db(), attempts, now).await?.map_err(Error::TooManyAttempts)?;
    if counted.count == rule.most {
        event::throttled(auth, "new_passwords", None, client).await?;
    }
    Ok(Attempt(Some(counted)))
}

impl Attempt {
    /// Gives the attempt back, with the transaction of its success.
    pub(crate) async fn succeed(self, tx: &mut Tx) -> Result<()> {
        match self.0 {
            Some(counted) => Ok(table::take_back(tx, &counted).await?),
            None => Ok(()),
        }
    }
}
