//! The kinds of letters, and what a letter tells.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{purpose::Purpose, user::User};

/// A kind of letter. Two are equal if their names are.
///
/// A letter that several features or the tables send stands here. Each is listed by the feature that it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Letter {
    /// As in the database and in templates. Its texts are `mail-NAME-…`, with dashes.
    pub(crate) name: &'static str,
    /// The purpose of the secret in it.
    pub(crate) purpose: Option<Purpose>,
    /// The page that its button opens, below `public_url`.
    pub(crate) page: Option<&'static str>,
    pub(crate) to: Recipient,
    /// Returns `true` if the owner of the account is to get it. It is asked when the letter is sent.
    pub(crate) needs: fn(&User) -> bool,
    /// It tells what happened, and nobody asked for it.
    pub(crate) is_notice: bool,
    /// It shows the code of its purpose. The code of a purpose is typed on the page of another letter otherwise.
    pub(crate) shows_code: bool,
    /// It also leads to the page for a forgotten password.
    pub(crate) offers_reset: bool,
}

/// The address that a letter goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// The address of the account.
    Owner,
    /// An address that the user wants to have.
    NewAddress,
    /// An address that the account had before, or that of an account that is gone.
    FormerAddress,
}

impl Letter {
    /// A letter to the owner of the account that only tells something. Others say how they differ.
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
    /// A link and a code that show that the address is the reader's.
    pub(crate) const VERIFY_EMAIL: Self = Self {
        name: "verify_email",
        purpose: Some(Purpose::VERIFY_EMAIL),
        page: Some("/verify-email"),
        needs: |user| user.email_verified_at.is_none() && user.disabled_at.is_none(),
        ..Self::TO_OWNER
    };
    /// A link and a code to choose a new password.
    pub(crate) const RESET_PASSWORD: Self = Self {
        name: "reset_password",
        purpose: Some(Purpose::RESET_PASSWORD),
        page: Some("/reset-password"),
        needs: |user| user.disabled_at.is_none(),
        ..Self::TO_OWNER
    };
    /// To the owner of an address that somebody tried to register.
    pub(crate) const ALREADY_REGISTERED: Self =
        Self { name: "already_registered", page: Some("/login"), offers_reset: true, ..Self::TO_OWNER };
    /// The same, if nobody ever verified the address: its link chooses a password and so takes the account over.
    pub(crate) const FINISH_REGISTRATION: Self = Self {
        name: "finish_registration",
        purpose: Some(Purpose::RESET_PASSWORD),
        page: Some("/reset-password"),
        // The page after registering asks for the code of another letter.
        shows_code: false,
        ..Self::TO_OWNER
    };
    /// To the new address of a user, with a link and a code to confirm it.
    pub(crate) const CONFIRM_EMAIL: Self = Self {
        name: "confirm_email",
        purpose: Some(Purpose::CHANGE_EMAIL),
        page: Some("/confirm-email"),
        to: Recipient::NewAddress,
        ..Self::TO_OWNER
    };
    /// To the former address, with a link that takes the change back.
    pub(crate) const EMAIL_CHANGED: Self = Self {
        name: "email_changed",
        purpose: Some(Purpose::UNDO_EMAIL_CHANGE),
        page: Some("/undo-email-change"),
        to: Recipient::FormerAddress,
        ..Self::TO_OWNER
    };
    /// The password was changed. Only a verified address gets it: another may belong to a stranger.
    pub(crate) const PASSWORD_CHANGED: Self = Self {
        name: "password_changed",
        page: Some("/forgot-password"),
        needs: |user| user.email_verified_at.is_some(),
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// Somebody logged in from a new device. Only a verified address gets it: another may belong to a stranger.
    pub(crate) const NEW_DEVICE: Self = Self {
        name: "new_device",
        page: Some("/account"),
        needs: |user| user.email_verified_at.is_some(),
        is_notice: true,
        ..Self::TO_OWNER
    };
    /// The account is gone.
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

/// What a letter tells beside itself. Kept in the database: nothing secret may be among it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// When it happened, in unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_agent: Option<String>,
    /// The new address, of a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_email: Option<String>,
}

impl Details {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written")
    }

    /// What cannot be read is left out: the letter is sent all the same.
    pub(crate) fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }
}
