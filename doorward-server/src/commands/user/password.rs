//! Asking for a password. It is never an argument: every user of the machine can see the command line.

use std::io::{BufRead as _, IsTerminal as _, Read as _, stdin};

use anyhow::{Context as _, Result, bail};

/// More than any password has.
const LONGEST: u64 = 64 * 1024;

/// Ask twice on a terminal; otherwise take the first line of the input.
pub(super) fn ask() -> Result<String> {
    if stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ").context("cannot ask for the password")?;
        if rpassword::prompt_password("Again: ").context("cannot ask for the password")? != password {
            bail!("the passwords differ");
        }
        return Ok(password);
    }
    let mut line = String::new();
    stdin().lock().take(LONGEST).read_line(&mut line).context("cannot read the password from the input")?;
    let password =
        line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if password.is_empty() {
        bail!("expected the password as the first line of the input");
    }
    Ok(password.to_owned())
}
