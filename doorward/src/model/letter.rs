//! The kinds of letters, and the facts that a letter reports.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{purpose::Purpose, user::User};

/// A kind of letter. Two kinds are equal if their names are equal.
///
/// The letters here are sent by several features, or by `accounts`. Each one belongs to one feature, which lists it.
#[derive(Clone, Copy)]
pub(crate) struct Letter {
    /// The name in the database and in templates. The keys of its texts begin with `mail-NAME-`, with dashes for
    /// underscores.
    pub(crate) name: &'static str,
    /// The purpose of the secret in the letter.
    pub(crate) purpose: Option<Purpose>,
    /// The path of the page that its button opens.
    pub(crate) page: Option<&'static str>,
    pub(crate) to: Recipient,
    /// Returns `true` if this owner of the account needs the letter. It is called when the letter is sent.
    pub(crate) needs: fn(&User) -> bool,
    /// The number of these letters to one address is limited when they are sent. Nobody asks for them.
    pub(crate) is_notice: bool,
    /// The letter shows the code of its purpose, if there is one.
    pub(crate) shows_code: bool,
    /// The letter also has a link to the page for a forgotten password.
    pub(crate) offers_reset: bool,
}

/// The address that a letter goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// The address of the account.
    Owner,
    /// The owner of the address that was typed. If nobody has it, the address itself: its reader learns that.
    Typed,
    /// The address that the user wants to have.
    NewAddress,
    /// An address that the account had before, or the address of an account that is deleted or frozen.
    FormerAddress,
}

