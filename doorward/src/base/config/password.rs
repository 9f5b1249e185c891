//! The settings in the table `password`, and in `password.firebase`.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::{
    config::{
        key::{ConfigKey, ConfigKind, key},
        secret::Secret,
    },
    open_error::ConfigMistake,
};

/// How passwords are hashed, how much work that may take at once, and how good passwords must be.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordConfig {
    /// argon2id: memory in KiB. Default: 19456, which OWASP names as the least with two passes. Less memory needs more
    /// passes: 12288 needs 3, 9216 needs 4, 7168 needs 5. 47104 needs only 1. Weaker settings are refused.
    pub memory_kib: u32,
    /// argon2id: passes over the memory. See `memory_kib` for the least. Default: 2.
    pub iterations: u32,
    /// The number of threads that hash passwords; `0` for one per core. Each keeps its block of memory. They have the
    /// lowest priority. One more thread takes over what has waited for half a second. Default: 0.
    pub hashing_threads: usize,
    /// The number of passwords that may wait for a thread, in each of four classes: log-ins from known devices, requests
    /// of people who are logged in, other log-ins, and registrations. Beyond it, a request of the client network with
    /// the most waiting ones is answered with 503. Default: 64.
    pub hashing_queue: usize,
    /// The fewest characters (Unicode code points) of a new password: 8 to 64. NIST SP 800-63B-4 demands 15 where a
    /// password is all that a user proves, and OWASP ASVS recommends it. Default: 8.
    pub min_length: u8,
    /// How hard a new password must be to guess by the estimate of zxcvbn: `1` to `4`, or `0` for no estimate. `3`
    /// stops the passwords that a patient attacker would guess, and some good passphrases too. Default: 0.
    pub zxcvbn_score: u8,
    /// A file of breached passwords that nobody may choose. [`breached::build`](crate::breached::build) makes it, which
    /// is `doorward breached build` on the command line. It also refuses one of 65,536 passwords that are not in it, by
    /// mistake. The file is read when the accounts are opened: a new file counts from the next start. Default: none.
    pub breached_file: Option<PathBuf>,
    /// The name of `pepper` in the hashes: one to eight bytes, never the name of an earlier key. Needed with a pepper.
    /// Default: none.
    pub pepper_id: Option<String>,
    /// A key of at least 16 bytes, used as it is written, that is mixed into every new hash. Without it nobody can
    /// guess passwords from the database alone. **If it is lost, all passwords are lost**: back it up, apart from the
    /// database. Every node needs it before any node uses it. Default: none.
    pub pepper: Option<Secret>,
    /// Earlier peppers, by their ids. Hashes made with them still verify, and move to the current pepper when their
    /// owners log in. If one is removed, users who have not logged in since are locked out. Default: none.
    pub retired_peppers: BTreeMap<String, Secret>,
    /// The `config.pepper` of Ruby's Devise, for users who come from there. Every `$2a$` hash is then read as one of
    /// Devise's. Default: none.
    pub devise_pepper: Option<Secret>,
    /// The project that users from Firebase come from.
    pub firebase: FirebaseConfig,
}

/// The "password hash parameters" of a Firebase project, as its console shows them under Authentication.
///
/// They are needed until the last user from there has logged in, or for good.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirebaseConfig {
    /// `base64_signer_key`. Without it no hash from Firebase is accepted, and the other settings have no effect.
    /// Default: none.
    pub signer_key: Option<Secret>,
    /// `base64_salt_separator`. Default: `Bw==`.
    pub salt_separator: String,
    /// `rounds`, 1 to 8. Default: 8.
    pub rounds: u32,
    /// `mem_cost`, 1 to 14. Default: 14.
    pub memory_cost: u32,
}

impl PasswordConfig {
    /// The keys of this table, without those of `firebase`.
    pub const KEYS: &'static [ConfigKey] = &[
        key("memory_kib", ConfigKind::Number),
        key("iterations", ConfigKind::Number),
        key("hashing_threads", ConfigKind::Number),
        key("hashing_queue", ConfigKind::Number),
        key("min_length", ConfigKind::Number),
        key("zxcvbn_score", ConfigKind::Number),
        key("breached_file", ConfigKind::Text),
        key("pepper_id", ConfigKind::Text),
        key("pepper", ConfigKind::Secret),
        key("retired_peppers", ConfigKind::NamedSecrets),
        key("devise_pepper", ConfigKind::Secret),
    ];

    pub(super) fn check(&self, found: &mut Vec<ConfigMistake>) {
        let mut bad = |keys, text: &str| found.push(ConfigMistake { keys, text: text.into() });
        if self.hashing_threads > 1024 {
            bad(&["password.hashing_threads"], "expected at most 1024");
        }
        if self.hashing_queue == 0 {
            bad(&["password.hashing_queue"], "expected at least 1");
        }
        if self.pepper.is_some() && self.pepper_id.is_none() {
            bad(&["password.pepper", "password.pepper_id"], "expected with a password.pepper_id, or neither");
        }
        if self.pepper.is_none() && self.pepper_id.is_some() {
            bad(&["password.pepper_id", "password.pepper"], "expected with a password.pepper, or neither");
        }
        if !(8..=64).contains(&self.min_length) {
            bad(&["password.min_length"], "expected 8 to 64");
        }
        if self.zxcvbn_score > 4 {
            bad(&["password.zxcvbn_score"], "expected 0 for none, or 1 to 4");
        }
    }
}

impl FirebaseConfig {
    /// The keys of this table.
    pub const KEYS: &'static [ConfigKey] = &[
        key("signer_key", ConfigKind::Secret),
        key("salt_separator", ConfigKind::Text),
        key("rounds", ConfigKind::Number),
        key("memory_cost", ConfigKind::Number),
    ];
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self {
            memory_kib: 19456,
            iterations: 2,
            hashing_threads: 0,
            hashing_queue: 64,
            min_length: 8,
            zxcvbn_score: 0,
            breached_file: None,
            pepper_id: None,
            pepper: None,
            retired_peppers: BTreeMap::new(),
            devise_pepper: None,
            firebase: FirebaseConfig::default(),
        }
    }
}

impl Default for FirebaseConfig {
    fn default() -> Self {
        Self { signer_key: None, salt_separator: "Bw==".into(), rounds: 8, memory_cost: 14 }
    }
}
