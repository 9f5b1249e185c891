//! Hides the secrets of a URL, so that an error or `doorward config` can show it.

use url::Url;

const HIDDEN: &str = "(hidden)";

/// Returns a setting as it may be shown. A URL in it loses what can be a secret:
///
/// - everything between the first `:` after the scheme and the last `@` of the text;
/// - without such a `:`, everything between the scheme and that `@`: some services take a token as the user;
/// - everything after the first `?` or `#` behind the host.
///
/// A text that may hold a password and is not a URL is hidden whole: nobody can tell which part is the password.
#[must_use]
pub fn shown(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        let may_hold_password = text.rsplit_once('@').is_some_and(|(before, _)| before.contains(':'));
        return if may_hold_password { HIDDEN.into() } else { text.to_owned() };
    };
    if rest.contains([':', '@']) && Url::parse(text).is_err() {
        return HIDDEN.into();
    }
    let (login, named) = match rest.rsplit_once('@') {
        None => (String::new(), rest),
        Some((login, named)) => match login.split_once(':') {
            Some((user, _)) if !user.is_empty() => (format!("{user}:{HIDDEN}@"), named),
            _ => (format!("{HIDDEN}@"), named),
        },
    };
    match named.find(['?', '#']).map(|at| named.split_at(at + 1)) {
        Some((named, secret)) if !secret.is_empty() => format!("{scheme}://{login}{named}{HIDDEN}"),
        _ => format!("{scheme}://{login}{named}"),
    }
}

/// Returns `true` for the name of a scheme (RFC 3986, section 3.1).
fn is_scheme(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_url_loses_its_secrets() {
        for (text, expected) in [
            ("", ""),
            ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("no-reply@example.org", "no-reply@example.org"),
            ("https://example.org:8443/auth", "https://example.org:8443/auth"),
            ("https://ann:hunter2@example.org/auth", "https://ann:(hidden)@example.org/auth"),
            ("https://hunter2@example.org", "https://(hidden)@example.org"),
            ("https://:hunter2@example.org", "https://(hidden)@example.org"),
            ("https://ann:hun@ter2@example.org", "https://ann:(hidden)@example.org"),
            ("http://127.0.0.1:9000/attempt?key=hunter2", "http://127.0.0.1:9000/attempt?(hidden)"),
            ("http://127.0.0.1:9000/#hunter2", "http://127.0.0.1:9000/#(hidden)"),
            ("http://127.0.0.1:9000/?", "http://127.0.0.1:9000/?"),
            ("https://ann:hunt/er2@exa mple.org", "(hidden)"),
            ("https:/ann:hunter2@example.org", "(hidden)"),
            ("https:/ann:hun://ter2@example.org", "(hidden)"),
            ("https://ann:hunter2/example.org", "(hidden)"),
            ("ann:hunter2@example.org", "(hidden)"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_between_the_first_colon_and_the_last_at_sign_is_shown(
            scheme in "(https|smtp|postgres)(://|:/|:|//)",
            user in "[a-z/?#@]{0,5}",
            password in prop::collection::vec("Z[0-9]{3}[@:/?#%&=+ ,;\\[\\]\\\\\"']{0,3}", 1..4),
            rest in "[a-z.]{1,9}(:[0-9]{1,5})?[/?#a-z]{0,5}",
        ) {
            let url = format!("{scheme}{user}:{}@{rest}", password.concat());
            let shown = shown(&url);
            for part in &password {
                prop_assert!(!shown.contains(&part[..4]), "{} is shown as {}", url, shown);
            }
        }
    }
}
