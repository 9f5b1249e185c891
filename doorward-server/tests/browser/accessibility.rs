//! Checks every page with axe-core (<https://github.com/dequelabs/axe-core>), in both themes and at two widths. Also
//! checks the order of the focus and the width of pages, which axe-core does not.

use std::{io::Read, sync::LazyLock};

use serde_json::Value;

use crate::{
    chromium::{Chromium, Tab},
    cross_site::serve,
    people::{ANN, PASSWORD, PROFILE, logged_in, register_with_profile, send_credentials},
    server::Server,
    walk::{APP, REQUIRED, through_enrolment, through_pages},
};

static AXE: LazyLock<String> = LazyLock::new(|| {
    let mut script = String::new();
    let packed = &include_bytes!("axe/axe.min.js.gz")[..];
    flate2::read::GzDecoder::new(packed).read_to_string(&mut script).unwrap();
    script
});

/// Fails if the page breaks a rule of WCAG 2.2 AA or of good practice.
pub(crate) async fn judge(tab: &Tab, what: &str) {
    for (width, dark) in [(1200, false), (1200, true), (320, false), (320, true)] {
        tab.look(width, dark).await;
        tab.value(&format!("{}; true", *AXE)).await;
        let found = tab
            .value(
                "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((result) => \
                 ({ passes: result.passes.length, violations: result.violations.map((violation) => \
                 violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')) }))",
            )
            .await;
        assert!(found["passes"].as_u64().unwrap() > 10, "{what}: axe looked at little: {found}");
        assert_eq!(found["violations"], Value::Array(Vec::new()), "{what}, {width} px, dark: {dark}");
        let needed = tab.value("document.documentElement.scrollWidth").await;
        assert!(needed.as_i64().unwrap() <= width, "{what} needs {needed} px of {width}");
    }
}

/// Returns the id or the text of the element with the focus.
async fn focused(tab: &Tab) -> String {
    let name = tab.value("document.activeElement.id || document.activeElement.innerText || ''").await;
    name.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible() {
    let server = Server::with_file(PROFILE, &[]);
    register_with_profile(&server);
    server.token(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    for page in
        ["/login", "/login-attempt", "/register", "/login?done=logged-out", "/nothing", "/login?lang=zh"]
    {
        tab.open(&server.url(page)).await;
        judge(&tab, page).await;
    }
    tab.open(&server.url("/login")).await;
    tab.click("button.primary").await;
    judge(&tab, "a form with errors, from the script").await;
    send_credentials(&tab, ANN, "wrong password").await;
    tab.element(".alert").await;
    judge(&tab, "a refused log-in").await;
    tab.open(&server.url("/register")).await;
    tab.type_into("input[id='profile.company']", "Acme").await;
    send_credentials(&tab, ANN, "password1").await;
    tab.wait_for_text("#password-error", "Many people").await;
    judge(&tab, "a form with errors, from the server").await;

    let tab = logged_in(&chromium, &server).await;
    for page in [
        "/account",
        "/account/email",
        "/account/email-undo",
        "/account/password",
        "/account/data",
        "/account/delete",
        "/logout",
        "/undo-email-change/request",
    ] {
        tab.open(&server.url(page)).await;
        judge(&tab, page).await;
    }
    assert_eq!(tab.complaints(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_details_and_the_end_of_a_circle_are_accessible() {
    let app = serve(vec!["<!doctype html><title>app</title>".into()]).await;
    let app = format!("http://127.0.0.1:{app}");
    let server = Server::with_file(PROFILE, &[("NEXT_ORIGINS", &app)]);
    register_with_profile(&server);
    let chromium = Chromium::launch().await;
    let tab = logged_in(&chromium, &server).await;
    tab.open(&server.url("/account/details")).await;
    judge(&tab, "/account/details").await;
    assert_eq!(tab.complaints(), [] as [&str; 0]);
    let next = format!("/login?next={app}/0");
    tab.open(&server.url(&next)).await;
    tab.open(&server.url(&next)).await;
    tab.click("summary").await;
    judge(&tab, "the page for a person whom an app sent back").await;
    tab.open(&server.url("/account/details")).await;
    // Around the checks of the page's script.
    tab.value(
        "document.querySelector('#display_name').value = 'x'.repeat(65); document.querySelectorAll('input[id^=profile]')\
         .forEach((input) => input.value = ''); document.querySelector('main form').submit(); true",
    )
    .await;
    tab.wait_for_text("#display_name-error", "Use at most 64 characters.").await;
    judge(&tab, "details with errors").await;
    tab.value("document.querySelector('#display_name').value = 'x'.repeat(64); true").await;
    tab.type_into("input[id='profile.company']", "Acme").await;
    tab.click("button.primary").await;
    tab.arrive("/account?done=details").await;
    judge(&tab, "the account of a person with a long name").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_for_apps_and_for_the_second_step_are_accessible() {
    let server = Server::with_file(APP, &[]);
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    through_pages(&chromium, &server, (1200, false), async |tab: &Tab, page: &str| judge(tab, page).await)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_first_app_inside_a_log_in_are_accessible() {
    let server = Server::with_file(REQUIRED, &[]);
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let judged = async |tab: &Tab, page: &str| judge(tab, page).await;
    through_enrolment(&chromium, &server, (1200, false), judged).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_asks_for_a_proof_is_accessible_in_every_language() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = logged_in(&chromium, &server).await;
    for language in ["en", "de", "fr", "es", "zh"] {
        let page = format!("/confirm?lang={language}&next=%2Faccount");
        tab.open(&server.url(&page)).await;
        judge(&tab, &page).await;
        assert_eq!(tab.value("document.documentElement.lang").await, language);
    }
    tab.open(&server.url("/confirm?next=%2Faccount%2Fpassword")).await;
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    tab.arrive("/account/password").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_works_with_the_keyboard_alone() {
    let server = Server::start();
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    assert_eq!(focused(&tab).await, "email", "the first field has the cursor");
    // Without input, the first field with an error gets the focus.
    tab.press("Enter").await;
    tab.wait_for_text("#email-error", "Enter your e-mail address.").await;
    assert_eq!(focused(&tab).await, "email");
    tab.element("#email").await.type_str(ANN).await.unwrap();
    tab.press("Tab").await;
    assert_eq!(focused(&tab).await, "password");
    tab.element("#password").await.type_str("wrong password").await.unwrap();
    tab.press("Tab").await;
    tab.press("Enter").await;
    let shown = tab.value("document.querySelector('#password').type").await;
    assert_eq!(shown, "text", "the password is shown by a key");
    tab.press("Tab").await;
    assert_eq!(focused(&tab).await, "Forgot your password?");
    tab.press("Tab").await;
    assert_eq!(focused(&tab).await, "Log in");
    tab.press("Enter").await;
    tab.wait_for_text(".alert", "wrong").await;
    assert_eq!(focused(&tab).await, "password", "what is to be corrected has the cursor");
    tab.element("#password").await.type_str(PASSWORD).await.unwrap();
    tab.press("Enter").await;
    tab.arrive("/account").await;
    // From the top: logging out, and the links to changes.
    for expected in [
        "Log out",
        "Confirm E-mail address",
        "Change E-mail address",
        "Change Password",
        "Change Passkeys",
        "Change Two-step login",
        "Show Trusted browsers",
        "Change Name and details",
        "Download",
        "Show Apps",
        "Delete",
        "Deutsch",
    ] {
        tab.press("Tab").await;
        let focused = focused(&tab).await;
        assert_eq!(focused.split_whitespace().collect::<Vec<_>>().join(" "), expected);
    }
}
