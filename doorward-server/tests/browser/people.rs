//! Actions of users on the pages, in a tab.

use crate::{
    chromium::{Chromium, Tab},
    server::Server,
};

pub(crate) const ANN: &str = "ann@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

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
