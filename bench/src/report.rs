//! What was measured, as a table: medians of the rounds, and the ratio of each to the reference.

use std::fs;

use crate::load::Round;

/// Says what machine this is.
pub(crate) fn machine() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?").to_owned();
    println!("{cores} cores of {}, load {load} before we began", model.trim_start_matches(['\t', ' ', ':']));
}

/// Prints the medians of each contestant. The first is the reference.
pub(crate) fn table(connections: usize, names: &[&str], rounds: &mut [Vec<Round>]) {
    println!("\nGET /me, {connections} connections, medians of {} rounds", rounds[0].len());
    println!(
        "{:<24}{:>12}{:>10}{:>10}{:>14}{:>12}{:>18}{:>12}",
        "", "requests/s", "p50 µs", "p99 µs", "CPU µs/req", "ratio", "(from – to)", "CPU ratio"
    );
    let reference = rounds[0].clone();
    let (reference_rate, reference_cpu) =
        (median(&reference, |round| round.rate), median(&reference, |round| round.cpu));
    for (name, rounds) in names.iter().zip(rounds) {
        // Rounds of the same number ran side by side, so that noise hits both.
        let mut ratios: Vec<_> =
            rounds.iter().zip(&reference).map(|(ours, theirs)| ours.rate / theirs.rate).collect();
        ratios.sort_by(f64::total_cmp);
        println!(
            "{name:<24}{:>12.0}{:>10.0}{:>10.0}{:>14.2}{:>12.3}{:>18}{:>12.2}",
            median(rounds, |round| round.rate),
            median(rounds, |round| round.p50),
            median(rounds, |round| round.p99),
            median(rounds, |round| round.cpu) * 1e6,
            median(rounds, |round| round.rate) / reference_rate,
            format!("({:.3} – {:.3})", ratios[0], ratios[ratios.len() - 1]),
            median(rounds, |round| round.cpu) / reference_cpu,
        );
    }
}

fn median(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
    let mut figures: Vec<_> = rounds.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
