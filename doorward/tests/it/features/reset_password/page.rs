//! The pages that the links in mails open, and those that ask for a mail.

use axum::http::StatusCode;
use doorward::{Config, Registration};

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD},
    mail::mailbox::with_mail,
    visitor::{error_of, filled, focus, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_link_or_by_code() {
    for by_code in [false, true] {
        let app = App::with(with_mail()).await;
        app.register(ANN).await;
        // Mails of the same moment arrive in any order.
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
            // Looking uses nothing up, however often.
            for _ in 0..3 {
                let page = browser.get(&format!("/auth/reset-password?token={token}")).await;
                assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("new_password")));
                assert_eq!(filled(&page, "token").as_deref(), Some(&*token));
                assert_eq!(page.headers["referrer-policy"], "strict-origin");
                assert!(page.text.contains(ANN));
                // Another language is the same page.
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
        // It works once, and then the page says so.
        let page = browser.get(&format!("/auth/reset-password?token={token}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("This link does not work"));
    }
}

#[tokio::test]
async fn asking_for_a_mail_tells_nobody_who_has_an_account() {
    let app = App::with(Config { registration: Some(Registration::Private), ..with_mail() }).await;
    let registered = visitor(&app).form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    let again = visitor(&app).form("/auth/register", &[("email", ANN), ("password", NEW_PASSWORD)]).await;
    assert_eq!((registered.status, &registered.text), (StatusCode::OK, &again.text));
    assert!(
        registered.text.contains("We have sent you a mail.")
            && !registered.headers.contains_key("set-cookie")
    );
    for path in ["/auth/forgot-password", "/auth/verify-email/request"] {
        let mut pages = Vec::new();
        for email in [ANN, "nobody@example.org"] {
            let answer = visitor(&app).form(path, &[("email", email)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            pages.push(answer.text.replace(&format!("value=\"{email}\""), "(email)"));
        }
        assert_eq!(pages[0], pages[1], "{path}");
    }
}

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
        // The newer mail is the one that counts.
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
        // Who is logged in is told on the account.
        assert_eq!(leads_to(&browser.get("/auth/login?done=verified").await), "/auth/account?done=verified");
    }
}

#[tokio::test]
async fn who_is_logged_in_asks_for_a_mail_by_a_button() {
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
async fn a_new_address_counts_after_a_press_and_the_old_one_takes_it_back() {
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
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN, "looking changes nothing");
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
    // The password is to be chosen anew, with the mail that came.
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
    // Without a link there is nothing to take back.
    let page = visitor(&app).get("/auth/undo-email-change").await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.text.contains("This link does not work"));
}

#[tokio::test]
async fn who_asked_for_a_new_address_types_its_code_on_the_next_page() {
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

#[tokio::test]
async fn without_mail_the_pages_say_who_can_help() {
    let app = App::with(Config { public_url: "https://example.org".into(), ..crate::app::config() }).await;
    assert!(!visitor(&app).get("/auth/login").await.text.contains("forgot-password"));
    let page = visitor(&app).get("/auth/forgot-password").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("This service sends no mail."), "{}", page.text);
}

#[tokio::test]
async fn too_many_guesses_are_told_with_the_time_to_wait() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mut last = None;
    for _ in 0..30 {
        let answer =
            visitor(&app).form("/auth/login", &[("email", ANN), ("password", "wrong password")]).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            last = Some(answer);
            break;
        }
    }
    let answer = last.expect("there is an end to guessing");
    assert!(answer.text.contains("There were too many attempts. Try again in"), "{}", answer.text);
    assert!(answer.headers.contains_key("retry-after"));
    assert_eq!(filled(&answer, "email").as_deref(), Some(ANN));
}

#[tokio::test]
async fn a_link_that_is_too_old_leads_to_where_there_is_another_of_its_kind() {
    let app = App::with(with_mail()).await;
    for (page, leads_to) in [
        ("verify-email", "verify-email"),
        ("confirm-email", "account&#x2f;email"),
        ("reset-password", "forgot-password"),
        ("undo-email-change", "forgot-password"),
    ] {
        let token = format!("dw_x_{}", "A".repeat(49));
        let answer = visitor(&app)
            .form(&format!("/auth/{page}?lang=en"), &[("token", &*token), ("new_password", NEW_PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{page}");
        let link = format!("href=\"&#x2f;auth&#x2f;{leads_to}?lang=en\"");
        assert!(answer.text.contains(&link), "{page}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_form_behind_a_link_works_in_a_browser_that_tells_the_origin_alone() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let token = app.newest_mail(ANN).await.token("verify-email");
    let mut old = app.anonymous().header("accept", "text/html");
    let page = old.get(&format!("/auth/verify-email?token={token}")).await;
    // With this policy, other than with `no-referrer`, browsers send the origin along with a form.
    assert_eq!(page.headers["referrer-policy"], "strict-origin");
    let mut old = old.header("origin", "http://127.0.0.1:8000");
    assert_eq!(
        leads_to(&old.form("/auth/verify-email", &[("token", &token)]).await),
        "/auth/login?done=verified"
    );
}
