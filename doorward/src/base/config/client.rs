//! The settings `[scopes]` and `[[client]]`: the apps on other hosts, and what they may ask for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{
    config::secret::Secret,
    redirect_uri,
    text::{plain, shown::shown},
};

/// The scopes that every provider has.
pub(crate) const STANDARD: [&str; 5] = ["openid", "profile", "email", "groups", "offline_access"];

/// The most scopes in `[scopes]`, and the most clients and addresses of one.
const SCOPES: usize = 32;
const CLIENTS: usize = 500;
const ADDRESSES: usize = 32;

/// The fewest characters of a secret.
const SECRET: usize = 32;

/// An app on another host that people log in to here: a client of OAuth 2.1 and OpenID Connect.
///
/// ```
/// use doorward::provider::ClientConfig;
///
/// let wiki = ClientConfig {
///     id: "wiki".into(),
///     name: "The wiki".into(),
///     redirect_uris: vec!["https://wiki.example.org/callback".into()],
///     secret: Some("at least 32 random characters, please".into()),
///     ..ClientConfig::default()
/// };
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientConfig {
    /// The id that the app sends as `client_id`: 1 to 100 of `a` to `z`, `A` to `Z`, `0` to `9`, `-`, `_`, `.` and `~`.
    pub id: String,
    /// The name that people see. One line of 1 to 64 characters.
    pub name: String,
    /// The addresses that people may be led back to, compared byte by byte. `https`, `http` on this machine, or the
    /// scheme of an app with a dot in it, such as `com.example.app:/callback`.
    pub redirect_uris: Vec<String>,
    /// The addresses that people may be led to after a log-out. Default: none.
    pub post_logout_redirect_uris: Vec<String>,
    /// `true` for an app that cannot keep a secret: one in a browser or on a phone. Default: `false`.
    pub public: bool,
    /// The secret of an app that can keep one: at least 32 characters. Needed unless `public`.
    pub secret: Option<Secret>,
    /// `true` for an app of your own: people are not asked whether it may see their account. Default: `false`.
    pub first_party: bool,
    /// The scopes that the app may ask for. With `offline_access` it may keep access after people log out, until they end
    /// it: it gets refresh tokens. Default: `openid`, `profile` and `email`.
    pub scopes: Vec<String>,
    /// The addresses of the APIs that the app may ask tokens for (RFC 8707), such as `https://api.example.org`. An API that
    /// checks such tokens with `POST /oauth/introspect` is a client too, with a secret, and lists its own address here.
    /// Default: none.
    pub resources: Vec<String>,
    /// How its ID tokens are signed: `RS256`, `ES256` or `EdDSA`. Every client knows the first one. The others take a
    /// small part of its work. Default: `RS256`.
    pub id_token_alg: String,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            public: false,
            secret: None,
            first_party: false,
            scopes: ["openid", "profile", "email"].map(str::to_owned).into(),
            resources: Vec::new(),
            id_token_alg: "RS256".into(),
        }
    }
}

impl ClientConfig {
    /// Refuses a client that cannot work or would not be safe. The error names the key and what was expected.
    pub(crate) fn check(&self, scopes: &BTreeMap<String, String>) -> Result<(), String> {
        if !is_id(&self.id) {
            return Err("id: expected 1 to 100 of a to z, A to Z, 0 to 9, -, _, . and ~".into());
        }
        if plain::line(&self.name, 64).as_deref() != Ok(&*self.name) {
            return Err("name: expected one line of 1 to 64 characters".into());
        }
        let lists = [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ];
        for (key, addresses) in lists {
            if addresses.len() > ADDRESSES {
                return Err(format!("{key}: expected at most {ADDRESSES} addresses"));
            }
            for address in addresses {
                redirect_uri::check(address).map_err(|expected| format!("{key}: {expected}"))?;
            }
        }
        if self.redirect_uris.is_empty() {
            return Err("redirect_uris: expected at least one address".into());
        }
        let is_known = |scope: &String| STANDARD.contains(&&**scope) || scopes.contains_key(scope);
        if let Some(unknown) = self.scopes.iter().find(|scope| !is_known(scope)) {
            let known: Vec<_> = STANDARD.into_iter().chain(scopes.keys().map(String::as_str)).collect();
            return Err(match is_scope(unknown) {
                true => format!("scopes: {unknown:?} is not one of {}", known.join(", ")),
                false => format!("scopes: expected some of {}", known.join(", ")),
            });
        }
        if self.resources.len() > ADDRESSES || !self.resources.iter().all(|resource| is_resource(resource)) {
            return Err(
                "resources: expected addresses such as https://api.example.org, without a fragment".into()
            );
        }
        if !["RS256", "ES256", "EdDSA"].contains(&&*self.id_token_alg) {
            return Err("id_token_alg: expected RS256, ES256 or EdDSA".into());
        }
        Ok(())
    }

    /// Refuses a client of the configuration whose secret is missing, too short, or one too many.
    fn check_secret(&self) -> Result<(), String> {
        match &self.secret {
            Some(_) if self.public => Err("secret: expected none for a public client".into()),
            None if !self.public => Err("secret: expected one, or public = true".into()),
            Some(secret) if secret.expose().chars().count() < SECRET => {
                Err("secret: expected at least 32 characters".into())
            }
            _ => Ok(()),
        }
    }
}

