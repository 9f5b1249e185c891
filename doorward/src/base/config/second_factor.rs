//! The settings `second_factor` and `second_factor_roles`: who must have a second factor.

use serde::{Deserialize, Serialize};

use crate::base::{config::settings::Config, open_error::ConfigMistake};

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SecondFactorPolicy {
    /// Those who want one, and those with a role of [`Config::second_factor_roles`](crate::Config::second_factor_roles).
    Optional,
    /// Everybody.
    Required,
}

impl Config {
    /// Returns `true` if somebody must have a second factor.
    pub(crate) fn asks_some_for_a_second_factor(&self) -> bool {
        self.second_factor == SecondFactorPolicy::Required || !self.second_factor_roles.is_empty()
    }

    /// Returns `true` if a user must have a second factor.
    pub(crate) fn asks_for_a_second_factor(&self, has_role: impl Fn(&str) -> bool) -> bool {
        self.second_factor == SecondFactorPolicy::Required
            || self.second_factor_roles.iter().any(|role| has_role(role))
    }

    /// Finds mistakes in these settings.
    pub(super) fn check_second_factor(&self, found: &mut Vec<ConfigMistake>) {
        let mut bad = |keys, text: &str| found.push(ConfigMistake { keys, text: text.into() });
        if !self.second_factor_roles.iter().all(|role| self.roles.contains(role)) {
            bad(&["second_factor_roles", "roles"], "expected roles that the setting roles declares");
        }
        if !self.asks_some_for_a_second_factor() {
            return;
        }
        if !cfg!(feature = "totp") {
            bad(
                &["second_factor", "second_factor_roles"],
                "this program was built without the feature `totp` of the library",
            );
        } else if !self.pages {
            bad(
                &["second_factor", "second_factor_roles", "pages"],
                "expected with pages = true: who has no second factor is led to a page that adds one",
            );
        }
    }
}
