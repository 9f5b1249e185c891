//! `doorward migrate`: brings the schema up to date.

use std::io::{Write as _, stdout};

use anyhow::Result;
use doorward::{Auth, database::EmailClash};

use super::runtime::block_on;
use crate::config::ServerConfig;

/// Applies the migrations. Prints their names, and the users whose addresses clash.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    let migrated = async {
        Auth::migrate_with(&config.database, &config.for_commands())
            .await
            .map_err(|error| config.explained(error))
    };
    let migrated = block_on(migrated)?;
    if migrated.applied.is_empty() {
        writeln!(stdout(), "the schema is up to date")?;
    }
    for name in migrated.applied {
        writeln!(stdout(), "applied {name}")?;
    }
    for clash in migrated.clashes {
        let EmailClash { user, email, holder, holder_email, .. } = clash;
        writeln!(
            stdout(),
            "clash: user {user} ({email}) and user {holder} ({holder_email}) have one address in two spellings. Nothing is \
             lost. User {user} is found by this spelling alone, and user {holder} by every other one. To end the clash, give \
             one of them another address (doorward user set-email) or delete one."
        )?;
    }
    Ok(())
}
