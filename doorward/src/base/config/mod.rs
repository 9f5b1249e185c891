//! Every setting, with defaults that are safe: an empty file is a good file.
//!
//! Nothing here reads a file or an environment variable.

mod apart;
mod duration;
mod in_force;
mod key;
mod limit;
mod password;
mod profile;
pub(crate) mod roles;
mod secret;
mod settings;

pub use key::{ConfigKey, ConfigKind};
pub use limit::LimitConfig;
pub use password::{FirebaseConfig, PasswordConfig};
pub use profile::{ProfileField, ProfileKind};
pub use secret::Secret;
pub use settings::{Config, Registration};
