//! `doorward user`: people's accounts, for operators.
//!
//! These commands work on the database, not through the server, and may be used while it runs.

mod add;
mod delete;
mod disable;
mod enable;
mod list;
mod password;
mod set_password;

use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use doorward::{Auth, Error, User};

use crate::config::ServerConfig;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a user; the password is asked for, or read as the first line of the input
    Add {
        /// The address the user logs in with
        email: String,
    },
    /// List all users
    List {
        /// One JSON object a line instead of a table
        #[arg(long)]
        json: bool,
    },
    /// End all sessions of a user and let them log in no more
    Disable {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Let a disabled user log in again
    Enable {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Give a user another password and end all their sessions; the password is asked for, or read as the
    /// first line of the input
    SetPassword {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Delete a user and all that belongs to them
    Delete {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// Do not ask whether this is meant
        #[arg(long)]
        yes: bool,
    },
}

/// Do what the command says.
pub(crate) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Add { email } => add::run(config, email),
        Command::List { json } => list::run(config, *json),
        Command::Disable { user } => disable::run(config, user),
        Command::Enable { user } => enable::run(config, user),
        Command::SetPassword { user } => set_password::run(config, user),
        Command::Delete { user, yes } => delete::run(config, user, *yes),
    }
}

/// The user that somebody typed.
async fn found(auth: &Auth, typed: &str) -> Result<User> {
    auth.find_user(typed).await.map_err(told)?.ok_or_else(|| no_user(typed))
}

/// Refuse if the user was deleted by somebody else in between.
fn still_there(found: bool, typed: &str) -> Result<()> {
    if found { Ok(()) } else { Err(no_user(typed)) }
}

fn no_user(typed: &str) -> anyhow::Error {
    anyhow!("there is no user {typed}")
}

/// An error of the library in words for the command line.
fn told(error: Error) -> anyhow::Error {
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

/// Refuse what nobody has agreed to.
fn confirmed(question: &str, yes: bool) -> Result<()> {
    use std::io::{IsTerminal as _, Write as _, stderr, stdin};
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        bail!("nobody can be asked whether this is meant; say --yes");
    }
    write!(stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if !matches!(answer.trim(), "y" | "Y" | "yes") {
        bail!("nothing was changed");
    }
    Ok(())
}
