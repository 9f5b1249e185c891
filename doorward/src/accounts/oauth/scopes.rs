//! The words for scopes, as people read them.

use crate::{auth::Auth, base::text::texts::Words};

/// Returns what a scope allows, in words. `None` for a scope that there is no more.
pub(crate) fn words(auth: &Auth, words: &Words, scope: &str) -> Option<String> {
    let key = match scope {
        "openid" => "provider-scope-openid",
        "profile" => "provider-scope-profile",
        "email" => "provider-scope-email",
        "groups" => "provider-scope-groups",
        own => return auth.config().scopes.get(own).cloned(),
    };
    Some(words.text(key, &[]))
}
