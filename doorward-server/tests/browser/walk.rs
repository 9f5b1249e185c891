//! A walk through the pages for apps on other hosts and for the second step. `look` sees each of them.

use totp_rs::{Builder, Secret, Totp};

use crate::{
    chromium::{Chromium, Tab},
    people::{ANN, PASSWORD, logged_in, send_credentials},
    server::Server,
};

/// The file of a server with one app.
pub(crate) const APP: &str = r#"
[[client]]
id = "wiki"
name = "The wiki"
secret = "the secret of the wiki, 32 or more"
redirect_uris = ["https://wiki.example.org/callback"]
scopes = ["openid", "profile", "email", "groups", "offline_access"]
"#;

/// The request of the app for a code.
const REQUEST: &str = "/oauth/authorize?response_type=code&client_id=wiki&redirect_uri=https%3A%2F%2Fwiki.example.org%2Fcallback\
                       &scope=openid+profile+email+groups+offline_access&state=a&code_challenge_method=S256\
                       &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Visits every page in a tab in which Ann is logged in. In the end she has an authenticator app, and trusts this
/// browser.
pub(crate) async fn through_pages(
    chromium: &Chromium,
    server: &Server,
    (width, dark): (i64, bool),
    mut look: impl AsyncFnMut(&Tab, &str),
) {
    let tab = logged_in(chromium, server).await;
    tab.look(width, dark).await;
    for (name, more) in [
        ("consent", ""),
        ("choose", "&prompt=select_account"),
        ("confirm", "&prompt=login"),
        ("refused", "&client_id=x"),
    ] {
        tab.open(&server.url(&format!("{REQUEST}{more}"))).await;
        look(&tab, name).await;
    }
    for (name, page) in [
        ("apps", "/account/apps"),
        ("log-out-of-app", "/oauth/logout"),
        ("prove", "/confirm?next=%2Faccount"),
        ("trusted-none", "/account/trusted-browsers"),
        ("factor", "/account/second-factor"),
    ] {
        tab.open(&server.url(page)).await;
        look(&tab, name).await;
    }
    tab.type_into("#password", PASSWORD).await;
    tab.click("button.primary").await;
    let phone = phone(&tab).await;
    look(&tab, "factor-new").await;
    tab.type_into("#code", "000000").await;
    tab.click("button.primary").await;
    tab.element("[aria-invalid='true']").await;
    look(&tab, "factor-wrong").await;
    tab.type_into("#code", &phone.generate_current().to_string()).await;
    tab.click("button.primary").await;
    let code = tab.element(".codes code").await.inner_text().await.unwrap().unwrap();
    look(&tab, "recovery-codes").await;
    for (name, page) in [
        ("prove-code", "/confirm"),
        ("prove-recovery", "/confirm?with=recovery_code"),
        ("confirm-code", &*format!("{REQUEST}&prompt=login")),
    ] {
        tab.open(&server.url(page)).await;
        look(&tab, name).await;
    }
    tab.open(&server.url("/confirm")).await;
    tab.type_into("#code", "000000").await;
    tab.click("button.primary").await;
    tab.element("[aria-invalid='true']").await;
    look(&tab, "prove-wrong").await;
    tab.open(&server.url("/account/second-factor")).await;
    look(&tab, "factor-there").await;
    tab.open(&server.url("/logout")).await;
    tab.click("button.primary").await;
    tab.arrive("done=logged-out").await;
    tab.open(&server.url("/login")).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.element("#code").await;
    look(&tab, "second-step").await;
    tab.type_into("#code", "000000").await;
    tab.click("button.primary").await;
    tab.element("[aria-invalid='true']").await;
    look(&tab, "second-step-wrong").await;
    tab.click(".beside a").await;
    tab.arrive("with=recovery_code").await;
    look(&tab, "second-step-recovery").await;
    tab.click("input[name='trust_browser']").await;
    tab.type_into("#code", &code).await;
    tab.click("button.primary").await;
    tab.arrive("/account").await;
    look(&tab, "account-with-factor").await;
    tab.open(&server.url("/account/trusted-browsers")).await;
    tab.element("time").await;
    look(&tab, "trusted").await;
}

/// The file of a server whose users must have a second factor.
pub(crate) const REQUIRED: &str = "second_factor = \"required\"\n";

/// Leads Ann from the password to her first authenticator app, and into her account.
pub(crate) async fn through_enrolment(
    chromium: &Chromium,
    server: &Server,
    (width, dark): (i64, bool),
    mut look: impl AsyncFnMut(&Tab, &str),
) {
    let tab = chromium.tab().await;
    tab.look(width, dark).await;
    tab.open(&server.url("/login?next=%2Faccount%2Fpassword")).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.arrive("/login/enroll?next=%2Faccount%2Fpassword").await;
    look(&tab, "enroll").await;
    tab.click("button.primary").await;
    let phone = phone(&tab).await;
    look(&tab, "enroll-new").await;
    tab.type_into("#code", &phone.generate_current().to_string()).await;
    tab.click("button.primary").await;
    tab.element(".codes").await;
    look(&tab, "enroll-codes").await;
    tab.click(".tick input").await;
    tab.click("button.primary").await;
    tab.arrive("/account/password").await;
}

/// The app that has scanned the code on the page.
pub(crate) async fn phone(tab: &Tab) -> Totp {
    let secret = tab.element(".secret code").await.inner_text().await.unwrap().unwrap();
    let secret: String = secret.split_whitespace().collect();
    Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build().unwrap()
}
