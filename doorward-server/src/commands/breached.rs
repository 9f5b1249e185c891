//! `doorward breached`: the file of breached passwords that nobody may choose.

use std::{
    io::{Write as _, stdout},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::Subcommand;
use doorward::breached::{self, Step};
use indicatif::{ProgressBar, ProgressStyle};

#[expect(clippy::doc_markdown, reason = "a help text is no Markdown")]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the file for password.breached_file from a list of SHA-1 hashes, one per line, sorted or not,
    /// with :COUNT or not, as Have I Been Pwned publishes it
    Build {
        /// The list
        hashes: PathBuf,
        /// The file to make, which is replaced if it exists; its folder also needs 8 bytes of room per line
        out: PathBuf,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<()> {
    match command {
        Command::Build { hashes, out } => build(hashes, out),
    }
}

fn build(hashes: &Path, out: &Path) -> Result<()> {
    // Only shown on a terminal.
    let bar = ProgressBar::no_length();
    let style = |template: &str| ProgressStyle::with_template(template).context("a fixed template is valid");
    let reading = style("reading   {bar:40} {bytes} of {total_bytes}, {eta} left")?;
    let building = style("building  {bar:40} {percent} %, {eta} left")?;
    bar.set_style(reading);
    let mut at = Step::Reading;
    let built = breached::build(hashes, out, |step, done, total| {
        if step != at {
            at = step;
            bar.reset();
            bar.set_style(building.clone());
        }
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let built = built.with_context(|| format!("cannot make {} from {}", out.display(), hashes.display()))?;
    Ok(writeln!(
        stdout(),
        "made {} of {} passwords in {:.1} MB; name it in the configuration as password.breached_file",
        out.display(),
        built.entries,
        built.length as f64 / 1e6,
    )?)
}
