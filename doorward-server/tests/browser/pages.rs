//! The pages as people use them: with and without scripts, in several tabs and browsers, and with the back button.

use crate::{
    chromium::{Chromium, Tab, until},
    people::{ANN, PASSWORD, logged_in, send_credentials},
    server::Server,
};

const OTHER: &str = "another good password entirely";

/// Waits until this tab shows the log-in in place of the account.
async fn is_logged_out(tab: &Tab, server: &Server) -> bool {
    tab.open(&server.url("/account")).await;
    tab.address().await.starts_with(&server.url("/login"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_registers_logs_out_and_logs_in() {
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/")).await;
    tab.arrive("/login").await;
    tab.click("a[href='/register']").await;
    tab.arrive("/register").await;
    // The hints of the script while the user types.
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
    // The back button shows the account neither from the memory of the browser nor from the server.
    tab.go_back().await;
    let page = until("the log-in in place of the account", async || {
        tab.html()
            .await
            .filter(|html| html.contains("No account yet?") && !html.contains("You are logged out."))
    });
    assert!(!page.await.contains("This device"));

    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    send_credentials(&tab, ANN, "wrong password").await;
    tab.wait_for_text(".alert", "The e-mail address or the password is wrong.").await;
    assert_eq!(tab.value("document.querySelector('#email').value").await, ANN, "the page keeps the input");
    assert_eq!(tab.value("document.querySelector('#password').value").await, "");
    tab.type_into("#password", "short and then long enough").await;
    tab.click("button.primary").await;
    tab.arrive("/account").await;
    // Nothing broke the content security policy. The log has the 401 of the wrong password.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("401")), "{complaints:?}");
    let foreign = tab.exchanges().into_iter().find(|exchange| !exchange.url.starts_with(&server.url("/")));
    assert!(foreign.is_none(), "the pages asked another host: {foreign:?}");
}

/// Fills in the form from the field with the focus on, and sends it, with keys alone.
async fn fill_in(tab: &Tab, values: &[&str]) {
    tab.element("input:focus").await;
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            tab.press("Tab").await;
        }
        tab.insert(value).await;
    }
    tab.press("Enter").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_without_scripts_and_without_a_mouse() {
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.without_scripts().await;
    tab.open(&server.url("/register")).await;
    let page = tab.wait_for_html("reveal").await;
    assert!(page.contains("aria-pressed=\"false\" hidden"), "a button without a function is shown");
    fill_in(&tab, &[ANN, "password1"]).await;
    // The focus is on the field to correct.
    tab.wait_for_html("Many people use this password.").await;
    fill_in(&tab, &[PASSWORD]).await;
    tab.wait_for_html("This device").await;

    tab.open(&server.url("/account/password")).await;
    fill_in(&tab, &[PASSWORD, OTHER]).await;
    tab.wait_for_html("Your password is changed").await;

    tab.open(&server.url("/account/details")).await;
    fill_in(&tab, &["Ann <Example>"]).await;
    let account = tab.wait_for_html("Your name and details are saved.").await;
    assert!(account.contains("Hello, Ann &lt;Example&gt;"), "{account}");

    tab.open(&server.url("/account/delete")).await;
    fill_in(&tab, &[OTHER]).await;
    tab.wait_for_html("Your account is deleted.").await;
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

    // Also with the button.
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
    second.to_front().await;
    second.open(&server.url("/login")).await;
    second.arrive("/account").await;
    // A form that was open before the log-out does nothing afterwards.
    first.open(&server.url("/account/delete")).await;
    second.click(".head button").await;
    second.arrive("/login?done=logged-out").await;
    first.to_front().await;
    first.type_into("#password", PASSWORD).await;
    first.click("button.primary").await;
    first.arrive("/login?next=%2Faccount%2Fdelete").await;
    assert_eq!(server.token(ANN, PASSWORD), 200);
    // A log-in as another user in one tab counts for both.
    second.to_front().await;
    send_credentials(&second, "bob@example.org", PASSWORD).await;
    second.arrive("/account").await;
    first.open(&server.url("/account")).await;
    first.wait_for_text("main", "bob@example.org").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_downloads_their_data_as_a_file() {
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
async fn script_in_user_input_never_runs() {
    let server = Server::start();
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    for bad in [
        "x'><img src=q onerror=alert(1)><svg onload=alert(1)>",
        "\"><script>alert(1)</script>",
        "{{constructor.constructor('alert(1)')()}}",
    ] {
        tab.open(&server.url("/login?next=javascript:alert(1)")).await;
        // Around the checks of the page's script.
        tab.value(&format!(
            "document.forms[0].email.value = {}; document.forms[0].submit(); true",
            serde_json::json!(bad)
        ))
        .await;
        tab.wait_for_text("#email-error", "Enter an address").await;
        let shown = tab.value("document.querySelector('#email').value").await;
        assert_eq!(shown, bad, "shown as it was sent, and as nothing else");
        assert_eq!(
            tab.value("document.querySelectorAll('main img, main script, main svg[onload]').length").await,
            0
        );
    }
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("422")), "{complaints:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_lets_an_owner_log_in_while_strangers_guess() {
    let server = Server::with(&[("LIMIT_FIRST_DELAY", "10m")]);
    server.register(ANN, PASSWORD);
    let verify = server.mailed_link("/verify-email?");
    let token = verify.split("token=").nth(1).unwrap();
    assert_eq!(server.post_json("/verify-email", &serde_json::json!({ "token": token })).0, 204);
    while server.token(ANN, "wrong password") != 429 {}

    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.wait_for_text(".alert", "too many attempts").await;
    tab.click(".lead a").await;
    tab.arrive("/login-attempt").await;
    tab.type_into("#email", ANN).await;
    tab.click("button.primary").await;
    tab.wait_for_text(".done", "a mail is on its way").await;

    let link = server.mailed_link("/login?");
    tab.open(&server.url(&link)).await;
    assert_eq!(tab.value("document.querySelector('#email').value").await, ANN);
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    tab.arrive("/account?lang=en").await;
    // The browser is known from now on, and the link is used up.
    tab.open(&server.url("/logout")).await;
    tab.click("button.primary").await;
    tab.arrive("done=logged-out").await;
    tab.open(&server.url(&link)).await;
    tab.wait_for_text("h1", "This link does not work").await;
    tab.open(&server.url("/login")).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.arrive("/account").await;
}
