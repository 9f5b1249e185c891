//! The settings in the table `limit`.

use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

use crate::base::{
    config::{
        duration,
        key::{ConfigKey, ConfigKind, key},
    },
    open_error::ConfigMistake,
};

/// How often secrets may be guessed and mails be asked for.
///
/// All of it is counted in the database, for all nodes together. Nobody is locked out for good: the correct password is
/// accepted at once from a device that its owner has logged in with before, and with a link from a mail. Elsewhere it is
/// accepted as soon as the delay is over. After a hundred wrong guesses of strangers in a row, or after `free_failures` if
/// that is more, it then opens only accounts that no mail can reach.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// The number of wrong guesses in a row that an account may have before each has to wait. Default: 5.
    pub free_failures: NonZeroU32,
    /// The length of the first of those waits. Each further wait is twice as long. Whole seconds. Default: `1s`.
    #[serde(with = "duration")]
    pub first_delay: Duration,
    /// The length of the longest wait. Whole seconds. Default: `15m`.
    #[serde(with = "duration")]
    pub longest_delay: Duration,
    /// The number of wrong guesses that may come from one client address in a minute, for all accounts together. An
    /// IPv6 address stands for its /64. Counts only if the host passes on the peer's address, which the server does.
    /// Default: 30.
    pub failures_per_address: NonZeroU32,
    /// The number of registrations and of new passwords by mail that may fail, or be under way, from one client address
    /// in a minute. An IPv6 address stands for its /64. One that succeeds is given back. Default: 30.
    pub new_passwords_per_address: NonZeroU32,
    /// The number of mails that may be sent to one address in 15 minutes. Each purpose has its own count (registering,
    /// verifying, a new password, a new address), and so has each kind of notice. Default: 3.
    pub mails_per_recipient: NonZeroU32,
    /// The number of mails that one client address may ask for in an hour. Default: 10.
    pub mails_per_address: NonZeroU32,
}

impl LimitConfig {
    /// The keys of this table.
    pub const KEYS: &'static [ConfigKey] = &[
        key("free_failures", ConfigKind::Number),
        key("first_delay", ConfigKind::Duration),
        key("longest_delay", ConfigKind::Duration),
        key("failures_per_address", ConfigKind::Number),
        key("new_passwords_per_address", ConfigKind::Number),
        key("mails_per_recipient", ConfigKind::Number),
        key("mails_per_address", ConfigKind::Number),
    ];

    pub(super) fn check(&self, found: &mut Vec<ConfigMistake>) {
        let Self { first_delay, longest_delay, .. } = *self;
        let mut bad = |keys, text: &str| found.push(ConfigMistake { keys, text: text.into() });
        if first_delay < Duration::from_secs(1) {
            bad(&["limit.first_delay"], "expected at least 1s");
        }
        if longest_delay > Duration::from_secs(24 * 3600) {
            bad(&["limit.longest_delay"], "expected at most 24h");
        }
        if first_delay > longest_delay {
            bad(&["limit.longest_delay", "limit.first_delay"], "expected at least the first_delay");
        }
    }
}

impl Default for LimitConfig {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).expect("a number that is written here");
        Self {
            free_failures: number(5),
            first_delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(15 * 60),
            failures_per_address: number(30),
            new_passwords_per_address: number(30),
            mails_per_recipient: number(3),
            mails_per_address: number(10),
        }
    }
}
