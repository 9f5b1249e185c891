//! `doorward user import`

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Write, stdin, stdout},
    path::Path,
};

use anyhow::{Context as _, Result};
use doorward::{
    Auth,
    import::{ForeignUser, Imported},
};

use super::lines::Lines;
use crate::{
    commands::{
        accounts::{explained, with_accounts},
        progress,
    },
    config::ServerConfig,
};

/// The number of users that are imported in one step.
const GROUP: usize = 500;
/// The most lines that are shown among those that cannot be imported.
const SHOWN: usize = 20;

/// The options of an import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    pub(super) apply: bool,
    pub(super) wrap: bool,
}

/// Imports the users of a file, or only reports what would happen.
pub(super) fn run(config: &ServerConfig, file: &Path, mode: Mode) -> Result<()> {
    let cannot = || format!("cannot read {}", file.display());
    let (input, length): (Box<dyn BufRead>, _) = if file == Path::new("-") {
        (Box::new(stdin().lock()), None)
    } else {
        let opened = File::open(file).with_context(cannot)?;
        let length = opened.metadata().with_context(cannot)?.len();
        (Box::new(BufReader::with_capacity(1 << 16, opened)), Some(length))
    };
    let report = with_accounts(config, async |auth| {
        let mut report = Report::default();
        let done = import(auth, input, length, mode, &mut report).await;
        done.with_context(|| match mode.apply {
            true => format!(
                "stopped after {} lines; run this again: users who exist already are not changed",
                report.lines
            ),
            false => "nothing was changed".to_owned(),
        })?;
        Ok(report)
    })?;
    Ok(report.write(mode, &mut stdout().lock())?)
}

async fn import(
    auth: &Auth,
    input: Box<dyn BufRead>,
    length: Option<u64>,
    mode: Mode,
    report: &mut Report,
) -> Result<()> {
    let mut import = auth.import();
    if mode.apply {
        import = import.apply();
    }
    if mode.wrap {
        import = import.wrap();
    }
    let bar = progress::of_bytes(length);
    let mut lines = Lines::new(input);
    loop {
        let (mut users, mut numbers) = (Vec::with_capacity(GROUP), Vec::with_capacity(GROUP));
        while users.len() < GROUP
            && let Some((number, line)) = lines.next()?
        {
            report.lines += 1;
            match line.map(ForeignUser::from_json) {
                Some(Ok(user)) => {
                    users.push(user);
                    numbers.push(number);
                }
                Some(Err(error)) => report.refuse(number, &format!("{}: {}", error.field, error.message)),
                None => report.refuse(number, "expected at most 64 KiB"),
            }
        }
        if users.is_empty() {
            break;
        }
        let imported = import.batch(&users).await.map_err(explained)?;
        for (number, outcome) in numbers.into_iter().zip(imported) {
            report.note(number, outcome);
        }
        bar.set_position(lines.read());
    }
    bar.finish_and_clear();
    Ok(())
}

/// The outcome of all lines.
#[derive(Debug, Default)]
struct Report {
    lines: u64,
    /// The number of users that were or would be added, by weakness and scheme.
    added: BTreeMap<(bool, &'static str), u64>,
    there: u64,
    refused: u64,
    /// The number of users whose authenticator app has a short secret, and the first of their lines with its bits.
    weak_totp: u64,
    weak_shown: BTreeMap<u64, usize>,
    /// The first lines that were refused, with the reasons.
    shown: BTreeMap<u64, String>,
}

impl Report {
    fn note(&mut self, line: u64, outcome: Imported) {
        match outcome {
            Imported::Added { scheme, weak, weak_totp, .. } => {
                *self.added.entry((weak, scheme)).or_default() += 1;
                if let Some(bits) = weak_totp {
                    self.weak_totp += 1;
                    if self.weak_shown.len() < SHOWN {
                        self.weak_shown.insert(line, bits);
                    }
                }
            }
            Imported::AlreadyThere => self.there += 1,
            Imported::Refused(error) => self.refuse(line, &format!("{}: {}", error.field, error.message)),
            other => self.refuse(line, &format!("{other:?}")),
        }
    }

    /// Counts a refused line. Unreadable lines of a group come before the others, so the lines are kept sorted.
    fn refuse(&mut self, line: u64, why: &str) {
        self.refused += 1;
        self.shown.insert(line, why.to_owned());
        if self.shown.len() > SHOWN {
            self.shown.pop_last();
        }
    }

    fn write(&self, mode: Mode, output: &mut impl Write) -> io::Result<()> {
        let added: u64 = self.added.values().sum();
        let (was, wrapping) = match (mode.apply, mode.wrap) {
            (true, true) => ("imported", "weak, wrapped in argon2id"),
            (false, true) => ("importable", "weak, would be wrapped in argon2id"),
            (true, false) => ("imported", "weak; `doorward user wrap` puts argon2id over it"),
            (false, false) => ("importable", "weak; --wrap puts argon2id over it"),
        };
        writeln!(output, "{:>9}  lines", self.lines)?;
        writeln!(output, "{added:>9}  {was}")?;
        for ((weak, scheme), count) in &self.added {
            let note = if *weak { format!("  ({wrapping})") } else { String::new() };
            writeln!(output, "{count:>17}  {scheme}{note}")?;
        }
        if self.weak_totp > 0 {
            let count = self.weak_totp;
            writeln!(
                output,
                "{count:>17}  with a weak authenticator secret, of fewer than 128 bits; it works"
            )?;
            for (line, bits) in &self.weak_shown {
                writeln!(
                    output,
                    "           line {line}: totp: {bits} bits; the user should add the app anew"
                )?;
            }
        }
        writeln!(output, "{:>9}  already there", self.there)?;
        writeln!(output, "{:>9}  not importable", self.refused)?;
        for (line, why) in &self.shown {
            writeln!(output, "           line {line}: {why}")?;
        }
        if self.refused > self.shown.len() as u64 {
            writeln!(output, "           and {} more", self.refused - self.shown.len() as u64)?;
        }
        match mode.apply {
            false if added > 0 => writeln!(output, "nothing was changed; --apply imports them"),
            true if added == 0 => writeln!(output, "nothing was changed"),
            _ => Ok(()),
        }
    }
}
