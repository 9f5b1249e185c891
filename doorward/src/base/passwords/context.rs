//! The password context that the settings describe, and the settings that describe none or an unsafe one.

use doorward_password::{BuildError, Builder, PasswordContext};

use crate::base::{
    config::PasswordConfig,
    open_error::{ConfigMistake, OpenError},
};

/// The least costs of a new hash: the settings for argon2id that OWASP counts as equally strong, as KiB of memory and
/// passes, with the most memory first
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id>).
const LEAST: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// Who chooses the cost of a new hash.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HashCost {
    /// The settings. One of [`LEAST`] or more.
    OfSettings,
    /// A test. Any that argon2id can have. A program without the feature for tests has no way to say this.
    #[cfg(feature = "test-util")]
    OfTest { memory_kib: u32, iterations: u32 },
}

impl HashCost {
    /// Returns the mistake if the settings choose too low a cost.
    fn too_low(self, config: &PasswordConfig) -> Option<ConfigMistake> {
        let PasswordConfig { memory_kib, iterations, .. } = *config;
        if !matches!(self, Self::OfSettings) {
            return None;
        }
        match LEAST.iter().find(|(least_kib, _)| memory_kib >= *least_kib) {
            Some((_, least)) if iterations >= *least => None,
            Some((_, least)) => Some(ConfigMistake {
                keys: &["password.iterations", "password.memory_kib"],
                text: format!("expected at least {least} with password.memory_kib = {memory_kib}"),
            }),
            None => Some(ConfigMistake {
                keys: &["password.memory_kib", "password.iterations"],
                text: "expected at least 7168 with password.iterations = 5; the default is 19456 with 2"
                    .into(),
            }),
        }
    }
}

/// Returns the settings that the hashing cannot use, and those that make hashes too quick to guess.
pub(crate) fn mistakes(config: &PasswordConfig, cost: HashCost) -> Vec<ConfigMistake> {
    let mut found = unusable(config);
    if let Some(too_low) = cost.too_low(config) {
        // A cost that argon2id cannot have is told once.
        found.retain(|one| one.keys[0] != "password.memory_kib");
        found.insert(0, too_low);
    }
    found
}

/// Returns the settings that the hashing cannot use.
fn unusable(config: &PasswordConfig) -> Vec<ConfigMistake> {
    let parts: [(&'static [&'static str], Builder); 4] = [
        (&["password.memory_kib", "password.iterations"], argon2id(config)),
        (&["password.pepper_id", "password.pepper"], with_pepper(argon2id(config), config)),
        (&["password.retired_peppers"], with_retired_peppers(argon2id(config), config)),
        (
            &["password.firebase.signer_key", "password.firebase.salt_separator"],
            with_firebase(argon2id(config), config),
        ),
    ];
    let mut found: Vec<ConfigMistake> = Vec::new();
    for (keys, builder) in parts {
        let Err(error) = builder.build() else { continue };
        let keys: &[_] = match error {
            BuildError::PepperTooShort if keys[0] == "password.pepper_id" => &["password.pepper"],
            BuildError::InvalidFirebaseCost => &["password.firebase.rounds", "password.firebase.memory_cost"],
            _ => keys,
        };
        let text = error.to_string();
        // What is wrong with the cost is wrong in each part.
        if found.iter().all(|one| one.text != text || one.keys[0] != "password.memory_kib") {
            found.push(ConfigMistake { keys, text });
        }
    }
    let whole = with_firebase(with_retired_peppers(with_pepper(argon2id(config), config), config), config);
    if let (true, Err(error)) = (found.is_empty(), whole.build()) {
        found.push(ConfigMistake {
            keys: &["password.retired_peppers", "password.pepper_id"],
            text: error.to_string(),
        });
    }
    found
}

/// Returns the context that hashes with these settings.
pub(super) fn context(config: &PasswordConfig) -> Result<PasswordContext, OpenError> {
    let builder = with_firebase(with_retired_peppers(with_pepper(argon2id(config), config), config), config);
    let builder = match &config.devise_pepper {
        Some(pepper) => builder.devise_pepper(pepper.expose()),
        None => builder,
    };
    builder.build().map_err(|error| OpenError::of_setting(&["password"], error.to_string()))
}

fn argon2id(config: &PasswordConfig) -> Builder {
    PasswordContext::builder().argon2id(config.memory_kib, config.iterations, 1)
}

fn with_pepper(builder: Builder, config: &PasswordConfig) -> Builder {
    match (&config.pepper_id, &config.pepper) {
        (Some(id), Some(key)) => builder.pepper(id, key.expose().as_bytes()),
        _ => builder,
    }
}

fn with_retired_peppers(builder: Builder, config: &PasswordConfig) -> Builder {
    let retired = config.retired_peppers.iter();
    retired.fold(builder, |builder, (id, key)| builder.retired_pepper(id, key.expose().as_bytes()))
}

fn with_firebase(builder: Builder, config: &PasswordConfig) -> Builder {
    let firebase = &config.firebase;
    match &firebase.signer_key {
        Some(key) => {
            builder.firebase(key.expose(), &firebase.salt_separator, firebase.rounds, firebase.memory_cost)
        }
        None => builder,
    }
}
