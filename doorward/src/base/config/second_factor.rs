//! The settings `second_factor` and `second_factor_roles`: who must have a second factor.

use serde::{Deserialize, Serialize};

use crate::base::open_error::ConfigMistake;

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SecondFactorPolicy {
    /// Those who want one, and those with a role of
    /// [`Config::second_factor_roles`](crate::Config::second_factor_roles).
    Optional,
    /// Everybody.
    Required,
}

/// Finds mistakes in these settings. `asks` is `true` if somebody must have a second factor.
pub(super) fn check(
    asks: bool,
    of_roles: &[String],
    roles: &[String],
    pages: bool,
    found: &mut Vec<ConfigMistake>,
) {
    let mut bad = |keys, text: &str| found.push(ConfigMistake { keys, text: text.into() });
    if !of_roles.iter().all(|role| roles.contains(role)) {
        bad(&["second_factor_roles", "roles"], "expected roles that the setting roles declares");
    }
    if asks && !cfg!(feature = "totp") {
        bad(
            &["second_factor", "second_factor_roles"],
            "this program was built without the feature `totp` of the library",
        );
    } else if asks && !pages {
        bad(
            &["second_factor", "second_factor_roles", "pages"],
            "expected with pages = true: who has no second factor is led to a page that adds one",
        );
    }
}
