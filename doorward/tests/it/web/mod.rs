//! Tests of the code that all features share towards HTTP.

mod client;
mod csrf;
mod current_session;
mod current_user;
mod granted;
mod has_role;
mod layers;
mod pages;
mod require;
mod sudo;
mod websocket;
