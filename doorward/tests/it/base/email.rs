//! Which text is an address, and which addresses are the same.

use axum::http::StatusCode;
use doorward::{
    Config,
    import::{ForeignUser, Imported},
};
use doorward_password::PasswordContext;
use serde_json::json;

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD},
    mail::{mailbox::with_mail, mailbox::with_smtp, smtp::Smtp},
    visitor::{error_of, leads_to, visitor},
};

fn bcrypt() -> String {
    PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap()
}

#[tokio::test]
async fn an_address_that_looks_like_another_is_a_different_one() {
    let app = App::new().await;
    app.register("mike@example.org").await;
    for other in [
        "m\u{131}ke@example.org",
        "m\u{456}ke@example.org",
        "mike@examp\u{4cf}e.org",
        "mi\u{200d}ke@example.org",
        "mike\u{ff20}example.org",
    ] {
        let answer = app.anonymous().request_token(other, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{other}");
        assert!(app.find_user(other).await.unwrap().is_none(), "{other}");
    }
    // Other spellings of the same address are the same address.
    for same in
        ["MIKE@EXAMPLE.ORG", " mike@example.org ", "mike@\u{ff45}xample.org", "mike@example\u{3002}org"]
    {
        let answer = app.anonymous().request_token(same, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{same}");
    }
}

#[tokio::test]
async fn text_that_is_no_single_address_is_refused() {
    let app = App::new().await;
    let long = format!("{}@{}.org", "a".repeat(64), "b.".repeat(95));
    assert!(long.len() > 254);
    for wrong in [
        json!("a@x.org,b@y.org"),
        json!(["a@x.org", "b@y.org"]),
        json!({"email": "a@x.org"}),
        json!("a@x.org\nBcc: b@y.org"),
        json!("a@x.org\r\n"),
        json!("a@x.org\0"),
        json!("\"a\"@x.org"),
        json!("a@x@y.org"),
        json!("<a@x.org>b@y.org"),
        json!("Ann <a@x.org>"),
        json!("a@x.org;b@y.org"),
        json!("a(comment)@x.org"),
        json!("@x.org:a@y.org"),
        json!("a@[127.0.0.1]"),
        json!("a@localhost"),
        json!("mi\u{212a}e@x.org"),
        json!(long),
        json!(true),
    ] {
        let answer =
            app.anonymous().post("/auth/register", json!({"email": wrong, "password": PASSWORD})).await;
        assert_eq!(answer.wrong_fields(), ["email"], "{wrong}");
    }
    let twice = format!(r#"{{"email": "a@x.org", "email": "b@y.org", "password": "{PASSWORD}"}}"#);
    let answer = app
        .anonymous()
        .send("POST".parse().unwrap(), "/auth/register", Some("application/json"), twice)
        .await;
    assert_eq!(answer.wrong_fields(), ["body"]);
    assert_eq!(app.contents().await, "");
}

/// A no-break space, a zero-width space, a byte order mark, a mark of direction, a soft hyphen, a filler of Hangul, a
/// variation selector: of `White_Space`, `Default_Ignorable_Code_Point` and `Cf` (DerivedCoreProperties.txt).
const UNSEEN: [char; 9] =
    ['\u{a0}', '\u{200b}', '\u{feff}', '\u{202c}', '\u{ad}', '\u{3164}', '\u{fe0f}', '\u{3000}', '\u{fff9}'];

#[tokio::test]
async fn what_nobody_can_see_is_dropped_at_the_ends_on_every_path() {
    let app = App::with(with_mail()).await;
    for (number, unseen) in UNSEEN.into_iter().enumerate() {
        let around = |email: &str| format!("{unseen}{email} {unseen}");
        let email = format!("u{number}@example.org");
        let registered = app.anonymous().register(&around(&email), PASSWORD).await;
        assert_eq!((registered.status, &registered.json()["email"]), (StatusCode::CREATED, &json!(email)));
        assert_eq!(app.anonymous().request_token(&around(&email), PASSWORD).await.status, StatusCode::OK);
        assert_eq!(app.browser().log_in(&around(&email), PASSWORD).await.status, StatusCode::OK);
        let mut page = visitor(&app);
        let answer = page.form("/auth/login", &[("email", &around(&email)), ("password", PASSWORD)]).await;
        assert_eq!(leads_to(&answer), "/auth/account");
        let answer = visitor(&app)
            .form("/auth/register", &[("email", &around(&format!("p{email}"))), ("password", PASSWORD)])
            .await;
        assert_eq!(leads_to(&answer), "/auth/account");
        assert_eq!(
            app.find_user(&around(&format!("p{email}"))).await.unwrap().unwrap().email,
            format!("p{email}")
        );
        app.mails().await;
        app.anonymous().post("/auth/forgot-password", json!({"email": around(&email)})).await;
        assert_eq!(app.newest_mail(&email).await.to, email);
        let by_code = json!({
            "email": around(&email), "code": app.newest_mail(&email).await.code(), "new_password": NEW_PASSWORD,
        });
        assert_eq!(
            app.anonymous().post("/auth/reset-password", by_code).await.status,
            StatusCode::NO_CONTENT
        );
        assert_eq!(
            app.add_user(&around(&format!("o{email}")), PASSWORD).await.unwrap().email,
            format!("o{email}")
        );
        let imported = ForeignUser::new(around(&format!("i{email}")), bcrypt());
        assert!(matches!(
            app.import().apply().batch(&[imported]).await.unwrap()[..],
            [Imported::Added { .. }]
        ));
        assert_eq!(app.find_user(&format!("i{email}")).await.unwrap().unwrap().email, format!("i{email}"));
    }
    let config =
        Config { mail_from: Some("\u{200b}Example <no-reply@example.org>\u{a0}".into()), ..with_mail() };
    App::with(config).await;
}

#[tokio::test]
async fn what_nobody_can_see_is_named_inside_an_address() {
    let app = App::new().await;
    for unseen in UNSEEN {
        let point = format!("U+{:04X}", u32::from(unseen));
        for email in [format!("a{unseen}nn@example.org"), format!("ann@exam{unseen}ple.org")] {
            let answer = app.anonymous().register(&email, PASSWORD).await;
            assert_eq!(answer.wrong_fields(), ["email"], "{email:?}");
            assert!(answer.text.contains(&point), "{}", answer.text);
            let answer =
                visitor(&app).form("/auth/register", &[("email", &email), ("password", PASSWORD)]).await;
            assert!(error_of(&answer, "email").unwrap().contains(&point), "{email:?}");
            let outcome = app.import().batch(&[ForeignUser::new(email, bcrypt())]).await.unwrap();
            assert!(matches!(&outcome[..], [Imported::Refused(fault)] if fault.message.contains(&point)));
        }
    }
    assert!(!app.contents().await.contains("example.org"));
    app.register(ANN).await;
}

/// RFC 5321, section 4.1.2: a local part with such dots is a `Quoted-string`. NTT DOCOMO gave such addresses out until
/// 2009.
#[tokio::test]
async fn an_address_with_unusual_dots_can_be_imported_and_used() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let origin = "https://accounts.example.org";
    for (number, (bare, quoted)) in [
        ("a..b@docomo.example", "\"a..b\"@docomo.example"),
        ("abc.@docomo.example", "\"abc.\"@docomo.example"),
        (".x@docomo.example", "\".x\"@docomo.example"),
    ]
    .into_iter()
    .enumerate()
    {
        let (given, other) = if number % 2 == 0 { (bare, quoted) } else { (quoted, bare) };
        let refused = app.anonymous().register(bare, PASSWORD).await;
        assert_eq!(refused.wrong_fields(), ["email"]);
        assert!(refused.text.contains("expected no dot at the start, at the end or twice in a row"));
        let page = visitor(&app)
            .header("origin", origin)
            .form("/auth/register", &[("email", bare), ("password", PASSWORD)])
            .await;
        assert!(
            error_of(&page, "email").unwrap().contains("You cannot register such an address here"),
            "{}",
            page.text
        );
        assert!(app.anonymous().register(quoted, PASSWORD).await.text.contains("quotation marks"));
        let (one, again) = (ForeignUser::new(given, bcrypt()), ForeignUser::new(other, bcrypt()));
        let outcomes = app.import().apply().batch(&[one, again]).await.unwrap();
        assert!(
            matches!(&outcomes[..], [Imported::Added { .. }, Imported::Refused(fault)] if fault.field == "email"),
            "{outcomes:?}"
        );
        for spelling in [bare, quoted, &bare.to_uppercase(), &quoted.to_uppercase()] {
            let opened = app.anonymous().request_token(spelling, PASSWORD).await;
            assert_eq!(opened.status, StatusCode::OK, "{spelling}: {}", opened.text);
        }
        let asked = app.anonymous().post("/auth/forgot-password", json!({"email": bare})).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED);
        app.send_mails().await;
        let mail = smtp.mails().pop().unwrap();
        assert!(mail.to[0].starts_with(&format!("TO:<{quoted}>")), "{:?}", mail.to);
        assert!(mail.data.contains(&format!("\r\nTo: {quoted}\r\n")), "{}", mail.data);
    }
    let answer = app.anonymous().request_token("\"ann\"@example.org", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(app.add_user("a..b@x.org", PASSWORD).await.is_err());
}
