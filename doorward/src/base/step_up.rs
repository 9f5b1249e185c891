//! [`StepUp`]: what a person who is logged in must prove before a change, as a challenge of RFC 9470.

use std::fmt::{self, Write};

/// What a client must prove before it tries again (RFC 9470). Its user is logged in, and that alone is not enough here.
///
/// A client shows its user one of [`methods`](StepUp::methods), sends the answer to `POST /step-up`, and then repeats
/// the request. A page sends its user to [`confirm_url`](StepUp::confirm_url).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepUp {
    /// The most seconds that the last proof may be ago. `None` if its age does not matter.
    pub max_age: Option<u64>,
    /// `true` if the proof must be a second factor, as `acr_values="aal2"` says. Without `max_age`, any second factor
    /// of this session counts.
    pub second_factor: bool,
    /// What this user can prove themselves with, the best first: `totp`, `recovery_code`, `password`. It is empty if
    /// the user has nothing that would be enough, such as no second factor.
    pub methods: Vec<&'static str>,
    /// The address of the page that asks for the proof. Add the address that it leads to afterwards, percent-encoded.
    /// `None` if the request itself must have the proof.
    pub confirm_url: Option<String>,
}

impl StepUp {
    /// Asks for the password in the request itself. Nothing that was proved before is enough.
    pub(crate) fn in_the_request() -> Self {
        Self { methods: vec!["password"], ..Self::default() }
    }

    /// Returns the level that the session must have, as `acr_values`.
    pub(crate) fn acr_values(&self) -> Option<&'static str> {
        self.second_factor.then_some("aal2")
    }

    /// Returns the value of `WWW-Authenticate` (RFC 9470, section 3).
    pub(crate) fn challenge(&self) -> String {
        let mut challenge = format!(
            "Bearer realm=\"doorward\", error=\"insufficient_user_authentication\", error_description=\"{self}\""
        );
        if let Some(max_age) = self.max_age {
            let _ = write!(challenge, ", max_age=\"{max_age}\"");
        }
        if let Some(acr) = self.acr_values() {
            let _ = write!(challenge, ", acr_values=\"{acr}\"");
        }
        challenge
    }
}

impl fmt::Display for StepUp {
    /// The text for people. It has no quotation mark, because it also stands in a header.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self { confirm_url: None, .. } => "Confirm this with the current password, in the same request",
            Self { second_factor: true, .. } => "Confirm this with a second factor",
            Self { second_factor: false, .. } => "Confirm that it is you: the last proof is too long ago",
        })
    }
}
