//! The pages `/account/email`, `/confirm-email` and `/undo-email-change`.

use axum::http::StatusCode;

use crate::{
    app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD},
    mail::mailbox::with_mail,
    visitor::{error_of, filled, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn without_mail_a_new_address_logs_in_at_once() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    let mut ann = visitor_of(&app, ANN).await;
    let taken = ann.form("/auth/account/email", &[("email", BOB), ("password", PASSWORD)]).await;
    assert!(error_of(&taken, "email").unwrap().starts_with("There is an account"));
    let new = [("email", "ann@example.com"), ("password", PASSWORD)];
    assert_eq!(leads_to(&ann.form("/auth/account/email", &new).await), "/auth/account?done=email");
    assert_eq!(leads_to(&visitor(&app).form("/auth/login", &new).await), "/auth/account");
}

#[tokio::test]
async fn a_new_address_counts_after_a_press_and_the_old_one_undoes_it() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let token = app.newest_mail(ANN).await.token("verify-email");
    leads_to(&ann.form("/auth/verify-email", &[("token", &token)]).await);
    let new = "ann@example.com";
    let answer = ann.form("/auth/account/email", &[("email", new), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/confirm-email?done=confirm-email");
    let token = app.newest_mail(new).await.token("confirm-email");
    assert!(
        visitor(&app)
            .get(&format!("/auth/confirm-email?token={token}"))
            .await
            .text
            .contains("Press the button")
    );
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN, "opening the page changed the address");
    assert_eq!(
        leads_to(&ann.form("/auth/confirm-email", &[("token", &token)]).await),
        "/auth/login?done=email"
    );
    assert_eq!(ann.get("/auth/me").await.json()["email"], new);
    let token = app.newest_mail(ANN).await.token("undo-email-change");
    let page = visitor(&app).get(&format!("/auth/undo-email-change?token={token}")).await;
    assert!(page.text.contains("Take the change back"));
    assert_eq!(
        leads_to(&visitor(&app).form("/auth/undo-email-change", &[("token", &token)]).await),
        "/auth/login?done=undone"
    );
    assert_eq!(leads_to(&ann.get("/auth/account").await), "/auth/login");
    // The owner has to choose a new password with the mail that came.
    assert!(visitor(&app).get("/auth/login?done=undone").await.text.contains("Choose a new password"));
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let token = app.newest_mail(ANN).await.token("reset-password");
    let answer = visitor(&app)
        .form("/auth/reset-password", &[("token", &token), ("new_password", NEW_PASSWORD)])
        .await;
    assert_eq!(leads_to(&answer), "/auth/login?done=reset");
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", NEW_PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    // Without a link the page has nothing to undo.
    let page = visitor(&app).get("/auth/undo-email-change").await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("This link does not work"));
}

#[tokio::test]
async fn the_code_for_a_new_address_is_typed_on_the_next_page() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    app.mails().await;
    let mut ann = visitor_of(&app, ANN).await;
    let new = "ann@example.com";
    let answer = ann.form("/auth/account/email", &[("email", new), ("password", PASSWORD)]).await;
    let page = ann.get(leads_to(&answer)).await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("code")));
    assert!(page.text.contains("We have sent a mail to the new address."), "{}", page.text);
    assert!(page.text.contains("Your current e-mail address"));
    assert_eq!(filled(&page, "email").as_deref(), Some(ANN));
    let wrong = ann.form("/auth/confirm-email", &[("email", ANN), ("code", "AAAA-AAAA")]).await;
    assert!(error_of(&wrong, "code").unwrap().starts_with("This code does not work."));
    assert_eq!(filled(&wrong, "email").as_deref(), Some(ANN));
    let code = app.newest_mail(new).await.code();
    let answer = ann.form("/auth/confirm-email", &[("email", ANN), ("code", &code)]).await;
    assert_eq!(leads_to(&answer), "/auth/login?done=email");
    assert_eq!(leads_to(&ann.get("/auth/login?done=email").await), "/auth/account?done=email");
    assert_eq!(ann.get("/auth/me").await.json()["email"], new);
}
