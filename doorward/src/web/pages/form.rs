//! Reads the fields of a form on a page, and checks them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use fluent_bundle::FluentValue;
use zeroize::Zeroizing;

#[cfg(feature = "totp")]
use doorward_passkey::AuthenticationResponse;

#[cfg(feature = "totp")]
use crate::{accounts::second_factor::Shown, base::http::input::MAX_CREDENTIAL};
use crate::{
    accounts::{email_log_in, one_time::proof::Proof},
    auth::Auth,
    base::{
        email::{self, Email},
        error::Result,
        http::input::{Fields, Input, Rules},
        passwords::{password::Password, policy::fault, queue::Caller},
        profile::{Changes, Fault, Faulty},
        text::{display_name, plain, texts::Words},
    },
    model::client::Client,
    web::pages::profile_form,
};

/// The fields of all forms. A field that a form does not have is empty.
pub(crate) struct FormFields {
    pub(crate) email: String,
    pub(crate) display_name: String,
    password: Zeroizing<String>,
    new_password: Zeroizing<String>,
    token: String,
    code: String,
    /// What a browser answered for a passkey, as JSON.
    #[cfg(feature = "totp")]
    credential: String,
    answer: String,
    /// The fields that the host wants to see.
    told: BTreeMap<String, String>,
    /// The token of a mail that allows one attempt to log in.
    pub(crate) attempt_token: String,
    /// `true` if the button was pressed that also removes what else logs in.
    pub(crate) remove_others: bool,
    /// Recovery codes that the page has shown, with spaces between them.
    #[cfg(feature = "totp")]
    pub(crate) recovery_codes: Zeroizing<String>,
    /// `true` if the box is ticked.
    #[cfg(feature = "totp")]
    pub(crate) trust_browser: bool,
    /// The fields that the settings declare for a user.
    pub(crate) profile: HashMap<String, String>,
}

/// The beginning of the names of the fields that the settings declare.
pub(super) const PROFILE: &str = "profile.";

impl Input for FormFields {
    #[cfg(feature = "totp")]
    const MAX_BODY: usize = MAX_CREDENTIAL;

    fn read(fields: &mut Fields) -> Option<Self> {
        let told = fields.told()?;
        let mut text = |field| fields.optional_text(field).flatten().unwrap_or_default();
        Some(Self {
            email: text("email"),
            display_name: text("display_name"),
            password: Zeroizing::new(text("password")),
            new_password: Zeroizing::new(text("new_password")),
            token: text("token"),
            code: text("code"),
            #[cfg(feature = "totp")]
            credential: text("credential"),
            answer: text("answer"),
            told,
            attempt_token: text("attempt_token"),
            remove_others: !text("remove_others").is_empty(),
            #[cfg(feature = "totp")]
            recovery_codes: Zeroizing::new(text("recovery_codes")),
            #[cfg(feature = "totp")]
            trust_browser: !text("trust_browser").is_empty(),
            profile: fields.texts_after(PROFILE),
        })
    }
}

/// The faults of fields: a text for each faulty field, in the language of the page.
pub(crate) struct Faults {
    words: Words,
    texts: BTreeMap<Cow<'static, str>, String>,
}

impl Faults {
    pub(crate) fn new(words: &Words) -> Self {
        Self { words: words.clone(), texts: BTreeMap::new() }
    }

    /// Notes the fault of a field. `key` names its text. Returns `None`.
    pub(crate) fn note<T>(&mut self, field: &'static str, key: &str) -> Option<T> {
        self.texts.insert(field.into(), self.words.text(key, &[]));
        None
    }

    /// Notes the fault of a field, whose text has variables. Returns `None`.
    fn note_with<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        key: &str,
        variables: &[(&str, FluentValue<'_>)],
    ) -> Option<T> {
        self.texts.insert(field.into(), self.words.text(key, variables));
        None
    }

    pub(crate) fn texts(&self) -> &BTreeMap<Cow<'static, str>, String> {
        &self.texts
    }

