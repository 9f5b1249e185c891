//! The pages in a real browser: Debian's Chromium against the real server.
//!
//! `script/setup` installs Chromium. Nothing here sleeps for a fixed time: every wait has a condition and a deadline.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be, in helpers too")]

mod accessibility;
mod chromium;
mod consent;
mod cross_site;
mod docs;
mod email_login;
mod examples;
mod next;
mod pages;
mod passkeys;
mod peers;
mod people;
mod screenshots;
mod server;
mod tls;
mod walk;
mod websocket;
