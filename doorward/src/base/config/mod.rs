//! Every setting, with defaults that are safe: an empty file is a good file.
//!
//! Nothing here reads a file or an environment variable.

mod apart;
mod duration;
mod in_force;
mod key;
mod limit;
mod password;
mod secret;
mod settings;

pub use key::{ConfigKey, ConfigKind};
pub use limit::LimitConfig;
pub use password::{FirebaseConfig, PasswordConfig};
pub use secret::Secret;
pub use settings::{Config, Registration};
