//! Proves a logged-in user once more: by the password, or by a second factor. The check may take time, so it is apart
//! from the transaction of what it allows.

#[cfg(feature = "totp")]
use crate::accounts::{
    passkey::challenges::Purpose,
    second_factor::{self, Checked, Shown},
    session,
};
#[cfg(feature = "totp")]
use crate::base::http::input::MAX_CREDENTIAL;
use crate::{
    accounts::credential::{self, Proved},
    auth::Auth,
    base::{
        db::Tx,
        error::Result,
        http::input::{Fields, Input},
        passwords::password::Password,
    },
    model::{
        client::Client,
        session::{Method, SecondFactor, Session},
    },
};

/// What a logged-in user shows. Another way to prove oneself is a further variant here and in [`Right`].
pub(crate) enum OwnProof {
    Password(Password),
    #[cfg(feature = "totp")]
    SecondFactor(Shown),
}

/// The fields of a proof, for the texts of errors.
#[cfg(feature = "totp")]
const FIELDS: &str = "current_password, otp, recovery_code or credential";
#[cfg(not(feature = "totp"))]
const FIELDS: &str = "current_password";

impl OwnProof {
    /// Reads the proof, if one was sent. The outer `None` means that a field is wrong, or that several were sent.
    fn optional(fields: &mut Fields) -> Option<Option<Self>> {
        let password = fields.optional_password("current_password").map(|sent| sent.map(Self::Password));
        #[cfg(feature = "totp")]
        let others = [Shown::optional(fields).map(|sent| sent.map(Self::SecondFactor))];
        #[cfg(not(feature = "totp"))]
        let others: [Option<Option<Self>>; 0] = [];
        let mut sent = Vec::new();
        for proof in std::iter::once(password).chain(others) {
            sent.extend(proof?);
        }
        if sent.len() > 1 {
            return fields.wrong("current_password", format!("expected {FIELDS}, only one of them"));
        }
        Some(sent.pop())
    }

    /// Returns the name of the proof, as events have it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Password(_) => Method::PASSWORD.0,
            #[cfg(feature = "totp")]
            Self::SecondFactor(shown) => shown.factor().as_str(),
        }
    }

    /// Returns `true` if it is a second factor.
    #[cfg(feature = "totp")]
    pub(crate) fn is_second_factor(&self) -> bool {
        !matches!(self, Self::Password(_))
    }
}

impl Input for OwnProof {
    #[cfg(feature = "totp")]
    const MAX_BODY: usize = MAX_CREDENTIAL;
    const EXACT: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        match Self::optional(fields)? {
            Some(proof) => Some(proof),
            None => fields.wrong("current_password", format!("expected {FIELDS}")),
        }
    }
}

/// A proof that need not be sent: the session may have been proved a moment ago.
#[cfg(feature = "totp")]
impl Input for Option<OwnProof> {
    const MAX_BODY: usize = MAX_CREDENTIAL;
    const EXACT: bool = true;
    const MAY_BE_MISSING: bool = true;

    fn read(fields: &mut Fields) -> Option<Self> {
        OwnProof::optional(fields)
    }
}

/// A proof that is right. A code is not used up yet. It must be held until the transaction of what it allows has ended.
#[must_use]
pub(crate) enum Right {
    Password(Proved),
    #[cfg(feature = "totp")]
    SecondFactor(Box<Checked>),
}

/// Checks a proof. Guesses are limited and recorded.
///
/// # Errors
/// Those of `credential::prove_again` and `second_factor::check`.
pub(crate) async fn check(auth: &Auth, session: &Session, proof: OwnProof, client: &Client) -> Result<Right> {
    Ok(match proof {
        OwnProof::Password(password) => {
            Right::Password(credential::prove_again(auth, session, password, client).await?)
        }
        #[cfg(feature = "totp")]
        OwnProof::SecondFactor(shown) => {
            let shown = (&shown, Purpose::Proof(session.id));
            let checked = second_factor::check(auth, &session.user, shown, client).await?;
            Right::SecondFactor(Box::new(checked))
        }
    })
}

impl Right {
    /// Begins the transaction of what the proof allows, and uses a code up. Also returns the second factor, if it was
    /// one.
    ///
    /// # Errors
    /// Those of `credential::begin` and `Checked::spend`: [`Error::InvalidSession`](crate::Error::InvalidSession) if
    /// the session has ended, or an error for a proof that has become wrong.
    pub(crate) async fn begin(
        &mut self,
        auth: &Auth,
        current: &Session,
        #[cfg_attr(not(feature = "totp"), expect(unused, reason = "a password is not used up"))]
        client: &Client,
    ) -> Result<(Tx, Option<SecondFactor>)> {
        match self {
            Self::Password(proved) => Ok((credential::begin(auth, current, proved).await?, None)),
            #[cfg(feature = "totp")]
            Self::SecondFactor(checked) => {
                let mut tx = auth.db().begin().await?;
                credential::lock(&mut tx, current.user.id).await?;
                let factor = checked.spend(auth, &mut tx, client).await?;
                session::expect_alive(&mut tx, current).await?;
                Ok((tx, Some(factor)))
            }
        }
    }
}
