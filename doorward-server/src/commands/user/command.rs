//! The commands on users, as they stand on the command line.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use super::{add, delete, disable, enable, import, list, set_password, wrap};
use crate::config::ServerConfig;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a user; the password is asked for, or read as the first line of the input
    Add {
        /// The address the user logs in with
        email: String,
        /// The hash of a password as another system stored it, in place of a password; `-` reads it as the
        /// first line of the input, where other users of this machine cannot see it
        #[arg(long, value_name = "HASH", allow_hyphen_values = true)]
        password_hash: Option<String>,
    },
    /// Import the users of another system with the hashes of their passwords; without --apply, tell what would
    /// become of them
    ///
    /// Each line of the file is a JSON object with `email` and `password_hash`, and maybe `id` (a positive number
    /// below 2^53, which is kept), `email_verified` (true or false) and `created_at` (RFC 3339 or unix seconds).
    /// Who is there already is left as they are, so that an import can be repeated.
    Import {
        /// The file, `-` for the input
        file: PathBuf,
        /// Do it
        #[arg(long)]
        apply: bool,
        /// Put argon2id over hashes that are quick to guess, such as MD5
        #[arg(long)]
        wrap: bool,
    },
    /// Put argon2id over stored hashes that are quick to guess, such as MD5; without --apply, count them
    ///
    /// The passwords stay the same, and at the next log-in each becomes a plain argon2id hash. People may log in
    /// meanwhile.
    Wrap {
        /// Do it
        #[arg(long)]
        apply: bool,
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

/// Runs the command.
pub(crate) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Add { email, password_hash } => add::run(config, email, password_hash.as_deref()),
        Command::Import { file, apply, wrap } => {
            import::run(config, file, import::Wanted { apply: *apply, wrap: *wrap })
        }
        Command::Wrap { apply } => wrap::run(config, *apply),
        Command::List { json } => list::run(config, *json),
        Command::Disable { user } => disable::run(config, user),
        Command::Enable { user } => enable::run(config, user),
        Command::SetPassword { user } => set_password::run(config, user),
        Command::Delete { user, yes } => delete::run(config, user, *yes),
    }
}
