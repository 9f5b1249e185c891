//! Reads the body of a request strictly: a flat set of named fields, from JSON or from a form.
//!
//! Every invalid field is reported, not only the first. Ambiguous bodies are refused: a name that comes twice, text
//! that is not UTF-8, deep nesting.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    body::HttpBody,
    extract::{FromRequest, Request},
    http::{Uri, header},
};
use zeroize::{Zeroize, Zeroizing};

use crate::base::{
    config::ProfileField,
    email::Email,
    error::{Error, FieldError},
    http::{body, given::Given},
    passwords::password::Password,
    profile::{self, Changes},
    text::display_name,
};

/// The most fields a body may have, and how deep JSON may nest.
const MAX_FIELDS: usize = 100;
const MAX_DEPTH: usize = 64;

/// The most bytes of a body with what a browser answers for a passkey.
#[cfg(feature = "totp")]
pub(crate) const MAX_CREDENTIAL: usize = 64 * 1024;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Marks a request that a page of another site may have sent. It passes only because it carries a bearer token, which
/// no browser sends on its own. So the token must be used: a route that does not use it refuses the request.
#[derive(Clone, Copy)]
pub(crate) struct CrossSite;

/// The body of a request as JSON.
pub(crate) struct Json<T>(pub(crate) T);

/// The body of a request as a form.
pub(crate) struct Form<T>(pub(crate) T);

/// The state of routes that read bodies. It knows the settings for fields.
pub(crate) trait Rules {
    /// Returns the fewest characters of a new password.
    fn shortest_password(&self) -> usize;

    /// Returns `true` if people log in with passwords.
    fn has_passwords(&self) -> bool;

    /// Returns the names of the further fields that the host wants to see.
    fn attempt_fields(&self) -> &[String];

    /// Returns the further fields of a user.
    fn profile(&self) -> Arc<[ProfileField]>;
}

/// A body, with the further fields that the host wants to see.
pub(crate) struct Told<T> {
    pub(crate) input: T,
    pub(crate) fields: BTreeMap<String, String>,
}

impl<T: Input> Input for Told<T> {
    const MAX_BODY: usize = T::MAX_BODY;
    const EXACT: bool = T::EXACT;
    const MAY_BE_MISSING: bool = T::MAY_BE_MISSING;

    fn read(fields: &mut Fields) -> Option<Self> {
        let (input, told) = (T::read(fields), fields.told());
        Some(Self { input: input?, fields: told? })
    }
}

/// A body that is made of named fields.
pub(crate) trait Input: Sized {
    /// The most bytes that the body may have. Two passwords of the greatest length fit, also percent-encoded.
    const MAX_BODY: usize = 8 * 1024;

    /// `true` if unknown fields are refused. Set this for a body with which a person confirms a change, by the password
    /// or by a mail: a client must not believe that a field changed what they confirm.
    const EXACT: bool = false;

    /// `true` if the whole body may be missing: then it has no fields. A request without a body declares no type.
    const MAY_BE_MISSING: bool = false;

    /// Reads the fields that it needs. Returns `None` only after it noted an error for a field. It still reads the
    /// other fields, so that all errors are reported at once.
    fn read(fields: &mut Fields) -> Option<Self>;
}

impl<S: Rules + Send + Sync, T: Input> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let is_missing = T::MAY_BE_MISSING
            && request.body().is_end_stream()
            && !request.headers().contains_key(header::CONTENT_TYPE);
        let body = match is_missing {
            true if request.extensions().get::<CrossSite>().is_some() => return Err(Error::CrossSite),
            true => Zeroizing::new(b"{}".to_vec()),
            false => gathered(request, JSON, T::MAX_BODY).await?,
        };
        let fields = Fields::from_json(&body)?;
        fields.into_input(state).map(Self)
    }
}

impl<S: Rules + Send + Sync, T: Input> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let body = gathered(request, FORM, T::MAX_BODY).await?;
        let fields = Fields::from_form(&body)?;
        fields.into_input(state).map(Self)
    }
}

