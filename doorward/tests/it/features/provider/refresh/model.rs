//! Random orders of exchanges, lost answers and pauses, on two nodes and a real database. A model says what each request
//! must be answered.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config as Settings, config::RefreshReuse};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngSeed, TestRunner},
};

use super::super::parties::{ann_in_a_browser, is_accepted, lasting, refresh, refresh_token, with_apps};
use crate::app::App;

/// A step of a run.
#[derive(Clone, Debug)]
enum Step {
    /// A client shows one of the tokens that it got. The answer may be lost, after the commit or before it.
    Show { which: usize, on_other_node: bool, lost: Lost },
    /// Nothing happens for these seconds.
    Pause(u64),
    /// A node deletes what is not needed.
    CleanUp,
}

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Nothing,
    /// The answer, after the commit.
    Answer,
    /// Perhaps the request and perhaps the answer: the client hangs up after these microseconds.
    After(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lost = prop_oneof![
        6 => Just(Lost::Nothing),
        2 => Just(Lost::Answer),
        1 => (0_u64..4000).prop_map(Lost::After),
    ];
    // Clients mostly show a token that they got lately.
    let which = prop_oneof![6 => 0_usize..2, 2 => 2_usize..4, 1 => 4_usize..100];
    let show = (which, any::<bool>(), lost).prop_map(|(which, on_other_node, lost)| Step::Show {
        which,
        on_other_node,
        lost,
    });
    let pause = select(vec![7, 20, 59, 60, 61, 600, 3600, 20_000]).prop_map(Step::Pause);
    vec(prop_oneof![6 => show, 5 => pause, 1 => Just(Step::CleanUp)], 1..40)
}

/// A token of the model. Tokens are known by their place in the list.
#[derive(Clone, Debug, Default)]
struct Token {
    exchanged_at: Option<u64>,
    /// The token that it leads to.
    next: Option<usize>,
    /// Another token has taken its place.
    replaced: bool,
}

/// The rules, written once more and in other words.
#[derive(Debug)]
struct Model {
    tokens: Vec<Token>,
    ended: bool,
    strict: bool,
}

impl Model {
    /// Shows a token. Returns the token that is given, or `None` if it is refused.
    fn show(&mut self, shown: usize, now: u64) -> Option<usize> {
        if self.ended {
            return None;
        }
        let Some(exchanged_at) = self.tokens[shown].exchanged_at else {
            return Some(self.exchange(shown, now));
        };
        let next = self.tokens[shown].next;
        let next_exchanged_at = next.and_then(|next| self.tokens[next].exchanged_at);
        let is_late = now - exchanged_at >= 60;
        let is_copy = self.tokens[shown].replaced
            || next_exchanged_at.is_some_and(|at| now - at >= 60)
            || (self.strict && is_late && next_exchanged_at.is_some());
        if is_copy {
            self.ended = true;
            return None;
        }
        if self.strict && is_late {
            let next = next.expect("it was exchanged");
            self.tokens[next].replaced = true;
            self.tokens[next].exchanged_at = Some(now);
            return Some(self.exchange(shown, now));
        }
        let mut newest = next.expect("it was exchanged");
        while let Some(next) = self.tokens[newest].next {
            newest = next;
        }
        Some(newest)
    }

    fn exchange(&mut self, shown: usize, now: u64) -> usize {
        let next = self.tokens.len();
        self.tokens.push(Token::default());
        self.tokens[shown].exchanged_at = Some(now);
        self.tokens[shown].next = Some(next);
        next
    }
}

