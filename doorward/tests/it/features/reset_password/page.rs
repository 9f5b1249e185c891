//! The pages `/forgot-password` and `/reset-password`.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, NEW_PASSWORD},
    mail::mailbox::with_mail,
    visitor::{error_of, filled, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_link_or_by_code() {
    for by_code in [false, true] {
        let app = App::with(with_mail()).await;
        app.register(ANN).await;
        // Mails of the same moment arrive in any order, so earlier ones are sent first.
        app.mails().await;
        let mut session = visitor_of(&app, ANN).await;
        let mut browser = visitor(&app);
        assert!(browser.get("/auth/login").await.text.contains("Forgot your password?"));
        assert_eq!(focus(&browser.get("/auth/forgot-password").await), Some("email"));
        let sent = browser.form("/auth/forgot-password", &[("email", ANN)]).await;
        assert_eq!((sent.status, focus(&sent)), (StatusCode::OK, Some("code")));
        assert!(sent.text.contains("If there is an account with this address"));
        assert_eq!(filled(&sent, "email").as_deref(), Some(ANN));
        let mail = app.newest_mail(ANN).await;
        let (token, code) = (mail.token("reset-password"), mail.code());
        let proof = if by_code {
            let wrong = [("email", ANN), ("code", "AAAA-AAAA"), ("new_password", NEW_PASSWORD)];
            let answer = browser.form("/auth/reset-password", &wrong).await;
            assert!(error_of(&answer, "code").unwrap().starts_with("This code does not work."));
            vec![("email", ANN), ("code", &*code)]
        } else {
            // Opening the page does not use up the link.
            for _ in 0..3 {
                let page = browser.get(&format!("/auth/reset-password?token={token}")).await;
                assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("new_password")));
                assert_eq!(filled(&page, "token").as_deref(), Some(&*token));
                assert_eq!(page.headers["referrer-policy"], "strict-origin");
                assert!(page.text.contains(ANN));
                // The links to other languages keep the token.
                assert!(
                    page.text.contains(&format!("reset-password?lang=de&amp;token={token}")),
                    "{}",
                    page.text
                );
            }
            vec![("token", &*token)]
        };
        let with =
            |new: &'static str| proof.iter().copied().chain([("new_password", new)]).collect::<Vec<_>>();
        let answer = browser.form("/auth/reset-password", &with("password1")).await;
        assert!(error_of(&answer, "new_password").unwrap().starts_with("Many people"));
        let answer = browser.form("/auth/reset-password", &with(NEW_PASSWORD)).await;
        assert_eq!(leads_to(&answer), "/auth/login?done=reset");
        assert!(browser.get("/auth/login?done=reset").await.text.contains("Log in with it."));
        assert_eq!(leads_to(&session.get("/auth/account").await), "/auth/login");
        let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", NEW_PASSWORD)]).await;
        assert_eq!(leads_to(&answer), "/auth/account");
        // The link works once. After that the page says so.
        let page = browser.get(&format!("/auth/reset-password?token={token}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("This link does not work"));
    }
}

#[tokio::test]
async fn without_mail_the_page_explains_that() {
    let app = App::with(Config { public_url: "https://example.org".into(), ..crate::app::config() }).await;
    assert!(!visitor(&app).get("/auth/login").await.text.contains("forgot-password"));
    let page = visitor(&app).get("/auth/forgot-password").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("This service sends no mail."), "{}", page.text);
}
