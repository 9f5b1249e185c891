//! `doorward doctor`: checks what most often keeps a server from its work.

use std::io::{Write as _, stdout};

use anyhow::{Result, bail};
use doorward::Auth;

use super::{accounts::explained, runtime::block_on};
use crate::{config::ServerConfig, key_file};

/// The seconds by which the clock may be off. Codes of authenticator apps bear half a minute.
const OFF: i64 = 10;

/// What a check has found.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Fine(String),
    /// The server works, and something may surprise its operator.
    Warning(String),
    /// The server does not start, or a part of it does not work.
    Fault(String),
}

use Found::{Fault, Fine, Warning};

/// Runs all checks, and prints a line for each. Fails if one has found a fault.
pub(crate) fn run(config: &ServerConfig) -> Result<()> {
    let mut lines = vec![("configuration", configuration(config))];
    lines.push(("mail", mail(config)));
    lines.extend(block_on(async { Ok(database(config).await) })?);
    let mut output = stdout().lock();
    for (what, found) in &lines {
        let (mark, text) = match found {
            Fine(text) => ("ok", text),
            Warning(text) => ("warning", text),
            Fault(text) => ("fault", text),
        };
        writeln!(output, "{mark:7}  {what}: {text}")?;
    }
    match lines.iter().filter(|(_, found)| matches!(found, Fault(_))).count() {
        0 => Ok(()),
        1 => bail!("one check has found a fault"),
        faults => bail!("{faults} checks have found faults"),
    }
}

fn configuration(config: &ServerConfig) -> Found {
    match config.check_for_serving().and_then(|()| config.check_breached_file()) {
        Ok(()) => Fine("the server starts with it".into()),
        Err(mistakes) => Fault(mistakes.to_string()),
    }
}

fn mail(config: &ServerConfig) -> Found {
    let library = config.for_commands();
    if library.smtp_url.is_some() {
        Fine("there is an smtp_url".into())
    } else if library.dev_mailbox {
        Warning("dev_mailbox keeps all mails in memory and sends none".into())
    } else {
        Warning("there is no smtp_url, so nobody can reset a password or verify an address".into())
    }
}

/// Checks what needs the database. Like every command, this brings the schema up to date.
async fn database(config: &ServerConfig) -> Vec<(&'static str, Found)> {
    let builder = || {
        let mut library = config.for_commands();
        // An error of the file is found below.
        let _ = key_file::read_into(&mut library, &config.database);
        Auth::builder(&config.database).config(library)
    };
    let schema = match builder().migrate().await {
        Ok(migrated) if migrated.applied.is_empty() => Fine("it was up to date".into()),
        Ok(migrated) => Fine(format!("{} migrations were applied now", migrated.applied.len())),
        Err(error) => return vec![("database", Fault(format!("{:#}", config.explained(error))))],
    };
    let mut lines = vec![("database", Fine("it can be reached".into())), ("schema", schema)];
    let mut library = config.for_commands();
    let keys = match key_file::read_into(&mut library, &config.database) {
        Err(error) => Fault(format!("{error:#}")),
        Ok(_) => match builder().open().await {
            Err(error) => Fault(format!("{:#}", config.explained(error))),
            Ok(auth) => {
                auth.close().await;
                match library.secret_key {
                    Some(_) => Fine("there is a secret_key, and no secret needs another one".into()),
                    None => Warning(
                        "there is no secret_key yet: no authenticator apps, and no apps that log in here"
                            .into(),
                    ),
                }
            }
        },
    };
    lines.push(("sealing keys", keys));
    let found = match builder().despite_missing_keys().open().await {
        Err(error) => Fault(format!("{:#}", config.explained(error))),
        Ok(auth) => {
            let ahead = auth.clock_ahead_of_database().await;
            auth.close().await;
            match ahead {
                Err(error) => Fault(format!("{:#}", explained(error))),
                Ok(ahead) => clock(ahead),
            }
        }
    };
    lines.push(("clock", found));
    lines
}

/// Judges by how many seconds the clock of this machine is ahead of that of the database.
fn clock(ahead: Option<i64>) -> Found {
    match ahead {
        None => Fine("the database is a file of this machine, so there is one clock".into()),
        Some(ahead) if ahead.abs() <= OFF => Fine("it agrees with that of the database".into()),
        Some(ahead) => {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            Warning(format!(
                "it is {} s {side} that of the database; codes of authenticator apps fail from half a minute on",
                ahead.abs()
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_by_more_than_ten_seconds_is_a_warning() {
        for agreeing in [None, Some(0), Some(10), Some(-10)] {
            assert!(matches!(clock(agreeing), Fine(_)), "{agreeing:?}");
        }
        for (off, told) in [(11, "11 s ahead of"), (-40, "40 s behind")] {
            let Warning(text) = clock(Some(off)) else { panic!("{off}") };
            assert!(text.contains(told), "{text}");
        }
    }
}
