//! The fault of a new password, and the text that tells it.

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    MadeOfEmail,
    MadeOfServiceName,
    Common,
    Breached,
    Easy,
}

impl Fault {
    /// In English, for the API.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::MadeOfEmail => "this password is made of your e-mail address: choose one that is not",
            Self::MadeOfServiceName => {
                "this password is made of the name of this service: choose one that is not"
            }
            Self::Common => "this password is too common: choose one that nobody else would",
            Self::Breached => {
                "this password has been in a data breach: choose another, and change it wherever you use it"
            }
            Self::Easy => "this password is too easy to guess: choose a longer one, or less of a pattern",
        }
    }
}
