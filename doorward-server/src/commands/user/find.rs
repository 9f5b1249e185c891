//! Finds the user that the command line names.

use anyhow::{Result, anyhow};
use doorward::{Auth, User};

use crate::commands::accounts::explained;

/// Finds a user by the address or id that was typed.
pub(super) async fn find(auth: &Auth, typed: &str) -> Result<User> {
    auth.find_user(typed).await.map_err(explained)?.ok_or_else(|| no_user(typed))
}

/// Refuses if the user was deleted in the meantime.
pub(super) fn still_there(found: bool, typed: &str) -> Result<()> {
    if found { Ok(()) } else { Err(no_user(typed)) }
}

fn no_user(typed: &str) -> anyhow::Error {
    anyhow!("there is no user {typed}")
}
