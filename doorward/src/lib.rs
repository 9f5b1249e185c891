//! User accounts for axum applications.

mod config;
pub use config::{Config, PasswordConfig, Registration, Secret};
mod db;
pub use db::OpenError;