    /// Returns the first field in `order` that has a fault, or else another one.
    pub(crate) fn first<'a>(&'a self, order: &[&'a str]) -> Option<&'a str> {
        let ordered = order.iter().find(|field| self.texts.contains_key(**field)).copied();
        ordered.or_else(|| self.texts.keys().next().map(|field| &**field))
    }
}

impl FormFields {
    /// Adds the answer to a challenge of the host, and the fields that it wants to see.
    pub(crate) fn answered(&self, client: Client) -> Client {
        let answer = Some(self.answer.clone()).filter(|answer| !answer.is_empty());
        Client { answer, ..client }.telling(self.told.clone())
    }

    /// Returns the address of an account, or notes its fault.
    pub(crate) fn email(&self, faults: &mut Faults) -> Option<Email> {
        self.email_read_by(Email::known, faults)
    }

    /// Returns an address that the person begins to use, or notes its fault.
    pub(crate) fn new_email(&self, faults: &mut Faults) -> Option<Email> {
        self.email_read_by(Email::parse, faults)
    }

    fn email_read_by(
        &self,
        read: impl Fn(&str) -> Result<Email, email::Fault>,
        faults: &mut Faults,
    ) -> Option<Email> {
        const FIELD: &str = "email";
        if email::trimmed(&self.email).is_empty() {
            return faults.note(FIELD, "missing-email");
        }
        match read(&self.email) {
            Ok(email) => Some(email),
            Err(email::Fault::Dots) => faults.note(FIELD, "dots-email"),
            Err(fault) => match fault.found() {
                Some(found) => faults.note_with(FIELD, "invisible-email", &[("found", found.into())]),
                None => faults.note(FIELD, "wrong-email"),
            },
        }
    }

    /// Returns the display name, or notes its fault. `Some(None)` if the field is empty.
    pub(crate) fn display_name(&self, faults: &mut Faults) -> Option<Option<String>> {
        const FIELD: &str = "display_name";
        match display_name::line(&self.display_name) {
            Ok(name) => Some(Some(name)),
            Err(plain::Fault::Empty) => Some(None),
            Err(plain::Fault::TooLong) => {
                faults.note_with(FIELD, "long-field", &[("count", display_name::LONGEST.into())])
            }
            Err(plain::Fault::Control) => faults.note(FIELD, "control-field"),
        }
    }

    /// Returns the further fields of a user, or notes their faults.
    pub(crate) fn profile(&self, auth: &Auth, faults: &mut Faults) -> Option<Changes> {
        let faulty = match profile_form::read(&auth.profile(), self.profile.clone()) {
            Ok(changes) => return Some(changes),
            Err(faulty) => faulty,
        };
        for Faulty { name, fault } in faulty {
            let field = format!("{PROFILE}{}", name.unwrap_or_default());
            let with = |greatest: u64| [("count", FluentValue::from(greatest))];
            match fault {
                Fault::Text(longest) => faults.note_with(field, "long-field", &with(longest)),
                Fault::Number(greatest) => faults.note_with(field, "no-number-field", &with(greatest)),
                Fault::Control => faults.note_with(field, "control-field", &[]),
                Fault::Missing | Fault::Boolean | Fault::Undeclared(_) => {
                    faults.note_with::<()>(field, "missing-field", &[])
                }
            };
        }
        None
    }

    /// Returns the current password, not yet compared. `wrong` names the text for one that is too long for any account.
    pub(crate) fn password(&self, wrong: &str, faults: &mut Faults) -> Option<Password> {
        if self.password.is_empty() {
            return faults.note("password", "missing-password");
        }
        Password::claimed(&self.password).ok().or_else(|| faults.note("password", wrong))
    }

