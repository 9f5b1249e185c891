//! The server `doorward`: command line, configuration, HTTP connections and log, around the library.

mod attempts;
mod cli;
mod commands;
mod config;
mod http;
mod key_file;
mod log;
mod open_files;

use std::{io, process::ExitCode};

use config::Mistakes;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of our output has read enough: `doorward user list | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let mistakes = error.downcast_ref::<Mistakes>().map(Mistakes::lines);
            for line in mistakes.unwrap_or_else(|| vec![format!("{error:#}")]) {
                // One line, even if the cause has several.
                eprintln!("doorward: {}", line.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
