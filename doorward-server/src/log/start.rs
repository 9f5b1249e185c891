//! The log of the server: text on a terminal, JSON otherwise, never a secret.

use std::{
    io::{self, IsTerminal as _},
    panic::PanicHookInfo,
};

use serde::Deserialize;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{Layer as _, filter::Targets, layer::SubscriberExt as _};

use super::{
    json_lines::JsonLines,
    request_line,
    writer::{LogThread, LogWriter},
};

/// The beginning of the names of our crates: the library, the password crate and the server.
const OURS: &str = "doorward";
/// The lowest level at which other crates may log.
const OTHERS: LevelFilter = LevelFilter::WARN;
/// The most characters of the message of a panic that are logged.
const MESSAGE: usize = 300;

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    #[default]
    Auto,
    Text,
    Json,
}

/// Reads a filter such as `info` or `warn,doorward=debug`.
///
/// It never lets other crates than ours log below warnings. There, database drivers log the parameters of statements,
/// and HTTP libraries log headers: e-mail addresses, password hashes and cookies, which must not be in any log. Our
/// own crates are written so that they log none of these.
pub(crate) fn filter(directives: &str) -> Result<Targets, &'static str> {
    let expected = "expected a level (error, warn, info, debug, trace, off), or \"level,target=level\"";
    // `Targets` reads a misspelt level as the name of a target, and an empty text as `error`.
    let misspelt = |part: &str| {
        part.trim().is_empty() || (!part.contains('=') && part.trim().parse::<LevelFilter>().is_err())
    };
    if directives.split(',').any(misspelt) {
        return Err(expected);
    }
    let chosen: Targets = directives.parse().map_err(|_| expected)?;
    let general = chosen.default_level().unwrap_or(LevelFilter::INFO);
    let others = chosen
        .iter()
        .filter(|(target, _)| !target.starts_with(OURS))
        .map(|(target, level)| (target.to_owned(), level.min(OTHERS)));
    let ours = chosen
        .iter()
        .filter(|(target, _)| target.starts_with(OURS))
        .map(|(target, level)| (target.to_owned(), level));
    Ok(Targets::new()
        .with_default(general.min(OTHERS))
        .with_targets(others)
        .with_target(OURS, general)
        .with_targets(ours))
}

/// Starts logging to stderr, including panics. The log ends when the returned thread is dropped.
pub(crate) fn start(filter: Targets, format: LogFormat) -> io::Result<LogThread> {
    let terminal = io::stderr().is_terminal();
    let (writer, thread) = LogWriter::start(io::stderr())?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer.clone());
    // Without the bridge from the `log` crate: its lines have no target that the filter could limit.
    let registry = tracing_subscriber::registry();
    let started = if format == LogFormat::Json || (format == LogFormat::Auto && !terminal) {
        if filter.would_enable(request_line::TARGET, &tracing::Level::INFO) {
            request_line::write_to(writer);
        }
        let lines = lines.event_format(JsonLines);
        tracing::subscriber::set_global_default(registry.with(lines.with_filter(filter)))
    } else {
        let colours = terminal && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
        tracing::subscriber::set_global_default(registry.with(lines.with_ansi(colours).with_filter(filter)))
    };
    started.map_err(io::Error::other)?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(thread)
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let at = panic.location().map(tracing::field::display);
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    tracing::error!(at, thread, "panic: {}", without_quoted(message));
}

/// Removes the text in quotation marks from a message. For example, a panic about slicing a text quotes it, and it
/// may be a password.
fn without_quoted(message: &str) -> String {
    let mut shown = String::new();
    let mut quoted_by = None;
    for character in message.chars().take(MESSAGE) {
        match (quoted_by, character) {
            (None, '`' | '"') => {
                quoted_by = Some(character);
                shown.push('…');
            }
            (Some(mark), _) if mark == character => quoted_by = None,
            (Some(_), _) => {}
            (None, _) => shown.push(if character.is_control() { ' ' } else { character }),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn other_crates_log_no_more_than_warnings() {
        for directives in ["trace", "trace,hyper=trace", "info,tokio_postgres::query=debug,doorward=trace"] {
            let filter = filter(directives).unwrap();
            for other in ["hyper", "hyper::proto", "tokio_postgres::query", "rustls", "log", "door"] {
                assert!(!filter.would_enable(other, &Level::INFO), "{directives}: {other}");
                assert!(filter.would_enable(other, &Level::WARN), "{directives}: {other}");
            }
        }
    }

    #[test]
    fn our_own_crates_log_at_the_chosen_level() {
        let debug = filter("debug").unwrap();
        assert!(debug.would_enable("doorward::session", &Level::DEBUG));
        assert!(debug.would_enable("doorward_password", &Level::DEBUG));
        assert!(!debug.would_enable("doorward::session", &Level::TRACE));
        let off = filter("info,doorward::request=off").unwrap();
        assert!(!off.would_enable("doorward::request", &Level::ERROR));
        assert!(off.would_enable("doorward::serve", &Level::INFO));
        assert!(!filter("off").unwrap().would_enable("doorward", &Level::ERROR));
        assert!(filter("doorward::request=off").unwrap().would_enable("doorward::serve", &Level::INFO));
        for wrong in ["", "loud", "info,", "info,loud", "doorward=loud", "doorward=info=info"] {
            assert!(filter(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn quoted_text_of_a_panic_is_left_out() {
        assert_eq!(
            without_quoted("byte index 1 is not a char boundary; it is inside 'é' of `sécret`"),
            "byte index 1 is not a char boundary; it is inside 'é' of …"
        );
        assert_eq!(
            without_quoted("a row: Error { text: \"secret\" }\nmore"),
            "a row: Error { text: … } more"
        );
        assert_eq!(without_quoted("cut `secret"), "cut …");
        assert_eq!(without_quoted("no quotes"), "no quotes");
    }
}
