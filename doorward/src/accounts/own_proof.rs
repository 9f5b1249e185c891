//! Proves a logged-in user once more, for a change that a stolen session must not make: by the password, or by a second
//! factor.

use crate::{
    accounts::{
        credential,
        second_factor::{self, Checked, Shown},
        session,
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
        http::input::{Fields, Input},
        passwords::password::Password,
    },
    model::{client::Client, session::Session},
};

/// What a logged-in user shows.
pub(crate) enum OwnProof {
    Password(Password),
    SecondFactor(Shown),
}

impl Input for OwnProof {
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        let password = fields.optional_password("current_password");
        let shown = Shown::optional(fields);
        match (password?, shown?) {
            (Some(password), None) => Some(Self::Password(password)),
            (None, Some(shown)) => Some(Self::SecondFactor(shown)),
            (Some(_), Some(_)) => fields.wrong(
                "current_password",
                "expected current_password, otp or recovery_code, only one of them",
            ),
            (None, None) => {
                fields.wrong("current_password", "expected current_password, otp or recovery_code")
            }
        }
    }
}

/// A transaction of the user, who has proved who they are. A second factor is held until it has ended.
pub(crate) struct Begun {
    pub(crate) tx: Tx,
    pub(crate) checked: Option<Checked>,
}

/// Begins the transaction of a change to the ways in which a user logs in. With a second factor, the user proves
/// themselves by it: somebody who knows the password must not replace it.
///
/// # Errors
/// [`Error::StepUpRequired`] for the password of a user with a second factor. The errors of `credential::prove_again` and
/// `second_factor::check`. [`Error::InvalidSession`] if the session has ended.
pub(crate) async fn begin(auth: &Auth, session: &Session, proof: OwnProof, client: &Client) -> Result<Begun> {
    let user = &session.user;
    match proof {
        OwnProof::Password(password) => {
            if second_factor::look_at(auth.db(), user.id).await?.ask() {
                return Err(Error::StepUpRequired);
            }
            let proved = credential::prove_again(auth, session, password, client).await?;
            let tx = credential::begin(auth, session, &proved).await?;
            // The user may have added a second factor in the meantime.
            if second_factor::of_user(&tx, user.id).await?.ask() {
                return Err(Error::StepUpRequired);
            }
            Ok(Begun { tx, checked: None })
        }
        OwnProof::SecondFactor(shown) => {
            let mut checked = second_factor::check(auth, user, &shown, client).await?;
            let tx = begin_with(auth, session, &mut checked, client).await?;
            Ok(Begun { tx, checked: Some(checked) })
        }
    }
}

/// Begins the transaction of a change with a second factor that was checked, and uses it up.
///
/// # Errors
/// As `Checked::spend`. [`Error::InvalidSession`] if the session has ended.
pub(crate) async fn begin_with(
    auth: &Auth,
    session: &Session,
    checked: &mut Checked,
    client: &Client,
) -> Result<Tx> {
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, session.user.id).await?;
    checked.spend(auth, &mut tx, client).await?;
    if session::has_not_ended(&mut tx, session).await? { Ok(tx) } else { Err(Error::InvalidSession) }
}