/// Returns `true` if this can be the id of a client.
pub(crate) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(fits)
}

/// Returns `true` if this can be the name of a scope (RFC 6749, section 3.3). Ours have no letters that a page or a
/// header would have to escape.
pub(crate) fn is_scope(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(fits)
}

/// Returns `true` if this can be the address of an API (RFC 8707, section 2).
pub(crate) fn is_resource(text: &str) -> bool {
    let fits = text.len() <= 512
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains(['#', '"', '\\']);
    fits && url::Url::parse(text).is_ok_and(|url| url.has_host() && ["http", "https"].contains(&url.scheme()))
}

/// Refuses `[scopes]` with names or words that cannot be used.
pub(super) fn check_scopes(scopes: &BTreeMap<String, String>) -> Result<(), &'static str> {
    if scopes.len() > SCOPES {
        return Err("expected at most 32 scopes");
    }
    let reserved = |name: &str| STANDARD.contains(&name) || name == "introspect";
    if scopes.keys().any(|name| !is_scope(name) || reserved(name)) {
        return Err(
            "expected names of 1 to 64 letters, digits, -, _, ., : and /, and none of openid, profile, email, groups, \
             offline_access and introspect",
        );
    }
    if scopes.values().any(|words| plain::line(words, 100).as_deref() != Ok(&**words)) {
        return Err("expected one line of 1 to 100 characters that says what the scope allows");
    }
    Ok(())
}

/// Refuses `[[client]]` tables that cannot be used.
pub(super) fn check_clients(
    clients: &[ClientConfig],
    scopes: &BTreeMap<String, String>,
) -> Result<(), String> {
    if clients.len() > CLIENTS {
        return Err(format!("expected at most {CLIENTS} clients"));
    }
    for (index, client) in clients.iter().enumerate() {
        client.check(scopes).and_then(|()| client.check_secret()).map_err(|expected| {
            match client.id.is_empty() {
                true => expected,
                false => format!("{:?}: {expected}", shown(&client.id)),
            }
        })?;
        if clients[..index].iter().any(|other| other.id == client.id) {
            return Err("id: expected each id once".into());
        }
        let has_the_same = |other: &ClientConfig| {
            let (one, other) = (client.secret.as_ref(), other.secret.as_ref());
            one.zip(other).is_some_and(|(one, other)| one.expose() == other.expose())
        };
        if let Some(other) = clients[..index].iter().find(|other| has_the_same(other)) {
            let (id, other) = (shown(&client.id), shown(&other.id));
            return Err(format!("{id:?}: secret: expected another one than that of {other:?}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> ClientConfig {
        ClientConfig {
            id: "wiki".into(),
            name: "The wiki".into(),
            redirect_uris: vec!["https://wiki.example.org/cb".into()],
            secret: Some("x".repeat(32).as_str().into()),
            ..ClientConfig::default()
        }
    }

    fn refused(change: impl FnOnce(&mut ClientConfig)) -> String {
        let mut client = client();
        change(&mut client);
        check_clients(&[client], &BTreeMap::new()).unwrap_err()
    }

    #[test]
    fn each_mistake_names_its_key() {
        assert_eq!(check_clients(&[client()], &BTreeMap::new()), Ok(()));
        for (key, text) in [
            ("id", refused(|client| client.id = "a b".into())),
            ("name", refused(|client| client.name = "a\nb".into())),
            ("redirect_uris", refused(|client| client.redirect_uris.clear())),
            ("redirect_uris", refused(|client| client.redirect_uris = vec!["http://evil.example/".into()])),
            (
                "post_logout_redirect_uris",
                refused(|client| client.post_logout_redirect_uris = vec!["x".into()]),
            ),
            ("scopes", refused(|client| client.scopes = vec!["read".into()])),
            ("resources", refused(|client| client.resources = vec!["api".into()])),
            ("id_token_alg", refused(|client| client.id_token_alg = "HS256".into())),
            ("secret", refused(|client| client.secret = None)),
            ("secret", refused(|client| client.secret = Some("short".into()))),
            ("secret", refused(|client| client.public = true)),
        ] {
            assert!(
                text.contains(&format!("{key}: expected")) || text.contains(&format!("{key}: \"")),
                "{text}"
            );
            assert!(!text.contains("short"), "the error shows the secret");
        }
        assert!(check_clients(&[client(), client()], &BTreeMap::new()).is_err());
        let other = ClientConfig { id: "shop".into(), ..client() };
        let text = check_clients(&[client(), other], &BTreeMap::new()).unwrap_err();
        assert_eq!(text, "\"shop\": secret: expected another one than that of \"wiki\"");
    }

    #[test]
    fn scopes_have_plain_names_and_words_for_people() {
        let scopes = |name: &str, words: &str| check_scopes(&[(name.into(), words.into())].into());
        assert!(scopes("read", "Read your things").is_ok() && scopes("https://x.example/a", "A").is_ok());
        for name in ["", "a b", "a\"", "openid", "offline_access", "introspect", "\u{e9}", &"a".repeat(65)] {
            assert!(scopes(name, "Words").is_err(), "{name}");
        }
        for words in ["", " a", "a\nb", &"a".repeat(101)] {
            assert!(scopes("read", words).is_err(), "{words}");
        }
    }
}
