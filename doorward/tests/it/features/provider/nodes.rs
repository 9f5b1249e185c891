//! Three nodes on one database: what ends a token ends it on all of them, before the one who ended it learns so.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
};

use axum::http::StatusCode;

use super::parties::{access_token, ann_in_a_browser, as_wiki, is_accepted, with_apps};
use crate::app::{ANN, Actor, App};

const ROUNDS: usize = 60;

/// Looks whether a token is accepted on a node, again and again. Returns how often it was accepted after its end was
/// acknowledged, and how often before.
async fn look(nodes: Arc<[App; 3]>, node: usize, token: String, ended: Arc<AtomicBool>) -> (usize, usize) {
    let (mut late, mut early, mut left) = (0, 0, 3);
    while left > 0 {
        let before = ended.load(SeqCst);
        let app = &nodes[node];
        let accepted = match left % 2 {
            0 => app.bearer(&token).get("/auth/oauth/userinfo").await.status == StatusCode::OK,
            _ => as_wiki(app, "/auth/oauth/introspect", &[("token", &token)]).await.json()["active"] == true,
        };
        match (before, accepted) {
            (true, accepted) => {
                late += usize::from(accepted);
                left -= 1;
            }
            (false, accepted) => early += usize::from(accepted),
        }
        tokio::task::yield_now().await;
    }
    (late, early)
}

/// The same browser, with the routes of another node.
fn on<'a>(app: &'a App, browser: &Actor<'_>) -> Actor<'a> {
    let mut other = app.browser();
    other.cookies = browser.cookies.clone();
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_log_out_on_any_of_three_nodes_ends_the_tokens_on_all() {
    let first = App::with(with_apps()).await;
    let (second, third) = (first.sibling(with_apps()).await, first.sibling(with_apps()).await);
    drop(ann_in_a_browser(&first).await);
    let nodes = Arc::new([first, second, third]);
    let early = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let (one, two) = (&nodes[round % 3], &nodes[(round + 1 + round / 3 % 2) % 3]);
        let mut browser = one.browser_of(ANN).await;
        let token = access_token(one, &mut browser).await;
        // All nodes remember it.
        for node in &*nodes {
            assert!(is_accepted(node, &token).await);
        }
        let ended = Arc::new(AtomicBool::new(false));
        let looks: Vec<_> = (0..3)
            .map(|node| tokio::spawn(look(nodes.clone(), node, token.clone(), ended.clone())))
            .collect();
        tokio::task::yield_now().await;
        match round % 3 {
            0 => assert!(as_wiki(two, "/auth/oauth/revoke", &[("token", &token)]).await.status.is_success()),
            _ => drop(on(two, &browser).log_out().await),
        }
        ended.store(true, SeqCst);
        for node in &*nodes {
            assert!(!is_accepted(node, &token).await, "round {round}");
        }
        for looked in looks {
            let (late, before) = looked.await.unwrap();
            assert_eq!(late, 0, "round {round}: it was accepted after its end");
            early.fetch_add(before, SeqCst);
        }
    }
    assert!(early.load(SeqCst) > ROUNDS, "the token was in use when it ended");
}
