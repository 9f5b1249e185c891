//! Actions of users on the pages, in a tab.

use crate::{
    chromium::{Chromium, Tab},
    server::Server,
};

pub(crate) const ANN: &str = "ann@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Settings with a field of each kind that a profile can have.
pub(crate) const PROFILE: &str = r#"
[[profile]]
name = "company"
required = true
maximum = 40
label = { en = "Company", de = "Firma" }

[[profile]]
name = "seats"
type = "number"
label = { en = "Seats", de = "Plätze" }

[[profile]]
name = "news"
type = "boolean"
label = { en = "Send me the newsletter", de = "Den Rundbrief senden" }
"#;

/// Registers Ann at a server with [`PROFILE`].
pub(crate) fn register_with_profile(server: &Server) {
    let profile = serde_json::json!({ "company": "Acme", "seats": 12, "news": true });
    let body = serde_json::json!({ "email": ANN, "password": PASSWORD, "profile": profile });
    assert_eq!(server.post_json("/register", &body).0, 201);
}

/// Fills in the form for an account or a log-in, and sends it.
pub(crate) async fn send_credentials(tab: &Tab, email: &str, password: &str) {
    tab.type_into("#email", email).await;
    tab.type_into("#password", password).await;
    tab.click("button.primary").await;
}

/// Opens a tab in which Ann is logged in, on her account.
pub(crate) async fn logged_in(chromium: &Chromium, server: &Server) -> Tab {
    let tab = chromium.tab().await;
    tab.open(&server.url("/login")).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.arrive("/account").await;
    tab
}
