//! The commands on users, as they stand on the command line.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use super::{
    add, attributes, delete, disable, enable, import, list, lock_out, reset_second_factor, role, set_email,
    set_password, unlock, wrap,
};
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
    /// Import the users of another system with their password hashes; without --apply, only report what would
    /// happen
    ///
    /// Each line of the file is a JSON object with `email` and `password_hash`, and maybe `id` (a positive number
    /// below 2^53, which is kept), `email_verified` (true or false), `created_at` (RFC 3339 or unix seconds),
    /// `display_name`, `roles` (a list), `attributes` (an object) and `profile` (an object with fields of the setting).
    /// `totp` is an authenticator app: `otpauth://` text, or an object with `secret` in base32 and maybe `algorithm`,
    /// `digits` and `period`. `recovery_codes` is a list of codes in clear, which are hashed.
    /// Users who exist already are not changed, so an import can be repeated.
    Import {
        /// The file; `-` reads the input
        file: PathBuf,
        /// Change the database
        #[arg(long)]
        apply: bool,
        /// Put argon2id over hashes that are quick to guess, such as MD5
        #[arg(long)]
        wrap: bool,
    },
    /// Put argon2id over stored hashes that are quick to guess, such as MD5; without --apply, count them
    ///
    /// The passwords stay the same. At the next log-in each hash becomes a plain argon2id hash. Users can log in
    /// in the meantime.
    Wrap {
        /// Change the database
        #[arg(long)]
        apply: bool,
    },
    /// List all users
    List {
        /// One JSON object per line instead of a table
        #[arg(long)]
        json: bool,
    },
    /// End all sessions of a user and refuse further log-ins
    Disable {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Allow a disabled user to log in again
    Enable {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Forget the wrong passwords that were tried for a user, so that the correct one works at once
    Unlock {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Remove the authenticator app, the passkeys and the recovery codes of a user who has lost them; make sure who
    /// asks for it
    ///
    /// It works without the key file too, after a restore without it. The server starts again when no secret needs the
    /// lost key any more.
    ResetSecondFactor {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// End all that logs in as a user, because somebody else may hold it; the owner gets in again by mail
    ///
    /// Ends every session, token and link, and what the user allowed apps. Forgets all known and trusted browsers.
    /// Removes the password, the authenticator app, the passkeys and the recovery codes. No mail is sent: the owner
    /// asks for one at /forgot-password. If somebody else reads the mail of this address, use set-email first. To let
    /// nobody in, use disable.
    LockOut {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Give the account of a user to the owner of another address, who chooses a password by mail
    ///
    /// Ends all sessions and links, and removes the password. A former address can no longer take the account back.
    /// A disabled user stays disabled.
    SetEmail {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// The address the user gets
        email: String,
    },
    /// Set the password of a user and end all their sessions; the password is asked for, or read as the first
    /// line of the input
    ///
    /// The authenticator app, the passkeys and the recovery codes stay: see lock-out and reset-second-factor.
    SetPassword {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
    },
    /// Give a role to a user, take one away, or list the roles of a user
    #[command(subcommand)]
    Role(role::Command),
    /// Show or replace the attributes of a user: facts that the user can read and not change
    #[command(subcommand)]
    Attributes(attributes::Command),
    /// Delete a user and all their data
    Delete {
        /// The e-mail address of the user, or the id
        #[arg(value_name = "EMAIL_OR_ID")]
        user: String,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// Runs the command.
pub(crate) fn run(config: &ServerConfig, command: &Command) -> Result<()> {
    match command {
        Command::Add { email, password_hash } => add::run(config, email, password_hash.as_deref()),
        Command::Import { file, apply, wrap } => {
            import::run(config, file, import::Mode { apply: *apply, wrap: *wrap })
        }
        Command::Wrap { apply } => wrap::run(config, *apply),
        Command::List { json } => list::run(config, *json),
        Command::Disable { user } => disable::run(config, user),
        Command::Enable { user } => enable::run(config, user),
        Command::Unlock { user } => unlock::run(config, user),
        Command::ResetSecondFactor { user } => reset_second_factor::run(config, user),
        Command::LockOut { user } => lock_out::run(config, user),
        Command::SetEmail { user, email } => set_email::run(config, user, email),
        Command::SetPassword { user } => set_password::run(config, user),
        Command::Role(command) => role::run(config, command),
        Command::Attributes(command) => attributes::run(config, command),
        Command::Delete { user, yes } => delete::run(config, user, *yes),
    }
}
