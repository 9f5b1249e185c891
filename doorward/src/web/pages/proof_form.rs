//! The field in which a person who is logged in proves once more who they are. The template `pages/proof.html` shows it.

#[cfg(feature = "totp")]
use crate::{accounts::second_factor, model::session::SecondFactor};
use crate::{
    accounts::{credential, own_proof::OwnProof},
    auth::Auth,
    base::error::{Error, Result},
    model::user::UserId,
    web::pages::form::{Faults, FormFields},
};

/// What a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    Password,
    #[cfg(feature = "totp")]
    Otp,
    #[cfg(feature = "totp")]
    RecoveryCode,
    /// The user has nothing that a form could ask for.
    Nothing,
}

impl Asks {
    /// Returns what a form asks this user for: a second factor if there is one, otherwise the password.
    pub(crate) async fn of(auth: &Auth, user: UserId) -> Result<Self> {
        #[cfg(feature = "totp")]
        {
            let factors = second_factor::look_at(auth.db(), user).await?;
            if factors.ask() {
                let only_codes = factors.methods() == [SecondFactor::RecoveryCode];
                return Ok(if only_codes { Self::RecoveryCode } else { Self::Otp });
            }
        }
        let has_password = credential::has_password(auth, user).await?;
        Ok(if has_password { Self::Password } else { Self::Nothing })
    }

    /// Asks for a recovery code in place of a code of the app, if the person has chosen that by its name.
    pub(crate) fn chosen(
        self,
        #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no choice"))] name: Option<&str>,
    ) -> Self {
        match self {
            #[cfg(feature = "totp")]
            Self::Otp if name == Some(Self::RecoveryCode.name()) => Self::RecoveryCode,
            asks => asks,
        }
    }

    /// Returns the name for the template.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            #[cfg(feature = "totp")]
            Self::Otp => "otp",
            #[cfg(feature = "totp")]
            Self::RecoveryCode => "recovery_code",
            Self::Nothing => "nothing",
        }
    }

    /// Returns the name of the field.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Password | Self::Nothing => "password",
            #[cfg(feature = "totp")]
            Self::Otp | Self::RecoveryCode => "code",
        }
    }

    /// Reads the proof, or notes the fault of its field.
    pub(crate) fn proof(self, sent: &FormFields, faults: &mut Faults) -> Option<OwnProof> {
        match self {
            Self::Password | Self::Nothing => sent.password("wrong-password", faults).map(OwnProof::Password),
            #[cfg(feature = "totp")]
            Self::Otp | Self::RecoveryCode => sent.second_factor(faults).map(OwnProof::SecondFactor),
        }
    }
}

/// Notes a wrong proof beside its field.
///
/// # Errors
/// Other errors.
pub(crate) fn note_wrong(error: Error, faults: &mut Faults) -> Result<()> {
    let (field, key) = match error {
        Error::WrongPassword => ("password", "wrong-password"),
        Error::WrongOtp => ("code", "wrong-otp"),
        Error::WrongRecoveryCode => ("code", "wrong-recovery-code"),
        error => return Err(error),
    };
    faults.note::<()>(field, key);
    Ok(())
}
