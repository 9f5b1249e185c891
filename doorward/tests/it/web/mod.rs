//! Tests of the code that all features share towards HTTP.

mod client;
mod csrf;
mod current_user;
mod layers;
mod pages;
mod websocket;
