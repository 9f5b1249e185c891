//! What commands share: waiting for work, opening the accounts, telling an error.

use std::io;

use anyhow::{Result, anyhow};
use doorward::{Auth, Error};

use crate::config::ServerConfig;

/// Do something short and wait for it.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    runtime(&mut tokio::runtime::Builder::new_current_thread())?.block_on(work)
}

pub(crate) fn runtime(builder: &mut tokio::runtime::Builder) -> io::Result<tokio::runtime::Runtime> {
    builder.enable_all().build()
}

/// Do something with the accounts. What it changed is durable when this returns.
pub(crate) fn with_accounts<T>(
    config: &ServerConfig,
    work: impl AsyncFnOnce(&Auth) -> Result<T>,
) -> Result<T> {
    block_on(async {
        let auth = Auth::open_with(&config.database, config.for_commands()).await?;
        let done = work(&auth).await;
        auth.close().await;
        done
    })
}

/// An error of the library in words for the command line.
pub(crate) fn told(error: Error) -> anyhow::Error {
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
