//! Pages of an app beside the pages of the accounts. `doorward-server/tests/browser` shows them to a browser.

use axum::http::StatusCode;
use doorward::test_util::PASSWORD;

use super::requests::Example;
use crate::app::{ANN, Actor, Answer, BOB, for_tests};

#[path = "../../../examples/server_rendered.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

fn navigating(actor: Actor<'_>) -> Actor<'_> {
    actor.header("sec-fetch-mode", "navigate").header("accept", "text/html")
}

#[track_caller]
fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap()
}

#[tokio::test]
async fn notes_are_kept_for_users_and_from_pages_of_other_sites() {
    let accounts = for_tests().await;
    let app = Example::new(&accounts, example::app(&accounts).unwrap());
    accounts.new_user(ANN).await;
    let bob = accounts.new_user(BOB).await;
    let mut ann = navigating(app.browser());
    let home = ann.get("/").await;
    assert!(home.text.contains("Register"), "{}", home.text);
    let log_in = location(&ann.get("/notes").await).to_owned();
    let fields = [("email", ANN), ("password", PASSWORD)];
    assert_eq!(location(&ann.form(&log_in, &fields).await), "/notes");
    assert_eq!(location(&ann.form("/notes", &[("text", "<b>milk</b>")]).await), "/notes");
    let notes = ann.get("/notes").await;
    assert!(notes.text.contains("<li>&lt;b&gt;milk&lt;&#x2f;b&gt;</li>"), "{}", notes.text);
    assert_eq!(notes.headers["cache-control"], "no-store");
    assert!(ann.get("/").await.text.contains(ANN));

    let mut other_site = ann.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(other_site.form("/notes", &[("text", "spam")]).await.code(), "cross_site");
    let mut old_browser = ann.clone().without(["sec-fetch-site"].into_iter());
    old_browser = old_browser.header("origin", "https://evil.example");
    assert_eq!(old_browser.form("/notes", &[("text", "spam")]).await.code(), "cross_site");
    assert!(!ann.get("/notes").await.text.contains("spam"));

    let cookie = accounts.log_in_browser_as(&bob).await.cookie();
    let mut bob = navigating(app.browser()).header("cookie", cookie.to_str().unwrap());
    assert!(!bob.get("/notes").await.text.contains("milk"));
    assert_eq!(ann.form("/auth/logout", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(location(&ann.get("/notes").await), "/auth/login?next=%2Fnotes");
}