/// Reads the whole body, unless a page of another site may have sent it and no credential was used.
async fn gathered(
    request: Request,
    expected: &'static str,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if request.extensions().get::<CrossSite>().is_some() {
        return Err(Error::CrossSite);
    }
    body::gathered(request, expected, limit).await
}

/// The named values of a body, and the errors found in them so far.
pub(crate) struct Fields {
    values: HashMap<String, Given>,
    /// The names that were looked for.
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
    shortest_password: usize,
    has_passwords: bool,
    /// The names of the further fields that the host wants to see.
    told: Vec<String>,
    profile: Arc<[ProfileField]>,
}

impl Fields {
    fn from_json(body: &[u8]) -> Result<Self, Error> {
        const OBJECT: &str = "expected a JSON object whose names are all different";
        if depth(body) > MAX_DEPTH {
            return Err(Error::field("body", format!("expected JSON of at most {MAX_DEPTH} levels")));
        }
        let fields = serde_json::from_slice::<Given>(body).map_err(|error| {
            // The text of the error would repeat a part of the body.
            let expected = if error.is_data() { OBJECT } else { "expected JSON" };
            Error::field("body", format!("{expected} (line {}, column {})", error.line(), error.column()))
        })?;
        match fields {
            Given::Object(fields) => Self::new(fields),
            _ => Err(Error::field("body", OBJECT)),
        }
    }

