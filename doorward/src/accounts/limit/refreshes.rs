//! Limits how often the refresh tokens of one chain are exchanged. No app needs it often: each exchange gives a token for
//! an hour. A loop in an app must not fill the database.

use crate::{
    accounts::{
        event,
        limit::table::{self, Counter, Rule, Window},
    },
    auth::Auth,
    base::error::{Error, Result},
    model::{client::Client, user::UserId},
};

/// Ten exchanges in a minute.
const RULE: Window = Window { most: 10, length: 60 };

/// Counts an exchange in this chain.
///
/// # Errors
/// [`Error::TooManyAttempts`].
pub(crate) async fn count(auth: &Auth, chain: i64, user: UserId, client: &Client) -> Result<()> {
    let key = table::key("refresh", chain.to_string().as_bytes());
    let counter = Counter { key, rule: Rule::Window(RULE) };
    let counted =
        table::count_alone(auth.db(), counter, auth.now()).await?.map_err(Error::TooManyAttempts)?;
    if counted.count == RULE.most {
        event::throttled(auth, "refresh_tokens", Some(user), client).await?;
    }
    Ok(())
}