/// Runs the steps. Panics if an answer is not that of the model.
async fn run(app: &App, other: &App, steps: Vec<Step>, strict: bool) {
    let mut browser = app.browser_of(crate::app::ANN).await;
    let first = lasting(app, &mut browser).await;
    let mut model = Model { tokens: vec![Token::default()], ended: false, strict };
    // The texts of the tokens of the model, as far as anybody saw them, and those that a client got.
    let mut texts = vec![Some(refresh_token(&first))];
    let mut held = vec![0];
    let (mut now, mut in_this_minute) = (0, Vec::new());
    for step in steps {
        match step {
            Step::Pause(seconds) => {
                now += seconds;
                for node in [app, other] {
                    node.advance(Duration::from_secs(seconds));
                }
            }
            Step::CleanUp => drop(other.clean_up().await.unwrap()),
            Step::Show { which, on_other_node, lost } => {
                // The limit of ten in a minute has a test of its own.
                in_this_minute.retain(|at| now - at < 120);
                if in_this_minute.len() >= 9 {
                    continue;
                }
                in_this_minute.push(now);
                let node = if on_other_node { other } else { app };
                let shown = held[held.len() - 1 - which % held.len()];
                let text = texts[shown].clone().expect("the client has it");
                if let Lost::After(patience) = lost {
                    // Whether it was committed or not: the client shows it again, and gets what the rules say.
                    in_this_minute.push(now);
                    let asked = refresh(node, &text);
                    drop(tokio::time::timeout(Duration::from_micros(patience), asked).await);
                }
                let answer = refresh(if on_other_node { app } else { other }, &text).await;
                let given = model.show(shown, now);
                texts.resize(model.tokens.len(), None);
                match given {
                    None => {
                        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
                        assert_eq!(answer.json()["error"], "invalid_grant");
                    }
                    Some(given) => {
                        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                        let text = refresh_token(&answer.json());
                        let known = texts[given].get_or_insert_with(|| text.clone());
                        assert_eq!(*known, text, "it is the same successor each time");
                        assert!(is_accepted(app, &answer.token()).await);
                        if lost == Lost::Nothing && !held.contains(&given) {
                            held.push(given);
                        }
                    }
                }
            }
        }
        let stored = app.count(&format!("refresh_tokens WHERE chain_id = {}", newest_chain(app).await)).await;
        assert!(model.ended || stored == model.tokens.len() as i64, "no token is lost or made twice");
    }
    app.execute("DELETE FROM refresh_chains").await;
}

async fn newest_chain(app: &App) -> i64 {
    app.number("SELECT COALESCE(MAX(id), 0) FROM refresh_chains").await
}

fn runs(strict: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refresh_reuse = if strict { RefreshReuse::Strict } else { RefreshReuse::Tolerant };
    // Idle chains have a test of their own.
    let settings = || Settings {
        refresh_reuse,
        refresh_idle_timeout: Duration::from_secs(366 * 24 * 3600),
        refresh_lifetime: Duration::from_secs(3660 * 24 * 3600),
        ..with_apps()
    };
    let app = runtime.block_on(App::with(settings()));
    let other = runtime.block_on(app.sibling(settings()));
    runtime.block_on(ann_in_a_browser(&app));
    app.stop_clock();
    other.stop_clock();
    let config =
        Config { cases: 20, failure_persistence: None, rng_seed: RngSeed::Random, ..Config::default() };
    let result = TestRunner::new(config).run(&steps(), |steps| {
        runtime.block_on(run(&app, &other, steps, strict));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn every_order_of_requests_goes_as_the_rules_say() {
    runs(false);
}

#[test]
fn every_order_of_requests_goes_as_the_strict_rules_say() {
    runs(true);
}

#[tokio::test]
async fn lost_answers_slow_tabs_and_servers_that_cannot_store_log_nobody_out() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.stop_clock();
    other.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let mut tabs = vec![refresh_token(&lasting(&app, &mut browser).await); 6];
    // The same numbers in each run (Knuth's constants).
    let mut state = 1_u64;
    let mut chance = |percent: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100 < percent
    };
    let pause = |seconds: u64| {
        for node in [&app, &other] {
            node.advance(Duration::from_secs(seconds));
        }
    };
    for _ in 0..30 {
        pause(3600);
        if chance(30) {
            // A server renders a page with the token of a tab, and cannot store what it gets.
            assert_eq!(refresh(&other, &tabs[0]).await.status, StatusCode::OK);
            pause(120);
        }
        for tab in &mut tabs {
            loop {
                pause(3);
                let answer = refresh(if chance(50) { &app } else { &other }, tab).await;
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    pause(answer.retry_after());
                    continue;
                }
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                if !chance(5) {
                    *tab = refresh_token(&answer.json());
                    break;
                }
            }
        }
        assert!(tabs.iter().all(|tab| *tab == tabs[0]), "they hold the same token again");
    }
    assert_eq!(app.count("events WHERE kind = 'refresh_token_reused'").await, 0);
}
