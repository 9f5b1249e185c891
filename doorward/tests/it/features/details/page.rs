//! The page `/account/details`, and what the account shows of it.

use axum::http::StatusCode;
use serde_json::json;

use super::{me, with_profile};
use crate::{
    app::{ANN, App, PASSWORD},
    visitor::{error_of, filled, focus, leads_to, visitor, visitor_of},
};

const PAGE: &str = "/auth/account/details";

/// Ann, who has filled in what registration asks for.
async fn app() -> App {
    let app = App::with(with_profile()).await;
    let profile = json!({"company": "Acme", "age": 44, "terms": true});
    let body = json!({"email": ANN, "password": PASSWORD, "profile": profile});
    assert_eq!(app.anonymous().post("/auth/register", body).await.status, StatusCode::CREATED);
    app
}

#[tokio::test]
async fn a_user_changes_their_name_and_details() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let account = ann.get("/auth/account").await.text;
    assert!(account.contains("<h1>Your account</h1>") && account.contains("Not given"), "{account}");
    let page = ann.get(PAGE).await;
    assert_eq!((page.status, focus(&page)), (StatusCode::OK, Some("display_name")));
    for (field, value) in [("display_name", ""), ("profile.company", "Acme"), ("profile.age", "44")] {
        assert_eq!(filled(&page, field).as_deref(), Some(value), "{field}");
    }
    assert!(page.text.contains(r#"type="checkbox" value="on" checked required"#), "{}", page.text);

    let form = [
        ("display_name", "  Ann <b> "),
        ("profile.company", "Acme & Co"),
        ("profile.age", ""),
        ("profile.terms", "on"),
    ];
    assert_eq!(leads_to(&ann.form(PAGE, &form).await), "/auth/account?done=details");
    let account = ann.get("/auth/account?done=details").await.text;
    for shown in [
        "Your name and details are saved.",
        "<h1>Hello, Ann &lt;b&gt;</h1>",
        "<dd>Acme &amp; Co</dd>",
        "<dt>terms</dt><dd>Yes</dd>",
        "<dt>age</dt><dd>Not given</dd>",
    ] {
        assert!(account.contains(shown), "{shown}: {account}");
    }
    let user = me(&mut ann).await;
    assert_eq!(
        (&user["display_name"], &user["profile"]),
        (&json!("Ann <b>"), &json!({"company": "Acme & Co", "terms": true}))
    );
    // An empty name removes it.
    let form = [("display_name", " "), ("profile.company", "Acme"), ("profile.terms", "on")];
    leads_to(&ann.form(PAGE, &form).await);
    assert_eq!(me(&mut ann).await["display_name"], json!(null));
    assert!(ann.get("/auth/account").await.text.contains("<h1>Your account</h1>"));
}

#[tokio::test]
async fn each_wrong_field_has_its_error_and_nothing_changes() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let before = me(&mut ann).await;
    let long = "\u{1f98a}".repeat(65);
    let form = [("display_name", &*long), ("profile.company", ""), ("profile.age", "<i>")];
    let again = ann.form(PAGE, &form).await;
    assert_eq!((again.status, focus(&again)), (StatusCode::UNPROCESSABLE_ENTITY, Some("display_name")));
    for (field, error) in [
        ("display_name", "Use at most 64 characters."),
        ("profile.company", "Fill in this field."),
        ("profile.age", "Enter a whole number, at most 150."),
        ("profile.terms", "Fill in this field."),
    ] {
        assert_eq!(error_of(&again, field), Some(error), "{field}");
    }
    assert_eq!(filled(&again, "display_name"), Some(long));
    assert_eq!(filled(&again, "profile.age").as_deref(), Some("&lt;i&gt;"));
    // The cursor is in the first wrong field, in the order of the page.
    let form = [("profile.age", "151"), ("profile.company", "longer than ten"), ("profile.terms", "on")];
    let again = ann.form(&format!("{PAGE}?lang=de"), &form).await;
    assert_eq!(focus(&again), Some("profile.company"));
    assert_eq!(error_of(&again, "profile.company"), Some("Höchstens 10 Zeichen."));
    let form = [("display_name", "a\u{202e}b"), ("profile.company", "Acme"), ("profile.terms", "on")];
    assert_eq!(
        error_of(&ann.form(PAGE, &form).await, "display_name"),
        Some("Use plain characters on one line.")
    );
    assert_eq!(me(&mut ann).await, before);
}

#[tokio::test]
async fn the_details_have_labels_in_the_language_of_the_reader() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    for (language, label, heading) in [
        ("en", "Company", "Name and details"),
        ("de", "Firma &lt;b&gt;", "Name und Angaben"),
        ("fr", "Company", "Nom et informations"),
        ("es", "Company", "Nombre y datos"),
        ("zh", "Company", "姓名和资料"),
    ] {
        for page in ["account", "account/details"] {
            let page = ann.get(&format!("/auth/{page}?lang={language}")).await.text;
            assert!(page.contains(label) && page.contains(heading), "{language}: {page}");
        }
    }
}

#[tokio::test]
async fn the_page_gives_no_role_and_is_for_our_own_form() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let form = [
        ("display_name", "Ann"),
        ("profile.company", "Acme"),
        ("profile.terms", "on"),
        ("roles", "admin"),
        ("profile.roles", "admin"),
        ("attributes", "{}"),
    ];
    leads_to(&ann.form(PAGE, &form).await);
    let user = me(&mut ann).await;
    assert_eq!((&user["roles"], &user["profile"]), (&json!([]), &json!({"company": "Acme", "terms": true})));

    let mut elsewhere = ann.clone().header("sec-fetch-site", "cross-site");
    let refused = elsewhere.form(PAGE, &[("display_name", "Eve"), form[1], form[2]]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(me(&mut ann).await["display_name"], "Ann");
    assert_eq!(
        leads_to(&visitor(&app).form(PAGE, &form).await),
        "/auth/login?next=%2Fauth%2Faccount%2Fdetails"
    );
    // A session that ended changes nothing any more.
    app.end_sessions(app.id_of(ANN).await).await.unwrap();
    leads_to(&ann.form(PAGE, &[("display_name", "Eve"), form[1], form[2]]).await);
    assert_eq!(app.find_user(ANN).await.unwrap().unwrap().display_name.as_deref(), Some("Ann"));
}

#[tokio::test]
async fn what_is_declared_no_more_stays_and_is_not_shown() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let mut config = with_profile();
    config.profile.retain(|field| field.name == "company");
    let later = app.sibling(config).await;
    let mut there = visitor(&later);
    there.cookies = ann.cookies.clone();
    let page = there.get(PAGE).await;
    assert!(page.text.contains("profile.company") && !page.text.contains("profile.age"), "{}", page.text);
    assert!(!there.get("/auth/account").await.text.contains("<dt>age</dt>"));
    leads_to(&there.form(PAGE, &[("display_name", ""), ("profile.company", "New")]).await);
    assert_eq!(me(&mut ann).await["profile"], json!({"company": "New", "age": 44, "terms": true}));
}
