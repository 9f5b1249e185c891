//! The page `/verify-email`, and asking for its mail.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, PASSWORD},
    mail::mailbox::with_mail,
    visitor::{filled, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn an_address_is_verified_by_the_button_behind_the_link_or_by_code() {
    for by_code in [false, true] {
        let app = App::with(Config { require_verified_email: Some(true), ..with_mail() }).await;
        let mut browser = visitor(&app);
        let page = browser.form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
        assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("code")));
        let answer = browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.text.contains("Confirm your e-mail address first")
                && answer.text.contains("Send another mail")
        );
        // Only the newest mail counts.
        app.mails().await;
        browser.form("/auth/verify-email/request", &[("email", ANN)]).await;
        let mail = app.newest_mail(ANN).await;
        let (token, code) = (mail.token("verify-email"), mail.code());
        let page = browser.get(&format!("/auth/verify-email?token={token}")).await;
        assert_eq!(filled(&page, "token").as_deref(), Some(&*token));
        let fields = if by_code { vec![("email", ANN), ("code", &*code)] } else { vec![("token", &*token)] };
        assert_eq!(leads_to(&browser.form("/auth/verify-email", &fields).await), "/auth/login?done=verified");
        let answer = browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
        assert_eq!(leads_to(&answer), "/auth/account");
        assert!(browser.get("/auth/account").await.text.contains("<span class=\"badge\">Verified</span>"));
        // With a session, the account page shows the message.
        assert_eq!(leads_to(&browser.get("/auth/login?done=verified").await), "/auth/account?done=verified");
    }
}

#[tokio::test]
async fn a_button_on_the_account_page_sends_the_mail() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    assert!(ann.get("/auth/account").await.text.contains("account&#x2f;verify-email"));
    app.mails().await;
    assert_eq!(
        leads_to(&ann.form("/auth/account/verify-email", &[]).await),
        "/auth/account?done=verify-email"
    );
    let token = app.newest_mail(ANN).await.token("verify-email");
    leads_to(&ann.form("/auth/verify-email", &[("token", &token)]).await);
    assert!(!ann.get("/auth/account").await.text.contains("account&#x2f;verify-email"));
}

#[tokio::test]
async fn the_form_behind_a_link_works_in_a_browser_that_sends_only_the_origin() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let token = app.newest_mail(ANN).await.token("verify-email");
    let mut old = app.anonymous().header("accept", "text/html");
    let page = old.get(&format!("/auth/verify-email?token={token}")).await;
    // With this policy browsers send the origin with a form. With `no-referrer` they do not.
    assert_eq!(page.headers["referrer-policy"], "strict-origin");
    let mut old = old.header("origin", "http://localhost:8000");
    assert_eq!(
        leads_to(&old.form("/auth/verify-email", &[("token", &token)]).await),
        "/auth/login?done=verified"
    );
}
