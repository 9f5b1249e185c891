//! The kinds of events. Their names are stored, and programs read them, so a name never changes.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value},
};

use crate::base::parse_error::ParseError;

/// The kind of an event. Displays, serializes and parses as the name in the log: `logged_in`.
///
/// Clients that proved nothing cause six of them: [`LogInFailed`](Self::LogInFailed), [`CodeFailed`](Self::CodeFailed),
/// [`PasswordResetRequested`](Self::PasswordResetRequested), [`LogInMailRequested`](Self::LogInMailRequested),
/// [`RegistrationRepeated`](Self::RegistrationRepeated) and [`Throttled`](Self::Throttled). These are gathered: see
/// [`Auth::events`](crate::Auth::events). While their table is full, those of all accounts are counted together for an
/// hour. Such an event has no user, and its detail is `of`: `everybody`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// An account was created.
    Registered,
    /// Somebody registered with an address that is taken, in private mode. An account has the address, or can get it
    /// back by undoing a change.
    RegistrationRepeated,
    /// An account was imported from another system. `scheme` names the hashing scheme of its password.
    UserImported,
    /// A user logged in. `method` names the proof, `transport` the way of the token: `bearer` or `cookie`. `session` is
    /// the id of the session. `second` names the second factor, if there was one: `totp`, `recovery_code` or `passkey`.
    LoggedIn,
    /// A log-in failed. `method` names the proof that was tried. `reason` is one of `unknown_user`, `no_password`,
    /// `wrong_password`, `disabled`, `unverified`, `too_many_attempts`: the password was correct, but after a hundred
    /// wrong ones of strangers it opens nothing by itself.
    LogInFailed,
    /// A user has taken the first step of a log-in, and has a second factor or must add one. There is no session yet.
    /// `method` names the first proof. `enroll` is `true` if the user must have a second factor and has none.
    SecondStepRequired,
    /// A user added an authenticator app, perhaps in place of another one. `factor` is `totp`.
    SecondFactorAdded,
    /// A user removed the authenticator app, or an operator did. `factor` is `totp`.
    SecondFactorRemoved,
    /// Somebody who had proved everything else gave a wrong code. `factor` is `totp` or `recovery_code`.
    SecondFactorFailed,
    /// A hundred codes in a row were wrong, so the authenticator app is off until its owner proves themselves in
    /// another way. `factor` is `totp`.
    SecondFactorLocked,
    /// A user used a recovery code. `left` is the number of codes that are left.
    RecoveryCodeUsed,
    /// A user made new recovery codes, in place of all older ones.
    RecoveryCodesRenewed,
    /// A user added a passkey. `passkey` is its number.
    PasskeyAdded,
    /// A user removed a passkey, or an operator did. `passkey` is its number. `ended` is the number of sessions that
    /// ended with it.
    PasskeyRemoved,
    /// A user gave a passkey another name. `passkey` is its number.
    PasskeyRenamed,
    /// A passkey that could not be backed up now can be. `passkey` is its number.
    PasskeyBackupAllowed,
    /// The count of signatures of a passkey did not grow. Somebody may have copied it; some honest authenticators do it
    /// too. The log-in went on. `passkey` is its number.
    PasskeyCounterRegressed,
    /// A user trusts the browser of a log-in: it needs no second step there for a while. `session` is the id of the
    /// session, `browser` the number of the trust.
    BrowserTrusted,
    /// A user ended the trust in a browser. `browser` is its number. Changes that end the trust in all browsers, such
    /// as a new password, have events of their own.
    BrowserDistrusted,
    /// A user who was logged in proved who they are once more. `session` is the id of the session, `method` the proof:
    /// `password`, `totp`, `recovery_code` or `passkey`.
    SteppedUp,
    /// A client ended the session whose token it sent.
    LoggedOut,
    /// A user ended another of their sessions, or the host ended one. `session` is its id.
    SessionEnded,
    /// A user ended all their sessions except the current one, or the host ended all. `ended` is the number of ended
    /// sessions.
    AllSessionsEnded,
    /// A logged-in user was asked for the password again and gave a wrong one.
    ConfirmationFailed,
    /// Somebody typed a code that was never sent or is no longer valid. `purpose` names the purpose of the code.
    CodeFailed,
    /// A user changed their password. This ended their other sessions and gave the current one a new token.
    PasswordChanged,
    /// An operator set a password, which ended all sessions of the user.
    PasswordSet,
    /// Somebody asked for a mail that logs in as this user, or with an address that has no account.
    LogInMailRequested,
    /// Somebody asked to reset the password of this user, or with an address that has no account.
    PasswordResetRequested,
    /// A user replaced a forgotten password, with a link or a code from a mail.
    PasswordReset,
    /// What logs a user in beside the password was removed: with a forgotten password, with an undo of a change of
    /// address, by the first proof of an address, or by an operator. `removed` are the kinds, separated by spaces, such
    /// as `totp` and `recovery_codes`.
    WaysInRemoved,
    /// A user verified the address of the account: mail to it reaches them. Or the host says so
    /// ([`Auth::mark_email_verified`](crate::Auth::mark_email_verified)).
    EmailVerified,
    /// A user asked for another address. The account gets it when it is verified.
    EmailChangeRequested,
    /// The address of the account was changed.
    EmailChanged,
    /// A change of the address was undone by a link in a mail to the old address. The password was removed too.
    EmailChangeUndone,
    /// A former address took a change back after a later address had proved itself. The account is disabled and has no
    /// password, until an operator decides.
    AccountFrozen,
    /// A user ended the undo of earlier changes of address. `ended` is the number of ended undos. `kept` is the number
    /// of those that can still freeze the account.
    EmailUndoEnded,
    /// An operator disabled the user, which ended all their sessions.
    UserDisabled,
    /// An operator let a disabled user log in again.
    UserEnabled,
    /// An operator ended all that logs in as the user, until its owner chooses a password by mail.
    UserLockedOut,
    /// An operator reset the counters of wrong guesses at the account.
    UserUnlocked,
    /// An operator or the host changed the roles of the user. `added` and `removed` are the names, separated by spaces.
    RolesChanged,
    /// An operator or the host changed the attributes of the user. `members` names those that were added, changed or
    /// removed, separated by spaces. Their values are not recorded.
    AttributesChanged,
    /// The account was deleted.
    UserDeleted,
    /// A user allowed an app to act for them, or allowed it more than before. `client` is the id of the app, `scopes`
    /// are all that it may do now.
    AppAllowed,
    /// A user ended the access of an app. `client` is its id.
    AppEnded,
    /// A client showed an authorization code for a second time, so somebody has a copy. The tokens that came of the
    /// code have ended. `client` is the id of the one who showed it.
    CodeReused,
    /// An app showed a refresh token that surely somebody else had used, so there are two copies. The access of the app
    /// that came of this log-in has ended. `client` is the id of the app. `earlier_ip` and `earlier_user_agent` say
    /// where a token of this access was exchanged last.
    RefreshTokenReused,
    /// An app showed a refresh token again, more than a minute after it had exchanged it. An answer may have been lost.
    /// The details are those of [`RefreshTokenReused`](Self::RefreshTokenReused).
    RefreshTokenRepeated,
    /// An operator added an app. `client` is its id.
    ClientAdded,
    /// An operator gave an app a new secret. `client` is its id.
    ClientSecretRenewed,
    /// An operator disabled an app, which ended its tokens. `client` is its id.
    ClientDisabled,
    /// An operator let a disabled app work again. `client` is its id.
    ClientEnabled,
    /// An operator deleted an app, with its tokens and what users had allowed it. `client` is its id.
    ClientDeleted,
    /// A key that signs ID tokens was made, because one was due or an operator wants it. `key` is its id, `algorithm`
    /// how it signs, `signs_from` since when.
    SigningKeyMade,
    /// An operator ended a key that signs ID tokens before its time. `key` is its id, `algorithm` how it signed.
    SigningKeyEnded,
    /// An operator sealed secrets in the database anew. `key` is the id of the key that seals them now, `secrets` their
    /// number.
    SecretsResealed,
    /// Too many attempts failed, and further attempts are refused for a while. `limit` names the limit that was
    /// reached. For guesses: `account`, `client` (one client at one account), `device`, `session`, `code`,
    /// `second_factor`, `client_address`; or `strangers`, after a hundred attempts at an account. `new_passwords` for
    /// tries to set a password. `refresh_tokens` for the exchanges of one app. `mails` for the mails that a client asks
    /// for, `mails_to_address` for the mails to one address. It is recorded when the limit is reached, not for each
    /// refusal. The limit `failures` means that the table of failures is full; an operator should look for an attack.
    Throttled,
    /// A mail could not be sent, and there will be no further attempt. `letter` names the letter.
    MailDead,
}

