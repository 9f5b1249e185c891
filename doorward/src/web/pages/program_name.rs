//! Names the browser or program of a client for people.

use fluent_bundle::FluentValue;

use crate::base::{http::user_agent::Program, text::texts::Words};

/// Names a program by its `User-Agent`, such as "Firefox on Linux".
pub(crate) fn program_name(words: &Words, user_agent: Option<&str>) -> String {
    let device = Program::of(user_agent.unwrap_or_default());
    let text = |key, variables: &[(&str, FluentValue<'_>)]| words.text(key, variables);
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            text("on-system", &[("browser", browser.into()), ("system", system.into())])
        }
        (Some(browser), None) => browser,
        (None, Some(system)) => system.to_owned(),
        (None, None) => text("unknown-device", &[]),
    }
}