    fn from_form(body: &[u8]) -> Result<Self, Error> {
        let malformed = |_| Error::field("body", "expected a form: UTF-8, percent-encoded, each name once");
        let text = std::str::from_utf8(body).map_err(|_| malformed(()))?;
        let mut values = HashMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = form_decoded(name).ok_or(()).map_err(malformed)?;
            let value = form_decoded(value).ok_or(()).map_err(malformed)?;
            if values.insert(name, Given::Text(value)).is_some() {
                return Err(malformed(()));
            }
        }
        Self::new(values)
    }

    fn new(values: HashMap<String, Given>) -> Result<Self, Error> {
        if values.len() > MAX_FIELDS {
            return Err(Error::field("body", format!("expected at most {MAX_FIELDS} fields")));
        }
        Ok(Self {
            values,
            known: Vec::new(),
            errors: Vec::new(),
            shortest_password: 0,
            has_passwords: true,
            told: Vec::new(),
            profile: Arc::default(),
        })
    }

    fn into_input<T: Input>(mut self, rules: &impl Rules) -> Result<T, Error> {
        self.shortest_password = rules.shortest_password();
        self.has_passwords = rules.has_passwords();
        self.told = rules.attempt_fields().to_vec();
        self.profile = rules.profile();
        let read = T::read(&mut self);
        if T::EXACT {
            self.refuse_the_rest();
        }
        match read {
            Some(input) if self.errors.is_empty() => Ok(input),
            _ => Err(Error::Invalid(std::mem::take(&mut self.errors))),
        }
    }

    /// Notes that there are unknown fields. Shows one of them, if it looks like a name.
    fn refuse_the_rest(&mut self) {
        let Some(unknown) = self.values.keys().min() else { return };
        let letters =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        let shown = (unknown.len() <= 40 && letters(unknown)).then(|| format!(", not {unknown:?}"));
        let message = format!("expected only {}{}", self.known.join(", "), shown.unwrap_or_default());
        self.wrong::<()>("body", message);
    }

    /// Returns `true` if there is a field with this name.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// Notes that a field is wrong.
    pub(crate) fn wrong<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Option<T> {
        self.errors.push(FieldError { field: field.into(), message: message.into() });
        None
    }

    /// Reads the further fields that the host wants to see, as far as they were sent. Each must be text.
    pub(crate) fn told(&mut self) -> Option<BTreeMap<String, String>> {
        let mut told = Some(BTreeMap::new());
        for name in std::mem::take(&mut self.told) {
            match self.values.remove(&name) {
                None | Some(Given::Null) => {}
                Some(Given::Text(text)) => {
                    if let Some(told) = &mut told {
                        told.insert(name, text);
                    }
                }
                Some(_) => told = self.wrong(name, "expected text"),
            }
        }
        told
    }

    /// Reads the text of a required field, which must not be empty.
    pub(crate) fn text(&mut self, field: &'static str) -> Option<String> {
        match self.optional_text(field)? {
            Some(text) if !text.is_empty() => Some(text),
            _ => self.wrong(field, "this field is required"),
        }
    }

    /// Reads the text of a field that may be missing or null. The outer `None` means that it is not text.
    pub(crate) fn optional_text(&mut self, field: &'static str) -> Option<Option<String>> {
        self.known.push(field);
        match self.values.remove(field) {
            None | Some(Given::Null) => Some(None),
            Some(Given::Text(text)) => Some(Some(text)),
            Some(_) => self.wrong(field, "expected text"),
        }
    }

    /// Reads `true` or `false`, which may be missing or null. The outer `None` means that it is something else.
    pub(crate) fn optional_switch(&mut self, field: &'static str) -> Option<Option<bool>> {
        self.known.push(field);
        match self.values.remove(field) {
            None | Some(Given::Null) => Some(None),
            Some(Given::Boolean(switch)) => Some(Some(switch)),
            Some(_) => self.wrong(field, "expected true or false"),
        }
    }

    /// Reads the e-mail address of an account.
    pub(crate) fn email(&mut self, field: &'static str) -> Option<Email> {
        let text = self.text(field)?;
        Email::known(&text).map_err(|fault| self.wrong::<()>(field, fault)).ok()
    }

    /// Reads an e-mail address that a person begins to use.
    pub(crate) fn new_email(&mut self, field: &'static str) -> Option<Email> {
        let text = self.text(field)?;
        Email::parse(&text).map_err(|fault| self.wrong::<()>(field, fault)).ok()
    }

    /// Reads a password to compare: any text that is short enough to be hashed.
    pub(crate) fn password(&mut self, field: &'static str) -> Option<Password> {
        let text = Zeroizing::new(self.text(field)?);
        Password::claimed(&text).map_err(|expected| self.wrong::<()>(field, expected)).ok()
    }

    /// Reads a password to compare, which may be missing. The outer `None` means that it is invalid.
    pub(crate) fn optional_password(&mut self, field: &'static str) -> Option<Option<Password>> {
        match self.optional_text(field)?.map(Zeroizing::new) {
            None => Some(None),
            Some(text) => {
                Password::claimed(&text).map_err(|expected| self.wrong::<()>(field, expected)).ok().map(Some)
            }
        }
    }

    /// Reads a new password, which must be long enough.
    pub(crate) fn new_password(&mut self, field: &'static str) -> Option<Password> {
        let text = Zeroizing::new(self.text(field)?);
        Password::chosen(&text, self.shortest_password)
            .map_err(|expected| self.wrong::<()>(field, expected))
            .ok()
    }

    /// Reads the password of a new account. `Some(None)` if the settings allow none: then the field must be missing.
    pub(crate) fn first_password(&mut self, field: &'static str) -> Option<Option<Password>> {
        if self.has_passwords {
            return self.new_password(field).map(Some);
        }
        match self.optional_text(field)? {
            None => Some(None),
            Some(_) => self.wrong(field, "expected nothing: this service has no passwords"),
        }
    }

    /// Refuses what only operators and the host write. Otherwise a program could believe that it gave itself a role.
    pub(crate) fn refuse_roles(&mut self) {
        for field in ["roles", "attributes"] {
            if self.values.remove(field).is_some() {
                self.wrong::<()>(field, "expected nothing: users cannot change this");
            }
        }
    }

    /// Reads a display name, which may be missing. `Some(None)` removes it. The outer `None` means that it is invalid.
    pub(crate) fn display_name(&mut self, field: &'static str) -> Option<Option<Option<String>>> {
        if !self.has(field) {
            self.known.push(field);
            return Some(None);
        }
        match self.optional_text(field)? {
            None => Some(Some(None)),
            Some(text) => {
                let read = display_name::read(&text);
                read.map_err(|expected| self.wrong::<()>(field, expected)).ok().map(|name| Some(Some(name)))
            }
        }
    }

    /// Reads the further fields of a user, from one object. A new user must fill in what is required. The outer `None`
    /// means that a field is invalid.
    pub(crate) fn profile(&mut self, field: &'static str, is_new: bool) -> Option<Changes> {
        let declared = self.profile.clone();
        if declared.is_empty() {
            return Some(Changes::default());
        }
        self.known.push(field);
        let given = match self.values.remove(field) {
            None | Some(Given::Null) => HashMap::new(),
            Some(Given::Object(given)) => given,
            Some(_) => return self.wrong(field, "expected an object"),
        };
        let read = if is_new { profile::read_all } else { profile::read_some };
        let faulty = match read(&declared, given) {
            Ok(changes) => return Some(changes),
            Err(faulty) => faulty,
        };
        for profile::Faulty { name, fault } in faulty {
            let name = name.map_or_else(|| field.to_owned(), |name| format!("{field}.{name}"));
            self.wrong::<()>(name, fault.expected());
        }
        None
    }

    /// Reads what a browser answers for a passkey: a JSON object, or in a form the text of one. It may be missing. The
    /// outer `None` means that it is malformed.
    #[cfg(feature = "totp")]
    pub(crate) fn optional_credential<T>(
        &mut self,
        field: &'static str,
        read: fn(&[u8]) -> Result<T, doorward_passkey::Error>,
    ) -> Option<Option<T>> {
        self.known.push(field);
        let json = match self.values.remove(field) {
            None | Some(Given::Null) => return Some(None),
            Some(Given::Text(text)) if text.is_empty() => return Some(None),
            Some(Given::Text(text)) => text.into_bytes(),
            Some(given @ Given::Object(_)) => serde_json::to_vec(&given).unwrap_or_default(),
            Some(_) => return self.wrong(field, "expected an object"),
        };
        match read(&json) {
            Ok(credential) => Some(Some(credential)),
            Err(error) => self.wrong(field, format!("expected what toJSON() of a credential says: {error}")),
        }
    }

    /// Reads what a browser answers for a passkey, as [`Self::optional_credential`] does. It is required.
    #[cfg(feature = "totp")]
    pub(crate) fn credential<T>(
        &mut self,
        field: &'static str,
        read: fn(&[u8]) -> Result<T, doorward_passkey::Error>,
    ) -> Option<T> {
        match self.optional_credential(field, read)? {
            Some(credential) => Some(credential),
            None => self.wrong(field, "this field is required"),
        }
    }

    /// Takes the texts of all fields whose names begin with `prefix`. Returns them by the rest of their names.
    #[cfg(feature = "pages")]
    pub(crate) fn texts_after(&mut self, prefix: &str) -> HashMap<String, String> {
        let taken = self.values.extract_if(|name, _| name.starts_with(prefix));
        taken
            .filter_map(|(name, value)| match value {
                Given::Text(text) => Some((name[prefix.len()..].to_owned(), text)),
                _ => None,
            })
            .collect()
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        for value in self.values.values_mut() {
            if let Given::Text(text) = value {
                text.zeroize();
            }
        }
    }
}

/// Returns how deep the brackets of a JSON text nest.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Returns the first value of a name in the query, if it is well-formed.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next().and_then(form_decoded)
}

/// Decodes a name or value of a form. Each `%` must start a byte, and all bytes together must be UTF-8.
pub(crate) fn form_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                (high * 16 + low) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
