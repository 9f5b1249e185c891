//! Asks for a password. It is never an argument: every user of the machine can see the command line.

use std::io::{BufRead as _, IsTerminal as _, Read as _, stdin};

use anyhow::{Context as _, Result, bail};

/// The most bytes that are read. Every password is shorter.
const LONGEST: u64 = 64 * 1024;

/// Asks twice on a terminal; otherwise takes the first line of the input.
pub(super) fn ask() -> Result<String> {
    if stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ").context("cannot ask for the password")?;
        if rpassword::prompt_password("Again: ").context("cannot ask for the password")? != password {
            bail!("the passwords differ");
        }
        return Ok(password);
    }
    first_line("the password")
}

/// Reads the first line of the input, which must not be empty.
pub(super) fn first_line(what: &str) -> Result<String> {
    let mut line = String::new();
    let read = stdin().lock().take(LONGEST).read_line(&mut line);
    read.with_context(|| format!("cannot read {what} from the input"))?;
    let line = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() {
        bail!("expected {what} as the first line of the input");
    }
    Ok(line.to_owned())
}
