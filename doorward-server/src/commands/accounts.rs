//! Work on the accounts, and errors about it.

use anyhow::{Result, anyhow};
use doorward::{Auth, AuthBuilder, Error, config::SecondFactorPolicy};

use super::runtime::block_on;
use crate::{config::ServerConfig, key_file};

/// Opens the accounts, runs the work on them, and closes them. All changes are durable when this returns.
pub(super) fn with_accounts<T>(
    config: &ServerConfig,
    work: impl AsyncFnOnce(&Auth) -> Result<T>,
) -> Result<T> {
    run(config, |builder| builder, work)
}

/// The same, also if a key that seals secrets is missing: the work removes what the key has sealed.
pub(super) fn with_accounts_despite_missing_keys<T>(
    config: &ServerConfig,
    work: impl AsyncFnOnce(&Auth) -> Result<T>,
) -> Result<T> {
    run(config, AuthBuilder::despite_missing_keys, work)
}

fn run<T>(
    config: &ServerConfig,
    prepare: impl FnOnce(AuthBuilder) -> AuthBuilder,
    work: impl AsyncFnOnce(&Auth) -> Result<T>,
) -> Result<T> {
    block_on(async {
        let mut library = config.for_commands();
        key_file::read_into(&mut library, &config.database)?;
        if library.secret_key.is_none() {
            // A command logs nobody in. The first start of the server makes the key, or asks for it.
            library.second_factor = SecondFactorPolicy::Optional;
            library.second_factor_roles.clear();
        }
        let opened = prepare(Auth::builder(&config.database).config(library)).open().await;
        let auth = opened.map_err(|error| config.explained(error))?;
        let done = work(&auth).await;
        auth.close().await;
        done
    })
}

/// Puts an error of the library into words for the command line.
pub(super) fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|field| format!("{}: {}", field.field, field.message)).collect();
            anyhow!(fields.join("; "))
        }
        Error::Unavailable => anyhow!("the database is busy or cannot be reached; try again"),
        other => other.into(),
    }
}
