//! The pages `/account/email`, `/confirm-email` and `/undo-email-change`.

use axum::http::StatusCode;

use super::{
    flow::{NEW, undo_token},
    undo::moved,
};
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
    assert!(page.text.contains("&#x2f;auth&#x2f;undo-email-change&#x2f;request"), "{}", page.text);
}

#[tokio::test]
async fn the_undo_mail_is_asked_for_on_a_page() {
    let app = App::with(with_mail()).await;
    let lost = moved(&app, 3600).await;
    let path = "/auth/undo-email-change/request";
    let page = visitor(&app).get(path).await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("email")));
    let empty = visitor(&app).form(path, &[("email", " ")]).await;
    assert_eq!(error_of(&empty, "email"), Some("Enter your e-mail address."));
    // The page says the same for every address.
    for email in [ANN, BOB] {
        let answer = visitor(&app).form(path, &[("email", email)]).await;
        assert_eq!(leads_to(&answer), "/auth/login?done=undo-asked");
    }
    let page = visitor(&app).get("/auth/login?done=undo-asked").await;
    assert!(page.text.contains("a mail is on its way"), "{}", page.text);
    let newer = undo_token(&app, ANN).await;
    assert_ne!(newer, lost);
    let answer = visitor(&app).form("/auth/undo-email-change", &[("token", &newer)]).await;
    assert_eq!(leads_to(&answer), "/auth/login?done=undone");
    // Without mail there is nothing to ask for.
    let app = App::new().await;
    assert_eq!(visitor(&app).get(path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_owner_ends_the_undo_on_a_page() {
    for (age, done, told, ended) in [
        (3600, "undo-ended", "cannot take your account back any more", StatusCode::BAD_REQUEST),
        (8 * 24 * 3600, "undo-kept", "can still stop the account", StatusCode::SEE_OTHER),
    ] {
        let app = App::with(with_mail()).await;
        let link = moved(&app, age).await;
        let mut owner = visitor_of(&app, NEW).await;
        assert!(owner.get("/auth/account/email").await.text.contains("account&#x2f;email-undo"));
        let path = "/auth/account/email-undo";
        assert_eq!(focus(&owner.get(path).await), Some("password"));
        let wrong = owner.form(path, &[("password", NEW_PASSWORD)]).await;
        assert_eq!(error_of(&wrong, "password"), Some("This is not your current password."));
        let answer = owner.form(path, &[("password", PASSWORD)]).await;
        assert_eq!(leads_to(&answer), format!("/auth/account?done={done}"));
        let page = owner.get(&format!("/auth/account?done={done}")).await;
        assert!(page.status == StatusCode::OK && page.text.contains(told), "{}", page.text);
        let undone = visitor(&app).form("/auth/undo-email-change", &[("token", &link)]).await;
        assert_eq!(undone.status, ended, "{}", undone.text);
        if ended == StatusCode::SEE_OTHER {
            assert_eq!(leads_to(&undone), "/auth/login?done=frozen");
            let page = visitor(&app).get("/auth/login?done=frozen").await;
            assert!(page.text.contains("nobody can log in until"), "{}", page.text);
        }
    }
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
