//! What somebody typed into a form of a page, and whether it is well-formed.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::{
    accounts::one_time::proof::Proof,
    auth::Auth,
    base::{
        email::Email,
        error::Result,
        http::input::{Fields, Input},
        passwords::{password::Password, policy::fault::Fault},
        text::texts::Words,
    },
};

/// The fields of all forms. What a form has not is empty.
pub(crate) struct Sent {
    pub(crate) email: String,
    password: Zeroizing<String>,
    new_password: Zeroizing<String>,
    token: String,
    code: String,
}

impl Input for Sent {
    fn read(fields: &mut Fields) -> Option<Self> {
        let mut text = |field| fields.optional_text(field).flatten().unwrap_or_default();
        Some(Self {
            email: text("email"),
            password: Zeroizing::new(text("password")),
            new_password: Zeroizing::new(text("new_password")),
            token: text("token"),
            code: text("code"),
        })
    }
}

/// What is wrong with fields, by their names, in the words of a language.
pub(crate) struct Faults {
    words: Words,
    texts: BTreeMap<&'static str, String>,
}

impl Faults {
    pub(crate) fn new(words: &Words) -> Self {
        Self { words: words.clone(), texts: BTreeMap::new() }
    }

    /// Notes what is wrong with a field, by the key of a text.
    pub(crate) fn note<T>(&mut self, field: &'static str, key: &str) -> Option<T> {
        self.texts.insert(field, self.words.text(key, &[]));
        None
    }

    pub(crate) fn texts(&self) -> &BTreeMap<&'static str, String> {
        &self.texts
    }

    /// The first field of a form that is wrong.
    pub(crate) fn first(&self, order: &[&'static str]) -> Option<&'static str> {
        order.iter().find(|field| self.texts.contains_key(**field)).copied()
    }
}

impl Sent {
    /// A well-formed address.
    pub(crate) fn email(&self, faults: &mut Faults) -> Option<Email> {
        if self.email.trim().is_empty() {
            return faults.note("email", "missing-email");
        }
        Email::parse(&self.email).ok().or_else(|| faults.note("email", "wrong-email"))
    }

    /// A password that somebody claims to have. One that is too long for anybody's is wrong.
    pub(crate) fn password(&self, wrong: &str, faults: &mut Faults) -> Option<Password> {
        if self.password.is_empty() {
            return faults.note("password", "missing-password");
        }
        Password::claimed(&self.password).ok().or_else(|| faults.note("password", wrong))
    }

    /// What somebody took from a mail: its link, or else its code and the address of the account.
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

    /// The password that is chosen for a new account.
    pub(crate) async fn first_password(
        &self,
        auth: &Auth,
        email: &str,
        faults: &mut Faults,
    ) -> Result<Option<Password>> {
        chosen(auth, "password", &self.password, email, faults).await
    }

    /// The password that is chosen in place of another one.
    pub(crate) async fn new_password(
        &self,
        auth: &Auth,
        email: &str,
        faults: &mut Faults,
    ) -> Result<Option<Password>> {
        chosen(auth, "new_password", &self.new_password, email, faults).await
    }
}

/// A password that is good enough for the account with this address.
async fn chosen(
    auth: &Auth,
    field: &'static str,
    typed: &str,
    email: &str,
    faults: &mut Faults,
) -> Result<Option<Password>> {
    if typed.is_empty() {
        return Ok(faults.note(field, "missing-password"));
    }
    let Ok(password) = Password::chosen(typed) else {
        // It is too long, or else too short.
        let long = typed.chars().count() > 8;
        return Ok(faults.note(field, if long { "long-password" } else { "short-password" }));
    };
    let fault = auth.policy().fault(auth.hashing(), &password, email).await?;
    let Some(fault) = fault else { return Ok(Some(password)) };
    Ok(faults.note(
        field,
        match fault {
            Fault::MadeOfEmail => "fault-email",
            Fault::MadeOfServiceName => "fault-service",
            Fault::Common => "fault-common",
            Fault::Breached => "fault-breached",
            Fault::Easy => "fault-easy",
        },
    ))
}