    /// Returns the proof from a mail: the token of its link, or else its code and the address of the account.
    pub(crate) fn proof(&self, faults: &mut Faults) -> Option<Proof> {
        if !self.token.is_empty() {
            return Some(Proof::Link(self.token.clone()));
        }
        let email = self.email(faults);
        if self.code.trim().is_empty() {
            return faults.note("code", "missing-code");
        }
        Some(Proof::Code { email: email?, code: self.code.clone() })
    }

    /// Returns the text with the token of the link that led here.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Returns the code of a mail that logs in, or notes its fault.
    pub(crate) fn log_in_code(&self, faults: &mut Faults) -> Option<email_log_in::Shown> {
        if self.code.trim().is_empty() {
            return faults.note("code", "missing-code");
        }
        Some(email_log_in::Shown::Code(Zeroizing::new(self.code.clone())))
    }

    /// Returns a second factor, or notes its fault. The answer of a passkey goes first.
    #[cfg(feature = "totp")]
    pub(crate) fn second_factor(&self, faults: &mut Faults) -> Option<Shown> {
        if !self.credential.is_empty() {
            let answer = self.credential(AuthenticationResponse::from_json, faults)?;
            return Some(Shown::Passkey(Box::new(answer)));
        }
        self.otp(faults).map(Shown::of)
    }

    /// Returns `true` if a browser answered for a passkey.
    #[cfg(feature = "totp")]
    pub(crate) fn has_credential(&self) -> bool {
        !self.credential.is_empty()
    }

    /// Returns what a browser answered for a passkey, or notes that it cannot be read.
    #[cfg(feature = "totp")]
    pub(crate) fn credential<T>(
        &self,
        read: fn(&[u8]) -> Result<T, doorward_passkey::Error>,
        faults: &mut Faults,
    ) -> Option<T> {
        read(self.credential.as_bytes()).ok().or_else(|| faults.note("credential", "passkey-refused"))
    }

    /// Returns the code of an authenticator app as it was typed, or notes its fault.
    #[cfg(feature = "totp")]
    pub(crate) fn otp(&self, faults: &mut Faults) -> Option<&str> {
        if self.code.trim().is_empty() {
            return faults.note("code", "missing-otp");
        }
        Some(&self.code)
    }

    /// Returns the password for a new account.
    pub(crate) async fn first_password(
        &self,
        auth: &Auth,
        email: &str,
        caller: Caller,
        faults: &mut Faults,
    ) -> Result<Option<Password>> {
        chosen(auth, ("password", &self.password), email, caller, faults).await
    }

    /// Returns the password that replaces another one.
    pub(crate) async fn new_password(
        &self,
        auth: &Auth,
        email: &str,
        caller: Caller,
        faults: &mut Faults,
    ) -> Result<Option<Password>> {
        chosen(auth, ("new_password", &self.new_password), email, caller, faults).await
    }
}

/// Returns a password that is good enough for the account with this address, or notes its fault.
async fn chosen(
    auth: &Auth,
    (field, typed): (&'static str, &str),
    email: &str,
    caller: Caller,
    faults: &mut Faults,
) -> Result<Option<Password>> {
    if typed.is_empty() {
        return Ok(faults.note(field, "missing-password"));
    }
    let shortest = auth.shortest_password();
    let Ok(password) = Password::chosen(typed, shortest) else {
        // It is too long, or else too short.
        return Ok(if typed.chars().count() > shortest {
            faults.note(field, "long-password")
        } else {
            faults.note_with(field, "short-password", &[("count", shortest.into())])
        });
    };
    let fault = auth.policy().fault(auth.hashing(), caller, &password, email).await?;
    let Some(fault) = fault else { return Ok(Some(password)) };
    Ok(faults.note(
        field,
        match fault {
            fault::Fault::MadeOfEmail => "fault-email",
            fault::Fault::MadeOfServiceName => "fault-service",
            fault::Fault::Common => "fault-common",
            fault::Fault::Breached => "fault-breached",
            fault::Fault::Easy => "fault-easy",
        },
    ))
}
