//! What all features share towards HTTP.

mod csrf;
mod current_user;
mod layers;
pub(crate) mod pages;
