//! The scopes that there are, and the words for them as people read them.

#[cfg(feature = "provider")]
use crate::base::config::client::STANDARD;
use crate::{auth::Auth, base::text::texts::Words};

/// Returns `true` if there is such a scope here.
#[cfg(feature = "provider")]
pub(crate) fn is_offered(auth: &Auth, scope: &str) -> bool {
    STANDARD.contains(&scope) || auth.config().scopes.contains_key(scope)
}

/// Returns what a scope allows, in words. `None` for a scope that there is no more.
pub(crate) fn words(auth: &Auth, words: &Words, scope: &str) -> Option<String> {
    let key = match scope {
        "openid" => "provider-scope-openid",
        "profile" => "provider-scope-profile",
        "email" => "provider-scope-email",
        "groups" => "provider-scope-groups",
        "offline_access" => "provider-scope-offline-access",
        own => return auth.config().scopes.get(own).cloned(),
    };
    Some(words.text(key, &[]))
}
