//! No client meets a token that it cannot verify while keys are replaced, however many people log in.

use std::{collections::BTreeSet, time::Duration};

use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;

use super::{
    parties::{ISSUER, WIKI, with_apps},
    rotation::{id_token, signer},
};
use crate::app::{ANN, App};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A client that reads the published keys only when its copy is too old.
struct Caching {
    keys: JwkSet,
    /// The time until which the copy may be used.
    until: Duration,
    verified: usize,
}

impl Caching {
    async fn new(app: &App, now: Duration) -> Self {
        let answer = app.anonymous().get("/auth/oauth/jwks.json").await;
        let cached = answer.headers["cache-control"].to_str().unwrap();
        let age: u64 = cached.split_once("max-age=").unwrap().1.parse().unwrap();
        let keys = serde_json::from_str(&answer.text).unwrap();
        Self { keys, until: now + Duration::from_secs(age), verified: 0 }
    }

    async fn verify(&mut self, app: &App, now: Duration, token: &str) {
        if now > self.until {
            let verified = self.verified;
            *self = Self { verified, ..Self::new(app, now).await };
        }
        let header = jsonwebtoken::decode_header(token).unwrap();
        let key = self.keys.find(header.kid.as_ref().unwrap());
        let key = key.unwrap_or_else(|| panic!("after {now:?} a client meets an unknown key"));
        let mut rules = Validation::new(header.alg);
        rules.set_audience(&[WIKI]);
        rules.set_issuer(&[ISSUER]);
        jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap();
        self.verified += 1;
    }
}

/// Two nodes whose clocks move together, and clients that keep the published keys as long as they may.
struct Busy {
    app: App,
    other: App,
    clients: Vec<Caching>,
    now: Duration,
    signers: BTreeSet<String>,
}

impl Busy {
    async fn advance(&mut self, by: Duration) {
        self.app.advance(by);
        self.other.advance(by);
        self.now += by;
    }

    /// People log in on both nodes, and every client verifies their tokens.
    async fn log_in(&mut self, people: usize) {
        let (app, other) = (&self.app, &self.other);
        for _ in 0..people {
            let (one, two) = tokio::join!(id_token(app, other), id_token(other, app));
            for token in [one, two] {
                self.signers.insert(signer(&token));
                for (at, client) in self.clients.iter_mut().enumerate() {
                    client.verify([app, other][at % 2], self.now, &token).await;
                }
            }
        }
    }

    /// Goes on for a while in steps, with log-ins after each.
    async fn live(&mut self, time: Duration, step: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.advance(step).await;
            self.log_in(1).await;
        }
    }
}

#[tokio::test]
async fn a_client_that_keeps_the_keys_as_long_as_it_may_verifies_every_token() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.stop_clock();
    other.stop_clock();
    // The clock of one node is ahead.
    other.advance(Duration::from_secs(30));
    app.register(ANN).await;
    let mut busy = Busy { app, other, clients: Vec::new(), now: Duration::ZERO, signers: BTreeSet::new() };
    // The copies of the clients are of different ages.
    for _ in 0..6 {
        busy.clients.push(Caching::new(&busy.app, busy.now).await);
        busy.advance(Duration::from_secs(600)).await;
    }
    busy.log_in(5).await;
    busy.app.rotate_signing_keys(None, false).await.unwrap();
    busy.log_in(5).await;
    busy.live(DAY - HOUR, HOUR / 2).await;
    // Around the first signature of the new key, second by second.
    busy.live(HOUR - Duration::from_secs(40), HOUR / 6).await;
    busy.live(Duration::from_secs(80), Duration::from_secs(5)).await;
    busy.log_in(20).await;
    assert_eq!(busy.signers.len(), 2, "the new key signs");
    busy.live(3 * DAY, 2 * HOUR).await;
    // A key that is due comes by itself.
    let far = 83 * DAY;
    busy.advance(far).await;
    for _ in 0..96 {
        busy.app.clean_up().await.unwrap();
        busy.live(2 * HOUR, HOUR).await;
    }
    assert_eq!(busy.signers.len(), 3, "the next key signs");
    let verified: usize = busy.clients.iter().map(|client| client.verified).sum();
    assert!(verified > 3000, "{verified}");
}
