//! Logging in by a link or a code from a mail, and keeping new recovery codes.

use crate::{
    accessibility::judge,
    chromium::Chromium,
    people::{ANN, PASSWORD, logged_in},
    server::Server,
    walk::phone,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_only_the_browser_that_asked_and_its_code_is_typed_there() {
    let server = Server::with(&[("EMAIL_LOGIN", "true")]);
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    tab.click("a[href='/login/email']").await;
    tab.arrive("/login/email").await;
    judge(&tab, "the page that asks for a mail").await;
    tab.type_into("#email", ANN).await;
    tab.click("button.primary").await;
    tab.arrive("/login/code").await;
    judge(&tab, "the page for the code").await;
    let link = server.mailed_link("/login/link");
    // Another browser is shown where the log-in was begun, and the code.
    let elsewhere = Chromium::launch().await;
    let other = elsewhere.tab().await;
    other.open(&server.url(&link)).await;
    other.wait_for_text("main", "This login was begun in another place: Chrom").await;
    judge(&other, "the link in another browser").await;
    let code = other.value("document.querySelector('.secret code').innerText").await;
    assert!(other.cookies(&server.url("/")).await.is_empty());
    tab.click("button.primary").await;
    tab.wait_for_text("#code-error", "Enter the code from the mail.").await;
    tab.type_into("#code", code.as_str().unwrap()).await;
    tab.click("button.primary").await;
    tab.arrive("/account").await;
    tab.wait_for_text("main", ANN).await;
    assert!(tab.complaints().is_empty(), "{:?}", tab.complaints());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_logs_in_with_one_press_in_the_browser_that_asked() {
    let server = Server::with(&[("EMAIL_LOGIN", "true"), ("PASSWORD_LOGIN", "false")]);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/register")).await;
    tab.type_into("#email", ANN).await;
    tab.click("button.primary").await;
    tab.arrive("/login/code").await;
    let link = server.mailed_link("/login/link");
    tab.open(&server.url(&link)).await;
    tab.wait_for_text("main", ANN).await;
    tab.click("button.primary").await;
    // The link has the language of the mail.
    tab.arrive("/account?lang=en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_recovery_codes_are_left_only_after_the_tick() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = logged_in(&chromium, &server).await;
    tab.open(&server.url("/account/second-factor")).await;
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    let code = phone(&tab).await.generate_current().to_string();
    tab.type_into("#code", &code).await;
    tab.click("button.primary").await;
    tab.element(".codes li").await;
    judge(&tab, "new recovery codes").await;
    // The script shows the button that prints.
    let hidden = tab.value("document.querySelector('.print').hidden").await;
    assert_eq!(hidden, false);
    tab.click("button.primary").await;
    tab.wait_for_text("#kept-error", "Keep the codes first").await;
    tab.click("#kept").await;
    tab.click("button.primary").await;
    tab.wait_for_text("main", "You have 10 recovery codes left.").await;
}
