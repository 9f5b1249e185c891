//! `/docs`: users log in and call the API there, and no other host gets a request.

use crate::{
    chromium::{Chromium, Tab, until},
    people::send_credentials,
    server::Server,
    walk::REQUIRED,
};

const EMAIL: &str = "ann@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// Sends the form behind "Authorize".
async fn send_password(tab: &Tab) {
    tab.click(".swagger-ui .auth-wrapper button.authorize").await;
    tab.type_into("#oauth_username", EMAIL).await;
    tab.type_into("#oauth_password", PASSWORD).await;
    tab.click(".auth-container:has(#oauth_password) button.authorize").await;
}

/// Logs in with the form behind "Authorize".
async fn authorize(tab: &Tab) {
    send_password(tab).await;
    // The form is gone, and with it the password.
    tab.wait_for_text(".dialog-ux .modal-ux", "Logout").await;
    tab.click(".dialog-ux .btn-done").await;
}

/// Calls `GET /me` and checks the answer.
async fn ask_who_i_am(tab: &Tab) {
    const ME: &str = ".opblock-get:has([data-path='/me'])";
    tab.click(&format!("{ME} .opblock-summary-control")).await;
    tab.click(&format!("{ME} .try-out__btn")).await;
    tab.click(&format!("{ME} button.execute")).await;
    tab.wait_for_text(&format!("{ME} .live-responses-table"), EMAIL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_docs_show_why_the_password_alone_is_not_enough() {
    let server = Server::with_file(REQUIRED, &[]);
    server.register(EMAIL, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/docs")).await;
    tab.element(".opblock-get").await;
    send_password(&tab).await;
    tab.wait_for_text(".dialog-ux .modal-ux", "A second factor is needed, and this account has none").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_authorizes_in_the_docs_and_reads_their_account() {
    let server = Server::start();
    server.register(EMAIL, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;

    tab.open(&server.url("/docs")).await;
    tab.element(".opblock-get").await;
    tab.screenshot("docs.png").await;
    authorize(&tab).await;
    ask_who_i_am(&tab).await;
    tab.screenshot("docs-me.png").await;

    // The policy is in force, and the log shows it: inline styles are refused. This is the last entry of the log and
    // the last request, so all others have been seen.
    assert_eq!(tab.complaints(), [] as [&str; 0]);
    tab.value(
        "document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' })) ?? true",
    )
    .await;
    let complaints = until("a violation in the log", async || {
        Some(tab.complaints()).filter(|complaints| !complaints.is_empty())
    })
    .await;
    assert!(complaints.len() == 1 && complaints[0].contains("style-src 'self'"), "{complaints:?}");

    tab.value("fetch('healthz?last').then(() => true)").await;
    let exchanges = until("the last request", async || {
        Some(tab.exchanges()).filter(|all| all.iter().any(|exchange| exchange.url.ends_with("?last")))
    })
    .await;
    for path in ["/docs", "/openapi.json", "/token", "/me"] {
        assert!(exchanges.iter().any(|exchange| exchange.url == server.url(path)), "{path} in {exchanges:?}");
    }
    for exchange in exchanges {
        let own = exchange.url.starts_with(&server.url("/")) || exchange.url.starts_with("data:");
        assert!(own, "the page asked another host: {exchange:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_is_not_sent_along_with_the_token() {
    let server = Server::start();
    server.register(EMAIL, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/docs")).await;
    let log_in = format!(
        "fetch('login', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
         body: JSON.stringify({{ email: '{EMAIL}', password: '{PASSWORD}' }}) }}).then((answer) => answer.ok)"
    );
    assert_eq!(tab.value(&log_in).await, true);
    assert!(tab.cookies(&server.url("/")).await.iter().any(|cookie| cookie.name == "doorward"));

    // The server refuses a request with two credentials, so this one has only one.
    authorize(&tab).await;
    ask_who_i_am(&tab).await;
}

/// A file with the app that the documentation is.
const WITH_DOCS: &str = r#"
[[client]]
id = "docs"
name = "The documentation"
public = true
redirect_uris = ["http://localhost/docs/oauth2-redirect.html"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_user_lets_the_docs_in_like_an_app() {
    const APP: &str = ".auth-container:has(#client_id_authorizationCode)";
    const USERINFO: &str = ".opblock-get:has([data-path='/oauth/userinfo'])";
    let server = Server::with_file(WITH_DOCS, &[]);
    server.register(EMAIL, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/docs")).await;
    tab.click(".swagger-ui .auth-wrapper button.authorize").await;
    // Both ways stand beside each other, and the app is filled in.
    tab.element("#oauth_password").await;
    tab.element(APP).await;
    let client = tab.value("document.querySelector('#client_id_authorizationCode').value").await;
    assert_eq!(client, "docs");
    tab.screenshot("docs-authorize.png").await;
    tab.click(&format!("{APP} button.authorize")).await;

    // The person logs in and allows it, in a window of its own.
    let window = chromium.window(&server.url("/login")).await;
    send_credentials(&window, EMAIL, PASSWORD).await;
    window.wait_for_text("h1", "The documentation").await;
    window.wait_for_text("form", "Allow").await;
    window.click("button.primary").await;
    tab.wait_for_text(".dialog-ux .modal-ux", "Logout").await;
    tab.click(".dialog-ux .btn-done").await;

    // The token is one of an app. It opens what apps may see.
    tab.click(&format!("{USERINFO} .opblock-summary-control")).await;
    tab.click(&format!("{USERINFO} .try-out__btn")).await;
    tab.click(&format!("{USERINFO} button.execute")).await;
    tab.wait_for_text(&format!("{USERINFO} .live-responses-table"), EMAIL).await;
    assert_eq!(tab.complaints(), [] as [&str; 0]);
    let asked = tab.exchanges();
    for exchange in &asked {
        let own = exchange.url.starts_with(&server.url("/")) || exchange.url.starts_with("data:");
        assert!(own, "the page asked another host: {exchange:?}");
    }
    assert!(asked.iter().any(|exchange| exchange.url == server.url("/oauth/token")), "{asked:?}");
}
