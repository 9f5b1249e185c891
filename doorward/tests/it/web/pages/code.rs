//! The form behind a link or for a code, as several features use it.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD, with_many_mails},
    mail::mailbox::with_mail,
    visitor::{leads_to, visitor},
};

#[tokio::test]
async fn an_old_link_leads_to_the_page_that_sends_a_new_one() {
    let app = App::with(with_mail()).await;
    for (page, leads_to) in [
        ("verify-email", "verify-email"),
        ("confirm-email", "account&#x2f;email"),
        ("reset-password", "forgot-password"),
        ("undo-email-change", "undo-email-change&#x2f;request"),
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
async fn a_link_with_damage_around_its_token_opens_its_page_and_its_form_works() {
    let app = App::with(with_many_mails(with_mail())).await;
    app.add_verified(ANN).await;
    for (number, damaged) in [
        "token={}.",
        "token=<{}>",
        "token={}%3E",
        "token={}%20",
        "token=3D{}",
        "token={}=3D",
        "token={}-_x",
        "token={}%",
        "token={}%A0",
        "token=%E2%80%8B{}%C2%A0",
        "token%3D{}",
        "amp;token={}",
        "lang=en&amp;token={}.",
        "lang=en%26token%3D{}",
        "lang=en;token={}",
        "Token={}",
        "token=&token={}",
        "{}",
    ]
    .into_iter()
    .enumerate()
    {
        // Mails of the same moment arrive in any order, so earlier ones are sent first.
        app.mails().await;
        app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
        let token = app.newest_mail(ANN).await.token("reset-password");
        let query = damaged.replace("{}", &token).replace('<', "%3C").replace('>', "%3E");
        let page = visitor(&app).get(&format!("/auth/reset-password?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{damaged}");
        assert!(page.text.contains(ANN) && page.text.contains(&token), "{damaged}: {}", page.text);
        let password = format!("{NEW_PASSWORD} {number}");
        let sent = damaged.replace("{}", &token);
        let answer = visitor(&app)
            .form("/auth/reset-password", &[("token", &*sent), ("new_password", &*password)])
            .await;
        assert_eq!(leads_to(&answer), "/auth/login?done=reset", "{damaged}");
        assert_eq!(app.browser().log_in(ANN, &password).await.status, StatusCode::OK, "{damaged}");
    }
    // A damaged token is no other token.
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    let (begin, end) = token.split_at(20);
    for wrong in [format!("{begin}.{end}"), token[1..].to_owned(), token.to_lowercase(), begin.to_owned()] {
        let body = json!({"token": wrong, "new_password": NEW_PASSWORD});
        app.anonymous().post("/auth/reset-password", body).await.assert_invalid_link();
    }
}

#[tokio::test]
async fn the_api_takes_a_token_with_damage_around_it() {
    let app = App::with(with_mail()).await;
    app.register(ANN).await;
    let token = app.newest_mail(ANN).await.token("verify-email");
    let body = json!({"token": format!("3D{token}>.")});
    assert_eq!(app.anonymous().post("/auth/verify-email", body).await.status, StatusCode::NO_CONTENT);
    app.anonymous().post("/auth/login-attempt", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("login");
    let body = json!({"email": ANN, "password": PASSWORD, "attempt_token": format!("{token}%20")});
    assert_eq!(app.browser().post("/auth/login", body.clone()).await.status, StatusCode::OK);
    // It is used up.
    app.browser().post("/auth/login", body).await.assert_invalid_link();
    let mut ann = app.browser_of(ANN).await;
    assert_eq!(ann.change_email("new@example.org").await.status, StatusCode::ACCEPTED);
    let token = app.newest_mail("new@example.org").await.token("confirm-email");
    let body = json!({"token": format!("<{token}>")});
    assert_eq!(app.anonymous().post("/auth/confirm-email", body).await.status, StatusCode::NO_CONTENT);
    let token = app.newest_mail(ANN).await.token("undo-email-change");
    let body = json!({"token": format!("{token}=3D")});
    assert_eq!(app.anonymous().post("/auth/undo-email-change", body).await.status, StatusCode::NO_CONTENT);
}
