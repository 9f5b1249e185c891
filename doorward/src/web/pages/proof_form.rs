//! The fields in which a person who is logged in proves once more who they are. The template `pages/proof.html` shows
//! them.

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
pub(crate) struct Asks {
    field: Field,
    /// A button asks for a passkey too.
    pub(crate) has_passkey: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Password,
    #[cfg(feature = "totp")]
    Otp,
    #[cfg(feature = "totp")]
    RecoveryCode,
    /// The user has nothing that a field could ask for.
    None,
}

impl Asks {
    /// Returns what a form asks this user for: a second factor if there is one, otherwise the password.
    pub(crate) async fn of(auth: &Auth, user: UserId) -> Result<Self> {
        #[cfg(feature = "totp")]
        let has_passkey = {
            let factors = second_factor::look_at(auth.db(), user).await?;
            let has_passkey = auth.has_passkeys() && factors.passkeys > 0;
            let field = match factors.methods() {
                methods if methods.contains(&SecondFactor::Totp) => Field::Otp,
                methods if methods.contains(&SecondFactor::RecoveryCode) && !has_passkey => {
                    Field::RecoveryCode
                }
                _ => Field::None,
            };
            if factors.ask() {
                return Ok(Self { field, has_passkey });
            }
            has_passkey
        };
        #[cfg(not(feature = "totp"))]
        let has_passkey = false;
        let has_password = credential::has_password(auth, user).await?;
        Ok(Self { field: if has_password { Field::Password } else { Field::None }, has_passkey })
    }

    /// Asks for a recovery code in place of everything else but a password, if the person has chosen that by its name.
    pub(crate) fn chosen(
        self,
        #[cfg_attr(not(feature = "totp"), expect(unused, reason = "there is no choice"))] name: Option<&str>,
    ) -> Self {
        match self.field {
            #[cfg(feature = "totp")]
            Field::Otp | Field::None if name == Some("recovery_code") => {
                Self { field: Field::RecoveryCode, has_passkey: false }
            }
            _ => self,
        }
    }

    /// Returns the name for the template.
    pub(crate) fn name(self) -> &'static str {
        match self.field {
            Field::Password => "password",
            #[cfg(feature = "totp")]
            Field::Otp => "otp",
            #[cfg(feature = "totp")]
            Field::RecoveryCode => "recovery_code",
            Field::None if self.has_passkey => "passkey",
            Field::None => "nothing",
        }
    }

    /// Returns the name of the field.
    pub(crate) fn field(self) -> &'static str {
        match self.field {
            Field::Password | Field::None => "password",
            #[cfg(feature = "totp")]
            Field::Otp | Field::RecoveryCode => "code",
        }
    }

    /// Reads the proof, or notes the fault of its field.
    pub(crate) fn proof(self, sent: &FormFields, faults: &mut Faults) -> Option<OwnProof> {
        #[cfg(feature = "totp")]
        if sent.has_credential() {
            return sent.second_factor(faults).map(OwnProof::SecondFactor);
        }
        match self.field {
            Field::Password | Field::None => sent.password("wrong-password", faults).map(OwnProof::Password),
            #[cfg(feature = "totp")]
            Field::Otp | Field::RecoveryCode => sent.second_factor(faults).map(OwnProof::SecondFactor),
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
        #[cfg(feature = "totp")]
        Error::PasskeyRefused(_) => ("credential", "passkey-refused"),
        error => return Err(error),
    };
    faults.note::<()>(field, key);
    Ok(())
}
