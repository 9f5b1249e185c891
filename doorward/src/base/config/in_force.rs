//! Settings with defaults that depend on other settings: the values in force, and why.

use crate::base::{
    config::settings::{Config, Registration},
    site::is_loopback_url,
};

impl Config {
    /// Returns the settings, with the values in force of those that are not set and whose default depends on other
    /// settings. Also returns the reason for each of these, such as `("registration", "default without mail")`.
    ///
    /// ```
    /// let (in_force, reasons) = doorward::Config::default().in_force();
    /// assert_eq!(in_force.registration, Some(doorward::config::Registration::Open));
    /// assert!(reasons.contains(&("registration", "default without mail")));
    /// ```
    #[must_use]
    pub fn in_force(&self) -> (Self, Vec<(&'static str, &'static str)>) {
        let (mut filled, mut reasons) = (self.clone(), Vec::new());
        if self.registration.is_none() {
            let has_mail = self.smtp_url.is_some();
            reasons
                .push(("registration", if has_mail { "default with mail" } else { "default without mail" }));
            filled.registration = Some(self.registration());
        }
        if self.require_verified_email.is_none() {
            let is_private = self.registration() == Registration::Private;
            let reason = if is_private {
                "default with private registration"
            } else {
                "default without private registration"
            };
            reasons.push(("require_verified_email", reason));
            filled.require_verified_email = Some(self.requires_verified_email());
        }
        if self.docs.is_none() {
            let is_here = is_loopback_url(&self.public_url);
            let reason = if is_here { "default on this machine" } else { "default beyond this machine" };
            reasons.push(("docs", reason));
            filled.docs = Some(self.serves_docs(is_here));
        }
        if self.pages_url.is_none() && self.pages {
            reasons.push(("pages_url", "default: public_url"));
            filled.pages_url = Some(self.public_url.clone());
        }
        (filled, reasons)
    }
}
