//! The examples of the library whose point is a browser.

use axum::{Router, http::HeaderValue};
use doorward::{Auth, Config};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{
    chromium::{Chromium, Tab, until},
    people::{ANN, PASSWORD, send_credentials},
};

#[path = "../../../doorward/examples/server_rendered.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod server_rendered;

#[path = "../../../doorward/examples/spa_and_api.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod spa_and_api;

/// Returns a socket, and the origin that it serves.
async fn origin() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    (listener, origin)
}

/// Opens accounts.
async fn accounts(folder: &TempDir, config: Config) -> Auth {
    let url = format!("sqlite:{}", folder.path().join("app.db").display());
    Auth::open_with(&url, config).await.unwrap()
}

/// Serves an app until the test ends.
fn serve(auth: &Auth, listener: TcpListener, app: Router) {
    tokio::spawn(auth.serve(listener, app).until(std::future::pending()).into_future());
}

/// Logs out, and waits for the page that says so.
async fn log_out(tab: &Tab) {
    tab.click("#log-out").await;
    tab.wait_for_html("autocomplete=\"current-password\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_led_to_the_log_in_and_back_to_their_notes() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, origin) = origin().await;
    let config = Config { public_url: format!("{origin}/auth"), ..Config::default() };
    let auth = accounts(&folder, config).await;
    serve(&auth, listener, server_rendered::app(&auth).unwrap());
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;

    // A new person comes from the public page to their notes.
    tab.open(&origin).await;
    tab.click("a[href^='/auth/register']").await;
    tab.wait_for_html("autocomplete=\"new-password\"").await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.wait_for_html("id=\"add\"").await;
    log_out(&tab).await;

    tab.open(&format!("{origin}/notes")).await;
    tab.wait_for_html("autocomplete=\"current-password\"").await;
    assert_eq!(tab.address().await, format!("{origin}/auth/login?next=%2Fnotes"));
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.wait_for_html("id=\"add\"").await;
    assert_eq!(tab.address().await, format!("{origin}/notes"));
    tab.type_into("input[name=text]", "<b>milk</b>").await;
    tab.click("#add").await;
    tab.wait_for_html("<li>&lt;b&gt;milk&lt;/b&gt;</li>").await;

    log_out(&tab).await;
    tab.open(&format!("{origin}/notes")).await;
    tab.wait_for_html("autocomplete=\"current-password\"").await;
    // The app has no icon. Nothing else is missing, and no policy forbids anything.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("404")), "{complaints:?}");
}

/// Waits until the page says this.
async fn says(tab: &Tab, text: &str) {
    tab.wait_for_text("#said", text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_one_origin_calls_the_api_of_another_and_a_third_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (of_page, page) = origin().await;
    let (of_api, api) = origin().await;
    let (of_third, third) = origin().await;
    let auth = accounts(&folder, spa_and_api::config(Config::default(), &api, &page)).await;
    serve(&auth, of_api, spa_and_api::api(&auth, HeaderValue::from_str(&page).unwrap()));
    // Somebody else serves a page with the same script.
    for listener in [of_page, of_third] {
        tokio::spawn(axum::serve(listener, spa_and_api::page(&api)).into_future());
    }
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&page).await;
    says(&tab, "You are not logged in").await;
    tab.type_into("#email", ANN).await;
    tab.type_into("#password", PASSWORD).await;
    tab.click("#register").await;
    says(&tab, &format!("GET: hello {ANN}")).await;
    tab.click("#post").await;
    says(&tab, &format!("POST: hello {ANN}")).await;
    // The cookie opens the API after a reload too.
    tab.open(&page).await;
    says(&tab, &format!("GET: hello {ANN}")).await;

    let other = chromium.tab().await;
    other.open(&third).await;
    says(&other, "The API does not answer this page").await;
    // Nor does a change without a permission reach anything.
    let send = format!(
        "fetch('{api}/auth/logout', {{ method: 'POST', mode: 'no-cors', credentials: 'include' }})
         .then(() => 'read', () => 'kept away')"
    );
    assert_eq!(other.value(&send).await, "kept away");
    // The record of the traffic may come a moment later.
    let status = until("the answer to the change", async || {
        let posted = other.exchanges().into_iter().find(|exchange| exchange.method == "POST")?;
        posted.status
    });
    assert_eq!(status.await, 403);

    tab.to_front().await;
    tab.open(&page).await;
    says(&tab, &format!("GET: hello {ANN}")).await;
    tab.click("#log-out").await;
    says(&tab, "You are not logged in").await;
}
