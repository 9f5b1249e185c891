//! `POST /forgot-password`, `POST /reset-password`.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::LimitConfig};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    app::{ANN, Answer, App, BOB, NEW_PASSWORD, PASSWORD, config},
    mail::mailbox::{Mail, with_mail},
};

async fn forgot(app: &App, email: &str) -> Answer {
    app.anonymous().post("/auth/forgot-password", json!({"email": email})).await
}

async fn reset(app: &App, proof: Value) -> Answer {
    let mut body = proof;
    body["new_password"] = json!(NEW_PASSWORD);
    app.anonymous().post("/auth/reset-password", body).await
}

async fn mail(app: &App) -> Mail {
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    let answer = forgot(app, ANN).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    app.newest_mail(ANN).await
}

async fn log_in(app: &App, password: &str) -> StatusCode {
    app.anonymous().request_token(ANN, password).await.status
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_link_or_by_code() {
    for by_code in [false, true] {
        let app = App::with(with_mail()).await;
        app.register(ANN).await;
        let mut sessions = [app.bearer(&app.token(ANN).await), app.browser_of(ANN).await];
        let mail = mail(&app).await;
        let proof = if by_code {
            let typed = mail.code().to_lowercase().replace('-', " ");
            json!({"email": " ANN@example.org", "code": typed})
        } else {
            json!({"token": mail.token("reset-password")})
        };
        let answer = reset(&app, proof.clone()).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
        // Only the device is remembered; nobody is logged in.
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert!(
            cookies.len() == 1 && cookies[0].to_str().unwrap().starts_with("doorward-device="),
            "{cookies:?}"
        );
        for session in &mut sessions {
            assert_eq!(session.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(log_in(&app, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in(&app, NEW_PASSWORD).await, StatusCode::OK);
        reset(&app, proof).await.assert_invalid_link();
        reset(&app, json!({"token": mail.token("reset-password")})).await.assert_invalid_link();
        reset(&app, json!({"email": ANN, "code": mail.code()})).await.assert_invalid_link();
        // The link proves that the user reads mail to this address, so the address is verified.
        let token = app.anonymous().request_token(ANN, NEW_PASSWORD).await;
        let token = token.token();
        assert!(app.bearer(&token).get("/auth/me").await.json()["email_verified_at"].is_string());
        assert_eq!(app.newest_mail(ANN).await.subject, "Your password was changed");
    }
}

#[tokio::test]
async fn no_answer_tells_whether_an_account_exists() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    app.register("off@example.org").await;
    let off = app.id_of("off@example.org").await;
    app.disable_user(off).await.unwrap();
    let mails = app.mails().await.len();
    let known = forgot(&app, ANN).await;
    for email in ["nobody@example.org", "off@example.org", "ann@example.com"] {
        let unknown = forgot(&app, email).await;
        assert_eq!((unknown.status, &unknown.text), (known.status, &known.text), "{email}");
        assert_eq!(unknown.headers, known.headers, "{email}");
    }
    let sent = app.mails().await;
    assert_eq!(sent.len(), mails + 1);
    assert_eq!((&*sent[0].to, &*sent[0].subject), (ANN, "Choose a new password"));
    let wrong = reset(&app, json!({"email": ANN, "code": "AAAA-AAAA"})).await;
    for email in ["nobody@example.org", "off@example.org"] {
        let unknown = reset(&app, json!({"email": email, "code": "AAAA-AAAA"})).await;
        assert_eq!((unknown.status, &unknown.text), (wrong.status, &wrong.text));
    }
}

#[tokio::test]
async fn mail_goes_to_the_stored_address() {
    let app = App::with(with_mail()).await;
    app.register("Ann@Example.org").await;
    for typed in ["ANN@EXAMPLE.ORG", " ann@example.org ", "ann@\u{ff45}xample.org"] {
        forgot(&app, typed).await;
        assert_eq!(app.mails().await[0].to, "Ann@example.org");
    }
    for body in [
        json!({"email": [ANN, "eve@example.org"]}),
        json!({"email": "ann@example.org,eve@example.org"}),
        json!({"email": "ann@example.org\nBcc: eve@example.org"}),
        json!({}),
    ] {
        let answer = app.anonymous().post("/auth/forgot-password", body).await;
        assert_eq!(answer.wrong_fields(), ["email"]);
    }
    assert!(app.mails().await.iter().all(|mail| mail.to == "Ann@example.org"));
}

#[tokio::test]
async fn a_link_ends_by_time_by_a_newer_one_and_by_a_new_password() {
    let app = App::with(with_mail()).await;
    app.stop_clock();
    app.register(ANN).await;
    let link = |mail: &Mail| json!({"token": mail.token("reset-password")});

    let first = mail(&app).await;
    let second = mail(&app).await;
    reset(&app, link(&first)).await.assert_invalid_link();
    reset(&app, json!({"email": ANN, "code": first.code()})).await.assert_invalid_link();

    app.advance(Duration::from_secs(30 * 60 - 1));
    let weak = json!({"token": second.token("reset-password"), "new_password": "password"});
    assert_eq!(app.anonymous().post("/auth/reset-password", weak).await.wrong_fields(), ["new_password"]);
    app.advance(Duration::from_secs(1));
    reset(&app, link(&second)).await.assert_invalid_link();

    let third = mail(&app).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    assert_eq!(ann.change_password(PASSWORD, "another one, longer").await.status, StatusCode::OK);
    reset(&app, link(&third)).await.assert_invalid_link();

    app.advance(Duration::from_secs(3600));
    let fourth = mail(&app).await;
    let id = app.id_of(ANN).await;
    app.set_password(id, PASSWORD).await.unwrap();
    reset(&app, link(&fourth)).await.assert_invalid_link();

    app.advance(Duration::from_secs(3600));
    let fifth = mail(&app).await;
    app.disable_user(id).await.unwrap();
    reset(&app, link(&fifth)).await.assert_invalid_link();
    app.delete_user(id).await.unwrap();
    reset(&app, link(&fifth)).await.assert_invalid_link();
}

#[tokio::test]
async fn a_secret_of_another_kind_or_user_resets_nothing() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let verify = app.newest_mail(ANN).await;
    app.register(BOB).await;
    let session = app.token(ANN).await;
    let reset_mail = mail(&app).await;
    let token = reset_mail.token("reset-password");
    for wrong in [
        &*session,
        &*verify.token("verify-email"),
        &token[..token.len() - 1],
        &token.replacen("dw_r_", "dw_r_=", 1),
        &format!("{} {}", &token[..30], &token[30..]),
        &token.to_uppercase(),
        &token.replace("dw_r_", "dw_v_"),
        "",
        "x",
    ] {
        reset(&app, json!({"token": wrong})).await.assert_invalid_link();
    }
    reset(&app, json!({"email": BOB, "code": reset_mail.code()})).await.assert_invalid_link();
    reset(&app, json!({"email": ANN, "code": verify.code()})).await.assert_invalid_link();
    let answer = app.anonymous().post("/auth/verify-email", json!({"token": token})).await;
    answer.assert_invalid_link();
    assert_eq!(reset(&app, json!({"token": token})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_code_allows_a_few_tries() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mail = mail(&app).await;
    for _ in 0..5 {
        reset(&app, json!({"email": ANN, "code": "AAAA-AAAA"})).await;
    }
    let right = reset(&app, json!({"email": ANN, "code": mail.code()})).await;
    assert!([StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS].contains(&right.status));
    assert_ne!(log_in(&app, NEW_PASSWORD).await, StatusCode::OK);
    // The limit for codes does not block the link.
    let link = reset(&app, json!({"token": mail.token("reset-password")})).await;
    assert_eq!(link.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn one_of_many_concurrent_requests_uses_the_link() {
    let app = App::with(with_mail()).await;
    let elsewhere = app.sibling(with_mail()).await;
    for round in 0..5 {
        let email = format!("u{round}@example.org");
        app.register(&email).await;
        app.mails().await;
        forgot(&app, &email).await;
        let token = app.newest_mail(&email).await.token("reset-password");
        let attempts = (0..30).map(|number| {
            let app = if number % 2 == 0 { &app } else { &elsewhere };
            let body = json!({"token": token, "new_password": format!("a better one, number {number}")});
            async move { app.anonymous().post("/auth/reset-password", body).await.status }
        });
        let statuses = join_all(attempts).await;
        let count = |status| statuses.iter().filter(|one| **one == status).count();
        assert_eq!(count(StatusCode::NO_CONTENT), 1, "{statuses:?}");
        assert!(
            statuses
                .iter()
                .all(|status| !status.is_server_error() || *status == StatusCode::SERVICE_UNAVAILABLE)
        );
    }
}

#[tokio::test]
async fn opening_a_link_does_not_use_it_up() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mail = mail(&app).await;
    let token = mail.token("reset-password");
    for method in ["GET", "HEAD", "OPTIONS"] {
        for _ in 0..3 {
            let path = format!("/auth/reset-password?token={token}");
            app.anonymous().send(method.parse().unwrap(), &path, None, "").await;
        }
    }
    assert_eq!(reset(&app, json!({"token": token})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn without_mail_there_is_no_reset() {
    let app = App::with(config()).await;
    app.register(ANN).await;
    let answer = forgot(&app, ANN).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "mail_not_configured"));
}

#[tokio::test]
async fn disabling_a_user_ends_their_links_for_good() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let verify = app.newest_mail(ANN).await.token("verify-email");
    let reset_link = json!({"token": mail(&app).await.token("reset-password")});
    let id = app.id_of(ANN).await;
    assert!(app.disable_user(id).await.unwrap() && app.enable_user(id).await.unwrap());
    reset(&app, reset_link).await.assert_invalid_link();
    app.anonymous().post("/auth/verify-email", json!({"token": verify})).await.assert_invalid_link();
}

#[tokio::test]
async fn a_code_for_a_new_password_works_for_ten_minutes() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let mail = mail(&app).await;
    app.advance(Duration::from_secs(10 * 60));
    reset(&app, json!({"email": ANN, "code": mail.code()})).await.assert_invalid_link();
    assert_eq!(
        reset(&app, json!({"token": mail.token("reset-password")})).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn guesses_at_one_code_do_not_block_the_next_one() {
    let limit = LimitConfig {
        free_failures: 6.try_into().unwrap(),
        first_delay: Duration::from_secs(600),
        ..LimitConfig::default()
    };
    let app = App::with(Config { limit, ..with_mail() }).await;
    app.register(ANN).await;
    let right = mail(&app).await.code();
    for email in [ANN, "nobody@example.org"] {
        for _ in 0..5 {
            reset(&app, json!({"email": email, "code": "AAAA-AAAA"})).await.assert_invalid_link();
        }
        // Further codes are not checked and not counted, for an unknown address too.
        for _ in 0..3 {
            let answer = reset(&app, json!({"email": email, "code": right})).await;
            assert_eq!(
                (answer.status, &*answer.code()),
                (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts")
            );
        }
    }
    let mut page = app.browser().header("accept", "text/html");
    let form = [("email", ANN), ("code", &*right), ("new_password", NEW_PASSWORD)];
    let page = page.form("/auth/reset-password", &form).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text.contains("Follow the link in the mail"), "{}", page.text);
    // A request for another mail resets the counter, for an unknown address too.
    for email in ["nobody@example.org", ANN] {
        forgot(&app, email).await;
        reset(&app, json!({"email": email, "code": "AAAA-AAAA"})).await.assert_invalid_link();
    }
    // Codes count for themselves: the password can be typed all the time.
    assert_eq!(log_in(&app, PASSWORD).await, StatusCode::OK);
    let code = app.newest_mail(ANN).await.code();
    assert_eq!(reset(&app, json!({"email": ANN, "code": code})).await.status, StatusCode::NO_CONTENT);
}
