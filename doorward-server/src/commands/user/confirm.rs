//! Asks before an action that cannot be undone.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use anyhow::{Result, bail};

/// Asks on a terminal, and refuses unless the answer is yes.
pub(super) fn confirm(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        bail!("cannot ask for confirmation without a terminal; pass --yes");
    }
    write!(stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if !matches!(answer.trim(), "y" | "Y" | "yes") {
        bail!("nothing was changed");
    }
    Ok(())
}