impl Letter {
    /// The defaults of a letter: it goes to the owner of the account and holds no secret. Each letter names its
    /// differences.
    pub(crate) const TO_OWNER: Self = Self {
        name: "",
        purpose: None,
        page: None,
        to: Recipient::Owner,
        needs: |_| true,
        is_notice: false,
        shows_code: true,
        offers_reset: false,
    };
    /// Holds a link and a code. They prove that the reader receives mail at the address.
    pub(crate) const VERIFY_EMAIL: Self = Self {
        name: "verify_email",
        purpose: Some(Purpose::VERIFY_EMAIL),
        page: Some("/verify-email"),
        needs: |user| user.email_verified_at.is_none() && user.disabled_at.is_none(),
        ..Self::TO_OWNER
    };
    /// Holds a link and a code to choose a new password.
    pub(crate) const RESET_PASSWORD: Self = Self {
        name: "reset_password",
        purpose: Some(Purpose::RESET_PASSWORD),
        page: Some("/reset-password"),
        needs: |user| user.disabled_at.is_none(),
        ..Self::TO_OWNER
    };
    /// Tells the owner of an account that somebody tried to register with its address.
    pub(crate) const ALREADY_REGISTERED: Self =
        Self { name: "already_registered", page: Some("/login"), offers_reset: true, ..Self::TO_OWNER };
    /// Replaces [`Self::ALREADY_REGISTERED`] if the address was never verified. With its link the reader chooses a
    /// password, and so takes the account over.
    pub(crate) const FINISH_REGISTRATION: Self = Self {
        name: "finish_registration",
        purpose: Some(Purpose::RESET_PASSWORD),
        page: Some("/reset-password"),
        // The page after the registration asks for the code of `VERIFY_EMAIL`, so a code here would not work there.
        shows_code: false,
        ..Self::TO_OWNER
    };
    /// Holds a link and a code that log in, in the browser that asked for them. The code stands in the subject too.
    pub(crate) const LOG_IN: Self = Self {
        name: "log_in",
        purpose: Some(Purpose::LOG_IN),
        page: Some("/login/link"),
        to: Recipient::Typed,
        needs: |user| user.disabled_at.is_none(),
        ..Self::TO_OWNER
    };
    /// Replaces [`Self::LOG_IN`] if the address was never verified. Somebody else may have made the account, so its
    /// password and all else that logs in end with this log-in.
    pub(crate) const FIRST_LOG_IN: Self = Self { name: "first_log_in", ..Self::LOG_IN };
    /// Replaces [`Self::LOG_IN`] if nobody has the address. It offers to register.
    pub(crate) const NO_ACCOUNT: Self = Self {
        name: "no_account",
        page: Some("/register"),
        to: Recipient::Typed,
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// The same while registration is closed.
    pub(crate) const NO_ACCOUNT_HERE: Self = Self { name: "no_account_here", page: None, ..Self::NO_ACCOUNT };
    /// Holds a link and a code that are needed beside the password, in a browser that is not known.
    /// Somebody who knows the password causes it, so its number is limited.
    pub(crate) const LOG_IN_CODE: Self =
        Self { name: "log_in_code", to: Recipient::Owner, is_notice: true, ..Self::LOG_IN };
    /// Holds a link and a code that confirm the new address of a user. It goes to that address.
    pub(crate) const CONFIRM_EMAIL: Self = Self {
        name: "confirm_email",
        purpose: Some(Purpose::CHANGE_EMAIL),
        page: Some("/confirm-email"),
        to: Recipient::NewAddress,
        ..Self::TO_OWNER
    };
    /// Reports a change of address to the former address. Its link undoes the change.
    pub(crate) const EMAIL_CHANGED: Self = Self {
        name: "email_changed",
        purpose: Some(Purpose::UNDO_EMAIL_CHANGE),
        page: Some("/undo-email-change"),
        to: Recipient::FormerAddress,
        ..Self::TO_OWNER
    };
    /// Reports that nobody can log in, because a former and a later address both claim the account. It goes to both.
    pub(crate) const ACCOUNT_FROZEN: Self =
        Self { name: "account_frozen", to: Recipient::FormerAddress, is_notice: true, ..Self::TO_OWNER };
    /// Reports that the password was changed. Only a verified address gets it: another one may belong to a stranger.
    pub(crate) const PASSWORD_CHANGED: Self = Self {
        name: "password_changed",
        page: Some("/forgot-password"),
        needs: |user| user.email_verified_at.is_some(),
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// Reports a log-in from a new device. Only a verified address gets it: another one may belong to a stranger.
    pub(crate) const NEW_DEVICE: Self = Self {
        name: "new_device",
        page: Some("/account"),
        needs: |user| user.email_verified_at.is_some(),
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// A notice about a second factor. Only a verified address gets it: another one may belong to a stranger.
    #[cfg(feature = "totp")]
    const OF_SECOND_FACTOR: Self = Self {
        page: Some("/forgot-password"),
        needs: |user| user.email_verified_at.is_some(),
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// Reports a new authenticator app.
    #[cfg(feature = "totp")]
    pub(crate) const SECOND_FACTOR_ADDED: Self =
        Self { name: "second_factor_added", ..Self::OF_SECOND_FACTOR };
    /// Reports that the authenticator app was removed.
    #[cfg(feature = "totp")]
    pub(crate) const SECOND_FACTOR_REMOVED: Self =
        Self { name: "second_factor_removed", ..Self::OF_SECOND_FACTOR };
    /// Reports ten wrong codes in a row, by somebody who knows the password.
    #[cfg(feature = "totp")]
    pub(crate) const SECOND_FACTOR_GUESSED: Self =
        Self { name: "second_factor_guessed", ..Self::OF_SECOND_FACTOR };
    /// Reports that the authenticator app is off.
    #[cfg(feature = "totp")]
    pub(crate) const SECOND_FACTOR_LOCKED: Self =
        Self { name: "second_factor_locked", ..Self::OF_SECOND_FACTOR };
    /// Reports that a recovery code was used.
    #[cfg(feature = "totp")]
    pub(crate) const RECOVERY_CODE_USED: Self =
        Self { name: "recovery_code_used", page: Some("/account/second-factor"), ..Self::OF_SECOND_FACTOR };
    /// Reports new recovery codes.
    #[cfg(feature = "totp")]
    pub(crate) const RECOVERY_CODES_RENEWED: Self =
        Self { name: "recovery_codes_renewed", ..Self::OF_SECOND_FACTOR };
    /// Reports a new passkey.
    #[cfg(feature = "totp")]
    pub(crate) const PASSKEY_ADDED: Self = Self { name: "passkey_added", ..Self::OF_PASSKEYS };
    /// Reports that a passkey was removed.
    #[cfg(feature = "totp")]
    pub(crate) const PASSKEY_REMOVED: Self = Self { name: "passkey_removed", ..Self::OF_PASSKEYS };
    /// Reports that somebody may have copied a passkey.
    #[cfg(feature = "totp")]
    pub(crate) const PASSKEY_COPIED: Self = Self { name: "passkey_copied", ..Self::OF_PASSKEYS };
    #[cfg(feature = "totp")]
    const OF_PASSKEYS: Self = Self { page: Some("/account/passkeys"), ..Self::OF_SECOND_FACTOR };
    /// Reports that the account was deleted.
    pub(crate) const ACCOUNT_DELETED: Self =
        Self { name: "account_deleted", to: Recipient::FormerAddress, is_notice: true, ..Self::TO_OWNER };
}

impl PartialEq for Letter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Letter").field(&self.name).finish()
    }
}

/// The facts that a letter reports. They are stored in the database, so they must hold no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// The time of the reported event, in unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_agent: Option<String>,
    /// The new address, for a change of address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_email: Option<String>,
    /// The name of an app with access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) app: Option<String>,
    /// Where this app leads back to: a host, or the scheme of an app on a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) app_host: Option<String>,
    /// What this app may do, as scopes separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scopes: Option<String>,
    /// Where the same access was used before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earlier_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earlier_user_agent: Option<String>,
    /// The log-in that waits for this letter. Its name opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log_in: Option<String>,
}

impl Details {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written")
    }

    /// Reads stored facts. If they cannot be read, there are none: the letter is sent without them.
    pub(crate) fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}
