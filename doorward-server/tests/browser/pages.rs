//! The pages as people use them: with and without scripts, in several tabs and browsers, and with the back button.

use crate::{
    chromium::{Chromium, Tab, until},
    people::{ANN, PASSWORD, logged_in, send_credentials},
    server::Server,
};

const OTHER: &str = "another good password entirely";

/// Wait until this tab is asked to log in when it wants to see the account.
async fn is_logged_out(tab: &Tab, server: &Server) -> bool {
    tab.open(&server.url("/account")).await;
    tab.address().await.starts_with(&server.url("/login"))
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_logs_out_and_logs_in() {
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/")).await;
    tab.arrive("/login").await;
    tab.click("a[href='/register']").await;
    tab.arrive("/register").await;
    // What the script says while one types.
    tab.type_into("#password", "short").await;
    assert_eq!(tab.value("document.querySelector('.strength').dataset.score").await, "1");
    tab.click("button.primary").await;
    tab.wait_for_text("#email-error", "Enter your e-mail address.").await;
    tab.wait_for_text("#password-error", "Use at least 8 characters.").await;
    tab.type_into("#password", " and then long enough").await;
    assert_eq!(tab.value("document.querySelector('.strength').dataset.score").await, "4");
    tab.type_into("#email", ANN).await;
    tab.click("button.primary").await;
    tab.arrive("/account").await;
    tab.wait_for_text("main", ANN).await;
    tab.wait_for_text("main", "This device").await;

    tab.click(".head button").await;
    tab.arrive("/login?done=logged-out").await;
    // Neither from the memory of the browser nor from the server.
    tab.go_back().await;
    tab.arrive("/login").await;
    assert!(!tab.value("document.body.innerText").await.as_str().unwrap().contains(ANN));

    send_credentials(&tab, ANN, "wrong password").await;
    tab.wait_for_text(".alert", "The e-mail address or the password is wrong.").await;
    assert_eq!(tab.value("document.querySelector('#email').value").await, ANN, "what was typed is kept");
    assert_eq!(tab.value("document.querySelector('#password').value").await, "");
    tab.type_into("#password", "short and then long enough").await;
    tab.click("button.primary").await;
    tab.arrive("/account").await;
    // Nothing broke the content security policy. The wrong password is in the log as an answer of 401.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("401")), "{complaints:?}");
    let foreign = tab.exchanges().into_iter().find(|exchange| !exchange.url.starts_with(&server.url("/")));
    assert!(foreign.is_none(), "the pages asked another host: {foreign:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_without_scripts() {
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.without_scripts().await;
    tab.open(&server.url("/register")).await;
    send_credentials(&tab, ANN, "password1").await;
    tab.wait_for_text("#password-error", "Many people use this password.").await;
    let reveal = tab.element(".reveal").await;
    assert!(reveal.inner_html().await.unwrap().is_some());
    assert!(reveal.bounding_box().await.is_err(), "a button that does nothing is not shown");
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    tab.wait_for_text("main", "This device").await;

    tab.open(&server.url("/account/password")).await;
    tab.type_into("#password", PASSWORD).await;
    tab.type_into("#new_password", OTHER).await;
    tab.click("button.primary").await;
    tab.wait_for_text(".done", "Your password is changed").await;

    tab.open(&server.url("/account/delete")).await;
    tab.type_into("#password", OTHER).await;
    tab.click("button.primary").await;
    tab.wait_for_text(".done", "Your account is deleted.").await;
    assert_eq!(server.token(ANN, OTHER), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_session_of_another_browser() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    let (here, elsewhere) = (Chromium::launch().await, Chromium::launch().await);
    let (tab, other) = (logged_in(&here, &server).await, logged_in(&elsewhere, &server).await);
    tab.open(&server.url("/account/password")).await;
    tab.type_into("#password", PASSWORD).await;
    tab.type_into("#new_password", OTHER).await;
    tab.click("button.primary").await;
    tab.arrive("/account?done=password").await;
    assert!(is_logged_out(&other, &server).await);
    assert!(!is_logged_out(&tab, &server).await);

    // And by hand.
    send_credentials(&other, ANN, OTHER).await;
    other.arrive("/account").await;
    tab.open(&server.url("/account")).await;
    tab.click("form[action='/account/sessions'] button").await;
    tab.arrive("/account?done=sessions").await;
    assert!(is_logged_out(&other, &server).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_share_one_session() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    server.register("bob@example.org", PASSWORD);
    let chromium = Chromium::launch().await;
    let first = logged_in(&chromium, &server).await;
    let second = chromium.tab().await;
    second.open(&server.url("/login")).await;
    second.arrive("/account").await;
    // A form that was open before somebody logged out does nothing afterwards.
    first.open(&server.url("/account/delete")).await;
    second.click(".head button").await;
    second.arrive("/login?done=logged-out").await;
    first.type_into("#password", PASSWORD).await;
    first.click("button.primary").await;
    first.arrive("/login?next=%2Faccount%2Fdelete").await;
    assert_eq!(server.token(ANN, PASSWORD), 200);
    // Another user in one tab is the user of both.
    send_credentials(&second, "bob@example.org", PASSWORD).await;
    second.arrive("/account").await;
    first.open(&server.url("/account")).await;
    first.wait_for_text("main", "bob@example.org").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_data_comes_as_a_file() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = logged_in(&chromium, &server).await;
    let file = server.url("/account/data");
    tab.open(&file).await;
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    let posted = until("the file", async || {
        tab.exchanges()
            .into_iter()
            .find(|exchange| exchange.method == "POST" && exchange.url == file && exchange.is_complete())
    });
    assert_eq!(posted.await.status, Some(200));
    assert_eq!(tab.address().await, file, "the page stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_send_never_runs() {
    const BAD: &str = "x'><img src=q onerror=alert(1)><svg onload=alert(1)>";
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    tab.value("window.ran = false; true").await;
    for field in [BAD, "\"><script>alert(1)</script>", "{{constructor.constructor('alert(1)')()}}"] {
        tab.without_scripts().await;
        tab.open(&server.url("/login")).await;
        send_credentials(&tab, field, PASSWORD).await;
        tab.wait_for_text("#email-error", "Enter an address").await;
        let shown = tab.element("#email").await.attribute("value").await.unwrap();
        assert_eq!(shown.as_deref(), Some(field), "shown as it was typed, and as nothing else");
        assert!(tab.element("main").await.find_elements("img, script").await.unwrap().is_empty());
    }
}
