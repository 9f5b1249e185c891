//! The report: printed line by line, and written as a page with a plot.

use std::{fs, path::Path};

use anyhow::Result;

use crate::{
    contest::{Outcome, Spread},
    plot,
};

/// The page, line by line.
pub(crate) struct Report {
    lines: Vec<String>,
    /// The plots by the names of their files.
    plots: Vec<(String, String)>,
}

impl Report {
    /// Begins with the machine.
    pub(crate) fn begin() -> Self {
        let mut report = Self { lines: Vec::new(), plots: Vec::new() };
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let memory: f64 = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok())
            .unwrap_or_default();
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        report.line("# Measured");
        report.line("");
        report.line(&format!(
            "{cores} cores of {}, {:.0} GB, Linux {}, load {} before we began. The client ran on the same machine. \
             Each figure is the median of several rounds, in which all contestants took turns; in brackets the least \
             and the most.",
            model.trim_start_matches(['\t', ' ', ':']),
            memory / 1e6,
            kernel.trim(),
            load.split_whitespace().next().unwrap_or("?"),
        ));
        report
    }

    pub(crate) fn line(&mut self, line: &str) {
        println!("{line}");
        self.lines.push(line.to_owned());
    }

    pub(crate) fn title(&mut self, title: &str) {
        self.line("");
        self.line(&format!("## {title}"));
        self.line("");
    }

    /// Adds a table of one outcome. The first contestant is the reference.
    pub(crate) fn outcome(&mut self, outcome: &Outcome) {
        self.line("");
        self.line(&format!("{} connections:", outcome.connections));
        self.line("");
        self.line("| | requests/s | of the first | p50 µs | p99 µs | server CPU µs | of the first |");
        self.line("|---|---:|---:|---:|---:|---:|---:|");
        for (number, name) in outcome.names.iter().enumerate() {
            let [rate, p50, p99] = [
                outcome.figure(number, |round| round.rate),
                outcome.figure(number, |round| round.p50),
                outcome.figure(number, |round| round.p99),
            ];
            let cpu = outcome.figure(number, |round| round.cpu * 1e6);
            self.line(&format!(
                "| {name} | {:.0} | {} | {:.0} | {:.0} | {:.2} | {} |",
                rate.median,
                shown(&outcome.ratio(number, |round| round.rate)),
                p50.median,
                p99.median,
                cpu.median,
                shown(&outcome.ratio(number, |round| round.cpu)),
            ));
        }
    }

    /// Adds a plot of the ratios of several outcomes, with the name of its file.
    pub(crate) fn plot(&mut self, file: &str, title: &str, outcomes: &[Outcome]) {
        self.line("");
        self.line(&format!("![{title}]({file})"));
        self.plots.push((file.to_owned(), plot::ratios(title, outcomes)));
    }

    /// Writes the page and its plots.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("README.md"), self.lines.join("\n") + "\n")?;
        for (name, plot) in &self.plots {
            fs::write(folder.join(name), plot)?;
        }
        Ok(())
    }
}

/// Writes `0.87 (0.81 – 0.90)`, with two more digits for very small figures.
pub(crate) fn shown(spread: &Spread) -> String {
    let digits = if spread.median < 0.1 { 4 } else { 2 };
    format!("{:.digits$} ({:.digits$} – {:.digits$})", spread.median, spread.least, spread.most)
}
