//! Tests of the code that all features share towards HTTP.

mod active_session;
mod client;
mod csrf;
mod current_user;
mod has_role;
mod layers;
mod pages;
mod websocket;
