//! Makes pictures of every page, for people to look at: `script/screenshots`.

use std::path::Path;

use crate::{
    chromium::{Chromium, Tab},
    cross_site::serve,
    people::{ANN, PASSWORD, PROFILE, register_with_profile, send_credentials},
    server::Server,
    walk::{APP, REQUIRED, through_enrolment, through_pages},
};

const LOOKS: [(&str, i64, bool); 4] =
    [("light", 1200, false), ("dark", 1200, true), ("phone", 390, false), ("phone-dark", 320, true)];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes pictures and judges nothing"]
async fn pictures_of_every_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../screenshots");
    let app = serve(vec!["<!doctype html><title>app</title>".into()]).await;
    let app = format!("http://127.0.0.1:{app}");
    let server = Server::with_file(PROFILE, &[("NEXT_ORIGINS", &app)]);
    register_with_profile(&server);
    server.token(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    for (look, width, dark) in LOOKS {
        let picture = |name: &str| folder.join(format!("{name}-{look}.png"));
        let tab = chromium.tab().await;
        tab.look(width, dark).await;
        for page in ["login", "register", "nothing", "login-attempt", "forgot-password", "verify-email"] {
            tab.open(&server.url(&format!("/{page}"))).await;
            tab.screenshot_at(&picture(page)).await;
        }
        tab.open(&server.url("/forgot-password")).await;
        tab.type_into("#email", "bob@example.org").await;
        tab.click("button.primary").await;
        tab.element("#code").await;
        tab.screenshot_at(&picture("reset-password")).await;
        tab.open(&server.url("/login")).await;
        tab.click("button.primary").await;
        tab.screenshot_at(&picture("login-missing")).await;
        send_credentials(&tab, ANN, "wrong password").await;
        tab.element(".alert").await;
        tab.screenshot_at(&picture("login-wrong")).await;
        tab.open(&server.url("/register")).await;
        tab.type_into("input[id='profile.company']", "Acme").await;
        send_credentials(&tab, ANN, "password1").await;
        tab.arrive("/register").await;
        tab.type_into("#password", "a better password").await;
        tab.screenshot_at(&picture("register-wrong")).await;
        tab.open(&server.url("/login?lang=de")).await;
        send_credentials(&tab, ANN, PASSWORD).await;
        tab.arrive("/account?lang=de").await;
        tab.screenshot_at(&picture("account-de")).await;
        for language in ["en", "de", "fr", "es", "zh"] {
            let next = format!("/login?lang={language}&next={app}/0");
            tab.open(&server.url(&next)).await;
            tab.open(&server.url(&next)).await;
            tab.click("summary").await;
            tab.screenshot_at(&picture(&format!("sent-back-{language}"))).await;
        }
        tab.open(&server.url("/account/details")).await;
        tab.screenshot_at(&picture("details")).await;
        tab.value(
            "document.querySelector('#display_name').value = 'x'.repeat(65); \
             document.querySelectorAll('input[id^=profile]').forEach((input) => input.value = ''); \
             document.querySelector('main form').submit(); true",
        )
        .await;
        tab.element("[aria-invalid='true']").await;
        tab.screenshot_at(&picture("details-wrong")).await;
        tab.open(&server.url("/account/details?lang=de")).await;
        tab.value("document.querySelector('#display_name').value = 'Ann Example'; true").await;
        tab.click("button.primary").await;
        tab.arrive("done=details").await;
        tab.screenshot_at(&picture("details-saved")).await;
        for (name, path) in [
            ("account", "account?done=password"),
            ("email", "account/email"),
            ("email-undo", "account/email-undo"),
            ("password", "account/password"),
            ("data", "account/data"),
            ("delete", "account/delete"),
            ("logout", "logout?lang=zh"),
        ] {
            tab.open(&server.url(&format!("/{path}"))).await;
            tab.screenshot_at(&picture(name)).await;
        }
        tab.click("button.primary").await;
        tab.arrive("done=logged-out").await;
        tab.screenshot_at(&picture("logged-out")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes pictures and judges nothing"]
async fn pictures_of_the_pages_for_apps_and_for_the_second_step() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../screenshots");
    let chromium = Chromium::launch().await;
    for (look, width, dark) in LOOKS {
        let server = Server::with_file(APP, &[]);
        server.register(ANN, PASSWORD);
        let folder = folder.clone();
        through_pages(&chromium, &server, (width, dark), async |tab: &Tab, page: &str| {
            tab.screenshot_at(&folder.join(format!("{page}-{look}.png"))).await;
        })
        .await;
        let server = Server::with_file(REQUIRED, &[]);
        server.register(ANN, PASSWORD);
        through_enrolment(&chromium, &server, (width, dark), async |tab: &Tab, page: &str| {
            tab.screenshot_at(&folder.join(format!("{page}-{look}.png"))).await;
        })
        .await;
    }
}
