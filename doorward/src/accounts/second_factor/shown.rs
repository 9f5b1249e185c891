//! The second factor that a client shows: a code of an app, or a recovery code.

use zeroize::Zeroizing;

use crate::{
    base::{
        http::input::{Fields, Input},
        totp,
    },
    model::session::SecondFactor,
};

/// A code that a client shows.
pub(crate) enum Shown {
    Otp(Zeroizing<String>),
    RecoveryCode(Zeroizing<String>),
}

impl Shown {
    /// Reads `otp` or `recovery_code`, if one of them was sent. The outer `None` means that both were, or that one is not
    /// text.
    pub(crate) fn optional(fields: &mut Fields) -> Option<Option<Self>> {
        let mut text = |field| {
            let text = fields.optional_text(field)?;
            Some(text.filter(|text| !text.is_empty()).map(Zeroizing::new))
        };
        let (otp, recovery_code) = (text("otp"), text("recovery_code"));
        match (otp?, recovery_code?) {
            (None, None) => Some(None),
            (Some(otp), None) => Some(Some(Self::Otp(otp))),
            (None, Some(code)) => Some(Some(Self::RecoveryCode(code))),
            (Some(_), Some(_)) => fields.wrong("otp", "expected otp or recovery_code, not both"),
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
        }
    }
}

impl Input for Shown {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        match Self::optional(fields)? {
            Some(shown) => Some(shown),
            None => fields.wrong("otp", "expected otp or recovery_code"),
        }
    }
}
