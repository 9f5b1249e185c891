//! Passkeys in a real browser, with a device that Chromium simulates.

use crate::{
    chromium::{Chromium, Device, Tab, until},
    people::{ANN, PASSWORD, logged_in},
    server::Server,
};

const BUTTON: &str = "form[data-passkey] button";

/// Ann in a tab whose device keeps a passkey of hers. She is on the list of them.
async fn with_passkey(chromium: &Chromium, server: &Server) -> (Tab, Device) {
    server.register(ANN, PASSWORD);
    let tab = logged_in(chromium, server).await;
    let device = tab.device().await;
    tab.open(&server.url("/account/passkeys")).await;
    tab.click(BUTTON).await;
    tab.arrive("done=passkey").await;
    assert_eq!(device.passkeys().await, 1);
    (tab, device)
}

/// The session cookie of a tab.
async fn session(tab: &Tab, server: &Server) -> Option<String> {
    let cookies = tab.cookies(&server.url("/")).await;
    cookies.into_iter().find(|cookie| cookie.name == "doorward").map(|cookie| cookie.value)
}

/// Logs out. The page of the log-in comes next.
async fn log_out(tab: &Tab, server: &Server) {
    tab.open(&server.url("/account")).await;
    tab.click(".head form button").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_once_for_each_device_and_removed_there_too() {
    let (server, chromium) = (Server::start(), Chromium::launch().await);
    let (tab, device) = with_passkey(&chromium, &server).await;
    tab.wait_for_text("main", "On one device only").await;
    tab.click(BUTTON).await;
    tab.wait_for_text("form[data-passkey]", "This device has one already.").await;
    assert_eq!(device.passkeys().await, 1);
    tab.click("details summary").await;
    tab.click("details .grave-link").await;
    tab.arrive("done=passkey-removed").await;
    // The page tells the password manager.
    until("the device to forget the passkey", async || (device.passkeys().await == 0).then_some(())).await;
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_in_page_offers_the_passkey_by_itself_in_two_tabs() {
    let (server, chromium) = (Server::start(), Chromium::launch().await);
    let (tab, _device) = with_passkey(&chromium, &server).await;
    let session = session(&tab, &server).await;
    log_out(&tab, &server).await;
    // The simulated device answers what the field of the address offers.
    until("a log-in with the passkey", async || {
        self::session(&tab, &server).await.filter(|new| Some(new) != session.as_ref())
    })
    .await;
    let other = chromium.tab().await;
    let _other_device = other.device().await;
    other.open(&server.url("/login?next=%2Faccount%2Fdata")).await;
    other.arrive("/account/data").await;
    assert_eq!(tab.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_for_a_change_is_a_passkey_too() {
    let (server, chromium) = (Server::start(), Chromium::launch().await);
    let (tab, _device) = with_passkey(&chromium, &server).await;
    tab.open(&server.url("/confirm?next=%2Faccount%2Fpasskeys")).await;
    tab.click(BUTTON).await;
    tab.arrive("/account/passkeys").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_there_is_no_button_and_the_password_stays() {
    let (server, chromium) = (Server::start(), Chromium::launch().await);
    let tab = chromium.tab().await;
    tab.without_scripts().await;
    tab.open(&server.url("/login?lang=es")).await;
    let html = tab.wait_for_html("Entrar con una llave de acceso").await;
    assert!(html.contains("data-passkey=\"get\"") && html.contains("hidden"), "{html}");
    assert!(html.contains("id=\"password\""), "{html}");
}
