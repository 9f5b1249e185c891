//! The form behind a link or for a code, as several features use it.

use axum::http::StatusCode;

use crate::{
    app::{App, NEW_PASSWORD},
    mail::mailbox::with_mail,
    visitor::visitor,
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
