//! An app on another host that people log in to here: a client of OAuth 2.1.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::base::{
    db::{self, FromRow, Row},
    secret,
    time::Timestamp,
};

/// The secret of a client.
pub(crate) const CLIENT_SECRET: secret::Kind = secret::Kind("dw_x_");

/// Where a client was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// In the configuration, as `[[client]]`. It is changed there.
    Config,
    /// By an operator, on the command line or by a call of the library.
    Admin,
}

impl Origin {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Admin => "admin",
        }
    }
}

/// A client as it is stored, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OAuthClient {
    /// The id that the app sends as `client_id`. It is no secret.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// Where it was declared.
    pub origin: Origin,
    /// `true` if it has a secret to show, `false` for an app in a browser or on a phone.
    pub confidential: bool,
    /// `true` for an app of the operator: people are not asked whether it may see their account.
    pub first_party: bool,
    /// The addresses that people may be led back to.
    pub redirect_uris: Vec<String>,
    /// The addresses that people may be led to after a log-out.
    pub post_logout_redirect_uris: Vec<String>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// The APIs that it may ask tokens for.
    pub resources: Vec<String>,
    /// How its ID tokens are signed.
    pub id_token_alg: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was disabled.
    pub disabled_at: Option<Timestamp>,
}

/// The columns of `oauth_clients`, in the order in which [`OAuthClient::of`] reads them.
macro_rules! client_columns {
    () => {
        "oauth_clients.id, oauth_clients.name, oauth_clients.origin, oauth_clients.confidential,
         oauth_clients.first_party, oauth_clients.redirect_uris, oauth_clients.post_logout_uris,
         oauth_clients.scopes, oauth_clients.resources, oauth_clients.id_token_alg, oauth_clients.created_at,
         oauth_clients.disabled_at"
    };
}
pub(crate) use client_columns;

impl FromRow for OAuthClient {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let list = |index: usize| {
            let text: String = row.get(index)?;
            serde_json::from_str(&text).map_err(|_| db::Error::Bug("a list of a client is no JSON".into()))
        };
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            origin: if row.get::<String>(2)? == Origin::Config.name() {
                Origin::Config
            } else {
                Origin::Admin
            },
            confidential: row.get::<i64>(3)? != 0,
            first_party: row.get::<i64>(4)? != 0,
            redirect_uris: list(5)?,
            post_logout_redirect_uris: list(6)?,
            scopes: row.get::<String>(7)?.split_whitespace().map(str::to_owned).collect(),
            resources: list(8)?,
            id_token_alg: row.get(9)?,
            created_at: Timestamp::of(row, 10)?,
            disabled_at: Timestamp::optional(row, 11)?,
        })
    }
}

/// The number under which changes of a client are noted. It is below zero, so it is never the number of a user. Two
/// clients may share one: then a change of one only causes a read for the other.
pub(crate) fn owner_of(client_id: &str) -> i64 {
    let hash = Sha256::digest(client_id);
    let bytes: [u8; 8] = std::array::from_fn(|index| hash[index]);
    -1 - (i64::from_le_bytes(bytes) & i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_never_has_the_number_of_a_user() {
        let owners: std::collections::BTreeSet<_> =
            (0..1000).map(|number| owner_of(&format!("client_{number}"))).collect();
        assert_eq!(owners.len(), 1000);
        assert!(owners.iter().all(|owner| *owner < 0));
    }
}
