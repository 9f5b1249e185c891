//! The page `/account/second-factor`, without a script.

use axum::http::StatusCode;

use crate::{
    app::{ANN, Actor, Answer, App, PASSWORD, Phone, WRONG, config, with_key},
    visitor::{error_of, leads_to, visitor, visitor_of},
};

/// The secret that the page shows in groups of four letters.
fn secret(page: &Answer) -> String {
    let code = page.text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    assert!(code.split(' ').all(|group| group.len() == 4), "{code}");
    code.replace(' ', "")
}

/// Adds an app by the pages. Returns it, and the recovery codes.
async fn add(app: &App, ann: &mut Actor<'_>) -> (Phone, Vec<String>) {
    app.stop_clock();
    let begun = ann.form("/auth/account/second-factor", &[("password", PASSWORD)]).await;
    assert_eq!(leads_to(&begun), "/auth/account/second-factor/confirm");
    let page = ann.get("/auth/account/second-factor/confirm").await;
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.text.contains("<svg ") && page.text.contains("href=\"otpauth://totp/"), "{}", page.text);
    let phone = Phone::with(app, &secret(&page)).await;
    let wrong = ann.form("/auth/account/second-factor/confirm", &[("code", &phone.wrong_code())]).await;
    assert!(error_of(&wrong, "code").is_some() && secret(&wrong) == secret(&page), "{}", wrong.text);
    let codes = ann.form("/auth/account/second-factor/confirm", &[("code", &phone.code())]).await;
    assert_eq!(
        (codes.status, &codes.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    let codes: Vec<String> =
        codes.text.split("<li><code>").skip(1).map(|code| code[..14].to_owned()).collect();
    assert_eq!(codes.len(), 10);
    (phone, codes)
}

#[tokio::test]
async fn an_app_is_added_used_and_removed_without_a_script() {
    let app = App::with(with_key(config())).await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    assert!(ann.get("/auth/account").await.text.contains("Two-step login"));
    let wrong = ann.form("/auth/account/second-factor", &[("password", WRONG)]).await;
    assert!(error_of(&wrong, "password").is_some(), "{}", wrong.text);
    let (phone, codes) = add(&app, &mut ann).await;
    let page = ann.get("/auth/account/second-factor").await;
    assert!(page.text.contains("You have 10 recovery codes left."), "{}", page.text);

    let mut other = visitor(&app);
    let first = other.form("/auth/login?next=%2Fdeep", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&first), "/auth/login/second-step?next=%2Fdeep");
    let asked = other.get("/auth/login/second-step?next=%2Fdeep").await;
    assert!(
        asked.text.contains("one-time-code") && asked.text.contains("inputmode=\"numeric\""),
        "{}",
        asked.text
    );
    let wrong = other.form("/auth/login/second-step?next=%2Fdeep", &[("code", &phone.wrong_code())]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(error_of(&wrong, "code").is_some() && wrong.text.contains("UTC here"), "{}", wrong.text);
    let done = other.form("/auth/login/second-step?next=%2Fdeep", &[("code", &phone.next(&app))]).await;
    assert_eq!(leads_to(&done), "/deep");
    assert!(other.is_logged_in().await);

    let mut third = visitor(&app);
    third.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let paper = third.get("/auth/login/second-step?with=recovery_code").await;
    assert!(paper.text.contains("Recovery code"), "{}", paper.text);
    let done = third.form("/auth/login/second-step", &[("code", &codes[0])]).await;
    assert_eq!(leads_to(&done), "/auth/account");

    let renewed = ann.form("/auth/account/second-factor/codes", &[("code", &codes[1])]).await;
    assert_eq!(renewed.text.matches("<li><code>").count(), 10);
    let removed = ann.form("/auth/account/second-factor/remove", &[("code", &phone.next(&app))]).await;
    assert!(leads_to(&removed).contains("done=second-factor-removed"));
    assert_eq!(app.count("totp").await, 0);
}

#[tokio::test]
async fn a_log_in_that_waits_no_longer_begins_anew() {
    let app = App::with(with_key(config())).await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let (phone, _) = add(&app, &mut ann).await;
    assert_eq!(leads_to(&visitor(&app).get("/auth/login/second-step").await), "/auth/login");
    let mut other = visitor(&app);
    other.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    phone.wait(&app, 601);
    let late = other.form("/auth/login/second-step", &[("code", &phone.code())]).await;
    assert!(leads_to(&late).contains("done=login-expired"));
    assert!(other.get(leads_to(&late)).await.text.contains("Log in again"));
}

#[tokio::test]
async fn new_recovery_codes_can_be_downloaded_as_text_without_a_script() {
    let app = App::with(with_key(config())).await;
    app.register(ANN).await;
    let mut ann = visitor_of(&app, ANN).await;
    let (_, codes) = add(&app, &mut ann).await;
    let file =
        ann.form("/auth/account/second-factor/codes/download", &[("recovery_codes", &codes.join(" "))]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"recovery-codes.txt\"");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert!(file.text.contains(ANN) && codes.iter().all(|code| file.text.contains(code)), "{}", file.text);
    for made_up in ["", "hello", "<script>alert(1)</script>", &[&*codes[0]; 11].join(" ")] {
        let form = [("recovery_codes", made_up)];
        let refused = ann.form("/auth/account/second-factor/codes/download", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{made_up}");
    }
    let form = [("recovery_codes", &*codes[0])];
    let stranger = visitor(&app).form("/auth/account/second-factor/codes/download", &form).await;
    assert!(leads_to(&stranger).starts_with("/auth/login"));
}
