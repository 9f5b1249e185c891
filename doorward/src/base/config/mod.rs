//! Every setting, with defaults that are safe: an empty file is a good file.
//!
//! Nothing here reads a file or an environment variable.

mod apart;
pub(crate) mod client;
mod duration;
mod in_force;
mod key;
mod limit;
mod password;
mod profile;
pub(crate) mod roles;
mod second_factor;
mod secret;
pub(crate) mod secret_key;
mod settings;

pub use client::ClientConfig;
pub use key::{ConfigKey, ConfigKind};
pub use limit::LimitConfig;
pub use password::{FirebaseConfig, PasswordConfig};
pub use profile::{ProfileField, ProfileKind};
pub use second_factor::SecondFactorPolicy;
pub use secret::Secret;
pub use settings::{Config, RefreshReuse, Registration};