impl EventKind {
    /// Returns `true` if clients that proved nothing can cause it as often as they like.
    pub(crate) fn is_of_strangers(self) -> bool {
        matches!(
            self,
            Self::LogInFailed
                | Self::CodeFailed
                | Self::PasswordResetRequested
                | Self::LogInMailRequested
                | Self::RegistrationRepeated
                | Self::Throttled
        )
    }

    /// The name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::RegistrationRepeated => "registration_repeated",
            Self::UserImported => "user_imported",
            Self::LoggedIn => "logged_in",
            Self::LogInFailed => "log_in_failed",
            Self::SecondStepRequired => "second_step_required",
            Self::SecondFactorAdded => "second_factor_added",
            Self::SecondFactorRemoved => "second_factor_removed",
            Self::SecondFactorFailed => "second_factor_failed",
            Self::SecondFactorLocked => "second_factor_locked",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyBackupAllowed => "passkey_backup_allowed",
            Self::PasskeyCounterRegressed => "passkey_counter_regressed",
            Self::BrowserTrusted => "browser_trusted",
            Self::BrowserDistrusted => "browser_distrusted",
            Self::SteppedUp => "stepped_up",
            Self::LoggedOut => "logged_out",
            Self::SessionEnded => "session_ended",
            Self::AllSessionsEnded => "all_sessions_ended",
            Self::ConfirmationFailed => "confirmation_failed",
            Self::CodeFailed => "code_failed",
            Self::PasswordChanged => "password_changed",
            Self::PasswordSet => "password_set",
            Self::LogInMailRequested => "log_in_mail_requested",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordReset => "password_reset",
            Self::WaysInRemoved => "ways_in_removed",
            Self::EmailVerified => "email_verified",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::AccountFrozen => "account_frozen",
            Self::EmailUndoEnded => "email_undo_ended",
            Self::UserDisabled => "user_disabled",
            Self::UserEnabled => "user_enabled",
            Self::UserLockedOut => "user_locked_out",
            Self::UserUnlocked => "user_unlocked",
            Self::RolesChanged => "roles_changed",
            Self::AttributesChanged => "attributes_changed",
            Self::UserDeleted => "user_deleted",
            Self::AppAllowed => "app_allowed",
            Self::AppEnded => "app_ended",
            Self::CodeReused => "code_reused",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::RefreshTokenRepeated => "refresh_token_repeated",
            Self::ClientAdded => "client_added",
            Self::ClientSecretRenewed => "client_secret_renewed",
            Self::ClientDisabled => "client_disabled",
            Self::ClientEnabled => "client_enabled",
            Self::ClientDeleted => "client_deleted",
            Self::SigningKeyMade => "signing_key_made",
            Self::SigningKeyEnded => "signing_key_ended",
            Self::SecretsResealed => "secrets_resealed",
            Self::Throttled => "throttled",
            Self::MailDead => "mail_dead",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for EventKind {
    type Err = ParseError;

    /// The error lists all names.
    fn from_str(name: &str) -> Result<Self, ParseError> {
        Self::deserialize(name.into_deserializer()).map_err(|error: value::Error| {
            let error = error.to_string();
            let names = error.rsplit_once("expected ").map_or(&*error, |(_, names)| names);
            ParseError::expected(names.to_owned())
        })
    }
}

/// The one who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// The sender of a request: the user, or an attacker who pretends to be them.
    User,
    /// An operator, on the command line or by a call of the library.
    Operator,
    /// Doorward itself, in the background.
    System,
}

impl Actor {
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::User, Self::Operator, Self::System].into_iter().find(|actor| actor.as_str() == name)
    }

    /// The name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_as_its_kind() {
        let error = EventKind::from_str("unheard_of").unwrap_err().to_string();
        let names: Vec<_> = error.split('`').skip(1).step_by(2).collect();
        assert!(names.len() >= 20 && names.contains(&"logged_in"), "{error}");
        for name in names {
            assert_eq!(EventKind::from_str(name).unwrap().to_string(), name);
        }
        for wrong in ["", "LoggedIn", "logged_in ", "0"] {
            assert!(EventKind::from_str(wrong).is_err(), "{wrong}");
        }
    }
}
