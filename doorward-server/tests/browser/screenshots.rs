//! Makes pictures of every page, for people to look at: `script/screenshots`.

use std::path::Path;

use crate::{
    chromium::Chromium,
    people::{ANN, PASSWORD, send_credentials},
    server::Server,
};

const LOOKS: [(&str, i64, bool); 4] =
    [("light", 1200, false), ("dark", 1200, true), ("phone", 390, false), ("phone-dark", 320, true)];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes pictures and judges nothing"]
async fn pictures_of_every_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../screenshots");
    let server = Server::start();
    server.register(ANN, PASSWORD);
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
        send_credentials(&tab, ANN, "password1").await;
        tab.arrive("/register").await;
        tab.type_into("#password", "a better password").await;
        tab.screenshot_at(&picture("register-wrong")).await;
        tab.open(&server.url("/login?lang=de")).await;
        send_credentials(&tab, ANN, PASSWORD).await;
        tab.arrive("/account?lang=de").await;
        tab.screenshot_at(&picture("account-de")).await;
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
