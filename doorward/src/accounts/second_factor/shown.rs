//! The second factor that a client shows: a code of an app, a recovery code, or the answer of a passkey.

use doorward_passkey::AuthenticationResponse;
use zeroize::Zeroizing;

use crate::{
    base::{
        http::input::{Fields, Input, MAX_CREDENTIAL},
        totp,
    },
    model::session::SecondFactor,
};

/// A second factor that a client shows.
pub(crate) enum Shown {
    Otp(Zeroizing<String>),
    RecoveryCode(Zeroizing<String>),
    /// What a browser answered.
    Passkey(Box<AuthenticationResponse>),
}

impl Shown {
    /// Reads `otp`, `recovery_code` or `credential`, if one of them was sent. The outer `None` means that several were,
    /// or that one is malformed.
    pub(crate) fn optional(fields: &mut Fields) -> Option<Option<Self>> {
        let mut text = |field| {
            let text = fields.optional_text(field)?;
            Some(text.filter(|text| !text.is_empty()).map(Zeroizing::new))
        };
        let (otp, recovery_code) = (text("otp"), text("recovery_code"));
        let credential = fields.optional_credential("credential", AuthenticationResponse::from_json);
        match (otp?, recovery_code?, credential?) {
            (None, None, None) => Some(None),
            (Some(otp), None, None) => Some(Some(Self::Otp(otp))),
            (None, Some(code), None) => Some(Some(Self::RecoveryCode(code))),
            (None, None, Some(credential)) => Some(Some(Self::Passkey(Box::new(credential)))),
            _ => fields.wrong("otp", "expected otp, recovery_code or credential, only one of them"),
        }
    }

    /// Reads a field that takes both. A code of an app has digits alone, and a recovery code is longer.
    #[cfg(feature = "pages")]
    pub(crate) fn of(typed: &str) -> Self {
        let typed = Zeroizing::new(typed.to_owned());
        match totp::digits(&typed) {
            Some(_) => Self::Otp(typed),
            None => Self::RecoveryCode(typed),
        }
    }

    pub(crate) fn factor(&self) -> SecondFactor {
        match self {
            Self::Otp(_) => SecondFactor::Totp,
            Self::RecoveryCode(_) => SecondFactor::RecoveryCode,
            Self::Passkey(_) => SecondFactor::Passkey { synced: false },
        }
    }
}

impl Input for Shown {
    const MAX_BODY: usize = MAX_CREDENTIAL;
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        match Self::optional(fields)? {
            Some(shown) => Some(shown),
            None => fields.wrong("otp", "expected otp, recovery_code or credential"),
        }
    }
}
