//! Measures several servers side by side, round by round, so that noise hits all of them.

use anyhow::Result;

use crate::{
    load::{self, Requests, Round},
    server::Server,
    setup::Setup,
};

/// One measured server, or several that share the load, and the requests to them.
pub(crate) struct Contestant<'a> {
    pub(crate) name: String,
    pub(crate) servers: Vec<&'a Server>,
    pub(crate) requests: Requests,
}

impl Contestant<'_> {
    fn cpu(&self) -> Result<f64> {
        self.servers.iter().map(|server| server.cpu()).sum()
    }
}

/// The rounds of each contestant. The first contestant is the reference.
pub(crate) struct Outcome {
    pub(crate) connections: usize,
    pub(crate) names: Vec<String>,
    pub(crate) rounds: Vec<Vec<Round>>,
}

/// Runs all rounds with this number of connections.
pub(crate) async fn run(
    setup: &Setup,
    contestants: &[Contestant<'_>],
    connections: usize,
) -> Result<Outcome> {
    let mut rounds: Vec<Vec<Round>> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 0..=setup.rounds {
        for (contestant, rounds) in contestants.iter().zip(&mut rounds) {
            let cpu = contestant.cpu()?;
            let ports: Vec<_> = contestant.servers.iter().map(|server| server.port).collect();
            let mut measured = load::run(&ports, contestant.requests, connections, setup.round()).await?;
            measured.cpu = (contestant.cpu()? - cpu) / measured.requests as f64;
            // The first round warms up.
            if round > 0 {
                rounds.push(measured);
            }
        }
    }
    let names = contestants.iter().map(|contestant| contestant.name.clone()).collect();
    Ok(Outcome { connections, names, rounds })
}

/// A figure over all rounds.
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// Returns the median of these figures, the least and the most.
pub(crate) fn spread(mut figures: Vec<f64>) -> Spread {
    figures.sort_by(f64::total_cmp);
    Spread { median: figures[figures.len() / 2], least: figures[0], most: figures[figures.len() - 1] }
}

impl Outcome {
    /// Returns a figure of the contestant with this number.
    pub(crate) fn figure(&self, number: usize, figure: impl Fn(&Round) -> f64) -> Spread {
        spread(self.rounds[number].iter().map(figure).collect())
    }

    /// Returns the ratio to the reference, round by round: rounds of the same number ran side by side.
    pub(crate) fn ratio(&self, number: usize, figure: impl Fn(&Round) -> f64) -> Spread {
        let pairs = self.rounds[number].iter().zip(&self.rounds[0]);
        spread(pairs.map(|(ours, theirs)| figure(ours) / figure(theirs)).collect())
    }
}
