//! Every setting, with defaults that are safe: an empty file is a good file.
//!
//! Nothing here reads a file or an environment variable.

mod settings;

pub use settings::{Config, FirebaseConfig, LimitConfig, PasswordConfig, Registration, Secret};
