//! Limits how often a client asks for options of a passkey. Each writes a row, and anybody may ask.

use crate::{
    accounts::{
        event,
        limit::table::{self, Counter, Rule, Window},
    },
    auth::Auth,
    base::error::{Error, Result},
    model::client::Client,
};

/// Sixty a minute. IPv6 addresses count by their /64.
const RULE: Window = Window { most: 60, length: 60 };

/// Counts a request for options. It counts nothing if the client address is unknown.
///
/// # Errors
/// [`Error::TooManyAttempts`].
pub(crate) async fn count(auth: &Auth, client: &Client) -> Result<()> {
    let Some(network) = client.network() else { return Ok(()) };
    let counter = Counter { key: table::key("passkey options", &network), rule: Rule::Window(RULE) };
    let counted =
        table::count_alone(auth.db(), counter, auth.now()).await?.map_err(Error::TooManyAttempts)?;
    if counted.count == RULE.most {
        event::throttled(auth, "passkey_options", None, client).await?;
    }
    Ok(())
}
