//! What all features share towards HTTP.

mod csrf;
mod current_user;
mod layers;
mod pages;
