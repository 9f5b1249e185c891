//! Checks a new password beyond its length. It must not be common, made of public facts about its owner, or known
//! from a breach. If the operator says so, it must also be hard to guess.
//!
//! All checks run before the password is hashed. There are no rules of composition.

use std::sync::Arc;

use crate::base::{
    config::Config,
    error::{Error, Result},
    open_error::OpenError,
    passwords::{
        hashing::Hashing,
        password::Password,
        policy::{blocklist, breached::Breached, context, fault::Fault, fold::folded},
        queue::Caller,
    },
    text::shown::shown,
};

/// The rules that are in force.
pub(crate) struct Policy {
    service_name: String,
    /// The rules that take more than some microseconds, if any are on.
    slow: Option<Arc<Slow>>,
}

struct Slow {
    /// The lowest allowed score of zxcvbn, of 0 to 4.
    score: u8,
    breached: Option<Breached>,
}

impl Policy {
    /// Opens the file of breached passwords, if one is configured.
    pub(crate) fn start(config: &Config) -> Result<Self, OpenError> {
        blocklist::unpack();
        let score = config.password.zxcvbn_score;
        let breached = match &config.password.breached_file {
            Some(path) => Some(Breached::open(path).map_err(|cause| {
                OpenError::of_setting(
                    &["password.breached_file"],
                    format!("{}: {cause}", shown(&path.to_string_lossy())),
                )
            })?),
            None => None,
        };
        let slow = (score > 0 || breached.is_some()).then(|| Arc::new(Slow { score, breached }));
        Ok(Self { service_name: config.service_name.clone(), slow })
    }

    /// Refuses a password that is not good enough for the account with this e-mail address. The error names `field`.
    ///
    /// Call this wherever a password is set, before it is hashed. Slow rules run on a hashing thread.
    pub(crate) async fn check(
        &self,
        hashing: &Hashing,
        caller: Caller,
        field: &'static str,
        password: &Password,
        email: &str,
    ) -> Result<()> {
        match self.fault(hashing, caller, password, email).await? {
            Some(fault) => Err(Error::field(field, fault.text())),
            None => Ok(()),
        }
    }

    /// Returns why a password is not good enough for the account with this e-mail address, for callers with texts of
    /// their own.
    pub(crate) async fn fault(
        &self,
        hashing: &Hashing,
        caller: Caller,
        password: &Password,
        email: &str,
    ) -> Result<Option<Fault>> {
        let words = context::words(email, &self.service_name);
        let fault = fault(password, &words);
        match self.slow.clone() {
            Some(slow) if fault.is_none() => {
                let password = password.clone();
                hashing.run(caller, "policy", move |_| slow.fault(&password, &words)).await
            }
            _ => Ok(fault),
        }
    }
}

fn fault(password: &Password, words: &context::Words) -> Option<Fault> {
    let folded = folded(password.expose());
    // The more helpful text comes first: for a password made of the address, "common" would not say what to change.
    words.make_up(&folded).or_else(|| blocklist::is_common(&folded).then_some(Fault::Common))
}

impl Slow {
    fn fault(&self, password: &Password, words: &context::Words) -> Option<Fault> {
        // The file is certain and the score an estimate, so the clearer text comes first.
        if self.breached.as_ref().is_some_and(|breached| is_breached(breached, password)) {
            return Some(Fault::Breached);
        }
        let easy =
            self.score > 0 && u8::from(zxcvbn::zxcvbn(password.expose(), &words.all()).score()) < self.score;
        easy.then_some(Fault::Easy)
    }
}

/// Returns `true` if the password is in the file. If the file cannot be read, this check is skipped.
fn is_breached(breached: &Breached, password: &Password) -> bool {
    breached.contains(password.expose()).unwrap_or_else(|error| {
        tracing::warn!(cause = %error, "the file of breached passwords cannot be read: a password was not looked up");
        false
    })
}
