//! Roles, attributes, display names and profiles of users.

mod page;

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
};
use doorward::{
    Config,
    config::{ProfileField, ProfileKind},
    event::EventKind,
    user::JsonObject,
};
use serde_json::{Value, json};

use crate::{
    app::{ANN, Actor, App, BOB, PASSWORD, config},
    mail::mailbox::with_mail,
};

fn with_roles() -> Config {
    Config { roles: vec!["admin".into(), "editor".into()], ..config() }
}

fn with_profile() -> Config {
    let company = ProfileField {
        name: "company".into(),
        required: true,
        maximum: Some(10),
        label: [("en".into(), "Company".into()), ("de".into(), "Firma <b>".into())].into(),
        ..ProfileField::default()
    };
    let age = ProfileField {
        name: "age".into(),
        kind: ProfileKind::Number,
        maximum: Some(150),
        ..ProfileField::default()
    };
    let terms = ProfileField {
        name: "terms".into(),
        kind: ProfileKind::Boolean,
        required: true,
        ..ProfileField::default()
    };
    Config { profile: vec![company, age, terms], ..with_roles() }
}

async fn me(actor: &mut Actor<'_>) -> Value {
    let answer = actor.get("/auth/me").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The newest event of this kind, as its detail.
async fn detail(app: &App, kind: EventKind) -> Value {
    let events = app.events().of_kind(kind).next_page(10).await.unwrap();
    serde_json::to_value(&events.first().expect("an event").detail).unwrap()
}

#[tokio::test]
async fn a_user_without_details_has_empty_ones() {
    let app = App::new().await;
    let answer = app.ann().await.get("/auth/me").await;
    let empty = r#""display_name":null,"roles":[],"attributes":{},"profile":{}}"#;
    assert!(answer.text.ends_with(empty), "{}", answer.text);
}

#[tokio::test]
async fn roles_and_attributes_show_at_once_in_each_look_up() {
    let secret = "an introspection secret of 32 characters";
    let app = App::with(Config { introspection_secrets: vec![secret.into()], ..with_roles() }).await;
    let mut ann = app.ann().await;
    let id = app.id_of(ANN).await;
    assert_eq!(me(&mut ann).await["roles"], json!([]));

    assert!(app.set_roles(id, &["editor", "admin", "editor"]).await.unwrap());
    assert_eq!(me(&mut ann).await["roles"], json!(["admin", "editor"]));
    assert_eq!(detail(&app, EventKind::RolesChanged).await, json!({"added": "admin editor", "removed": ""}));
    assert!(app.remove_role(id, "admin").await.unwrap());
    assert_eq!(me(&mut ann).await["roles"], json!(["editor"]));
    assert_eq!(detail(&app, EventKind::RolesChanged).await, json!({"added": "", "removed": "admin"}));
    assert!(app.add_role(id, "admin").await.unwrap() && app.add_role(id, "admin").await.unwrap());

    let attributes = json!({"plan": "pro", "seats": 3, "odd": "}\"\u{0}é"});
    assert!(app.set_attributes(id, &attributes).await.unwrap());
    assert_eq!(me(&mut ann).await["attributes"], attributes);
    assert_eq!(detail(&app, EventKind::AttributesChanged).await, json!({"members": "odd plan seats"}));
    assert!(app.set_attributes(id, json!({"plan": "free", "seats": 3})).await.unwrap());
    assert_eq!(detail(&app, EventKind::AttributesChanged).await, json!({"members": "odd plan"}));

    let token = ann.authorization().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
    let fields = [("token", &*token), ("client_secret", secret)];
    let looked_up = app.anonymous().form("/auth/introspect", &fields).await.json();
    assert_eq!(looked_up["roles"], json!(["admin", "editor"]));
    assert_eq!(looked_up.get("attributes"), None);
    let fields = [("token", "unknown"), ("client_secret", secret)];
    assert_eq!(app.anonymous().form("/auth/introspect", &fields).await.json(), json!({"active": false}));

    let user = app.find_user(ANN).await.unwrap().unwrap();
    assert_eq!(user.attributes.parse::<Value>(), Some(json!({"plan": "free", "seats": 3})));
    assert_eq!(app.count("events WHERE kind = 'roles_changed'").await, 3);
}

#[tokio::test]
async fn a_role_that_is_taken_away_passes_on_no_node() {
    let app = App::with(with_roles()).await;
    let other = app.sibling(with_roles()).await;
    let mut here = app.ann().await;
    let mut there = other.anonymous().header("authorization", here.authorization().unwrap());
    let id = app.id_of(ANN).await;
    for round in 0..20 {
        let giver = if round % 2 == 0 { &app } else { &other };
        giver.set_roles(id, &["admin"]).await.unwrap();
        assert_eq!(me(&mut here).await["roles"], json!(["admin"]), "round {round}");
        assert_eq!(me(&mut there).await["roles"], json!(["admin"]), "round {round}");
        giver.remove_role(id, "admin").await.unwrap();
        assert_eq!(me(&mut here).await["roles"], json!([]), "round {round}");
        assert_eq!(me(&mut there).await["roles"], json!([]), "round {round}");
        giver.set_attributes(id, json!({"round": round})).await.unwrap();
        assert_eq!(me(&mut here).await["attributes"]["round"], round);
        assert_eq!(me(&mut there).await["attributes"]["round"], round);
    }
}

#[tokio::test]
async fn new_administrators_are_told_by_mail() {
    let app = App::with(Config { roles: with_roles().roles, ..with_mail() }).await;
    app.add_verified(ANN).await;
    app.add(BOB).await;
    app.add_verified("carol@example.org").await;
    let (ann, bob) = (app.id_of(ANN).await, app.id_of(BOB).await);
    let carol = app.id_of("carol@example.org").await;
    app.set_roles(ann, &["editor"]).await.unwrap();
    assert!(app.mails().await.is_empty());
    for _ in 0..2 {
        app.set_roles(ann, &["admin", "editor"]).await.unwrap();
    }
    // A stranger may have typed this address.
    app.add_role(bob, "admin").await.unwrap();
    // Hers is taken away before the mail is sent.
    app.add_role(carol, "admin").await.unwrap();
    app.remove_role(carol, "admin").await.unwrap();
    let mails = app.mails().await;
    let told: Vec<_> = mails.iter().map(|mail| (&*mail.to, &*mail.subject)).collect();
    assert_eq!(told, [(ANN, "Your account has administrator rights now")]);
    app.remove_role(ann, "admin").await.unwrap();
    assert_eq!(app.mails().await.len(), 1);
}

#[tokio::test]
async fn two_changes_at_once_lose_nothing() {
    let app = App::with(with_roles()).await;
    app.add(ANN).await;
    let id = app.id_of(ANN).await;
    for _ in 0..20 {
        app.set_roles(id, &[]).await.unwrap();
        let (one, other) = tokio::join!(app.add_role(id, "admin"), app.add_role(id, "editor"));
        assert!(one.unwrap() && other.unwrap());
        let user = app.find_user(ANN).await.unwrap().unwrap();
        assert_eq!(user.roles.iter().collect::<Vec<_>>(), ["admin", "editor"]);
    }
}

#[tokio::test]
async fn impossible_roles_and_attributes_change_nothing() {
    let app = App::with(with_roles()).await;
    app.add(ANN).await;
    let id = app.id_of(ANN).await;
    app.set_roles(id, &["editor"]).await.unwrap();
    let field = |result: doorward::Result<bool>| match result.unwrap_err() {
        doorward::Error::Invalid(errors) => errors[0].field.clone(),
        other => panic!("{other}"),
    };
    for role in ["owner", "", "admin editor", "Admin", "admin\n"] {
        assert_eq!(field(app.set_roles(id, &["admin", role]).await), "roles");
        assert_eq!(field(app.add_role(id, role).await), "roles");
    }
    for attributes in [json!([]), json!("{}"), json!(1), json!(null)] {
        assert_eq!(field(app.set_attributes(id, attributes).await), "attributes");
    }
    // The text of the object has eight bytes more.
    assert_eq!(field(app.set_attributes(id, json!({"a": "x".repeat(2041)})).await), "attributes");
    assert!(app.set_attributes(id, json!({"a": "x".repeat(2040)})).await.unwrap());
    for name in ["", " \u{200b}", &"a".repeat(65), "a\u{202e}b", "a\nb", "a\0b"] {
        assert_eq!(field(app.set_display_name(id, Some(name)).await), "display_name");
    }
    let nobody = "17".parse::<doorward::UserId>().unwrap();
    assert!(!app.set_roles(nobody, &["admin"]).await.unwrap());
    assert!(!app.set_attributes(nobody, json!({})).await.unwrap());
    assert!(!app.set_display_name(nobody, Some("Ann")).await.unwrap());
    assert_eq!(app.find_user(ANN).await.unwrap().unwrap().roles.iter().collect::<Vec<_>>(), ["editor"]);
    assert_eq!(app.count("events WHERE kind = 'roles_changed'").await, 1);
}

#[tokio::test]
async fn a_role_that_is_declared_no_more_is_not_shown_and_can_be_removed() {
    let app = App::with(with_roles()).await;
    let mut ann = app.ann().await;
    let id = app.id_of(ANN).await;
    app.set_roles(id, &["admin", "editor"]).await.unwrap();
    let later = app.sibling(Config { roles: vec!["editor".into()], ..config() }).await;
    let mut there = later.anonymous().header("authorization", ann.authorization().unwrap());
    assert_eq!(me(&mut there).await["roles"], json!(["editor"]));
    assert_eq!(
        there.patch("/auth/me", json!({"display_name": "Ann"})).await.json()["roles"],
        json!(["editor"])
    );
    assert_eq!(later.browser().log_in(ANN, PASSWORD).await.json()["roles"], json!(["editor"]));
    later.remove_role(id, "admin").await.unwrap();
    assert_eq!(me(&mut ann).await["roles"], json!(["editor"]));
}

#[tokio::test]
async fn settings_with_impossible_roles_are_refused() {
    for roles in [vec!["Admin"], vec![""], vec!["a", "a"], vec!["a b"]] {
        let roles = roles.into_iter().map(str::to_owned).collect();
        let error = crate::app::refusal(Config { roles, ..config() }).await;
        assert!(error.contains("roles: "), "{error}");
    }
    let profile = vec![ProfileField { name: "roles".into(), ..ProfileField::default() }];
    let error = crate::app::refusal(Config { profile, ..config() }).await;
    assert!(error.contains("profile: name: "), "{error}");
}

#[tokio::test]
async fn users_give_themselves_no_roles() {
    let app = App::with(with_profile()).await;
    let good = json!({"email": ANN, "password": PASSWORD, "profile": {"company": "Acme", "terms": true}});
    for (field, value) in [
        ("roles", json!(["admin"])),
        ("roles", json!("admin")),
        ("roles", json!(null)),
        ("attributes", json!({"admin": true})),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(app.anonymous().post("/auth/register", body).await.wrong_fields(), [field]);
    }
    let mut body = good.clone();
    body["profile"]["roles"] = json!(["admin"]);
    assert_eq!(app.anonymous().post("/auth/register", body).await.wrong_fields(), ["profile"]);
    assert_eq!(app.count("users").await, 0);

    // Other unknown fields are ignored, as ever.
    let mut body = good.clone();
    body["role"] = json!("admin");
    assert_eq!(app.anonymous().post("/auth/register", body).await.status, StatusCode::CREATED);
    let mut ann = app.bearer(&app.token(ANN).await);
    for (body, fields) in [
        (json!({"roles": ["admin"]}), &["roles", "email"][..]),
        (json!({"display_name": "Ann", "roles": ["admin"]}), &["roles"]),
        (json!({"display_name": "Ann", "attributes": {}}), &["attributes"]),
        (json!({"profile": {"company": "New"}, "roles": []}), &["roles"]),
        (json!({"profile": {"roles": ["admin"]}}), &["profile"]),
        (json!({"email": "b@example.org", "current_password": PASSWORD, "roles": ["admin"]}), &["roles"]),
    ] {
        let answer = ann.patch("/auth/me", body.clone()).await;
        assert_eq!(answer.wrong_fields(), fields, "{body}");
    }
    let user = me(&mut ann).await;
    assert_eq!(
        (&user["roles"], &user["attributes"], &user["display_name"]),
        (&json!([]), &json!({}), &json!(null))
    );
    assert_eq!(user["profile"], json!({"company": "Acme", "terms": true}));
    // The page ignores such fields, as it ignores all that it does not know.
    let mut browser = app.browser();
    let fields = [
        ("email", "bo@example.org"),
        ("password", PASSWORD),
        ("profile.company", "Acme"),
        ("profile.terms", "on"),
    ];
    let with_role =
        [&fields[..], &[("roles", "admin"), ("profile.roles", "admin"), ("attributes", "{}")]].concat();
    assert_eq!(browser.form("/auth/register", &with_role).await.status, StatusCode::SEE_OTHER);
    let user = me(&mut browser).await;
    assert_eq!((&user["roles"], &user["attributes"]), (&json!([]), &json!({})));
    assert_eq!(user["profile"], json!({"company": "Acme", "terms": true}));
}

#[tokio::test]
async fn users_change_their_display_name() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let answer = ann.patch("/auth/me", json!({"display_name": "  Ann \u{1f98a} "})).await;
    assert_eq!((answer.status, &answer.json()["display_name"]), (StatusCode::OK, &json!("Ann \u{1f98a}")));
    assert_eq!(me(&mut ann).await["display_name"], "Ann \u{1f98a}");
    for name in [
        json!(""),
        json!("a".repeat(65)),
        json!("a\u{202e}b"),
        json!("a\nb"),
        json!(7),
        json!(["Ann"]),
        json!({}),
    ] {
        assert_eq!(
            ann.patch("/auth/me", json!({"display_name": name})).await.wrong_fields(),
            ["display_name"]
        );
    }
    let both = json!({"display_name": "Bo", "email": "b@example.org", "current_password": PASSWORD});
    assert_eq!(ann.patch("/auth/me", both).await.wrong_fields(), ["email"]);
    assert_eq!(ann.patch("/auth/me", json!({})).await.wrong_fields(), ["email"]);
    assert_eq!(ann.patch("/auth/me", json!({"profile": {}})).await.wrong_fields(), ["body"]);
    assert_eq!(me(&mut ann).await["display_name"], "Ann \u{1f98a}");
    assert_eq!(
        ann.patch("/auth/me", json!({"display_name": null})).await.json()["display_name"],
        json!(null)
    );
    assert_eq!(me(&mut ann).await["display_name"], json!(null));
    assert_eq!(
        app.anonymous().patch("/auth/me", json!({"display_name": "Ann"})).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn another_site_changes_no_name() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await.header("sec-fetch-site", "cross-site");
    let answer = browser.patch("/auth/me", json!({"display_name": "Eve"})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
    assert_eq!(app.count("users WHERE display_name IS NOT NULL").await, 0);
}

#[tokio::test]
async fn registration_asks_for_the_declared_fields() {
    let app = App::with(with_profile()).await;
    let register = async |profile: Value| {
        let body = json!({"email": ANN, "password": PASSWORD, "profile": profile});
        app.anonymous().post("/auth/register", body).await
    };
    assert_eq!(
        app.anonymous().register(ANN, PASSWORD).await.wrong_fields(),
        ["profile.company", "profile.terms"]
    );
    for (profile, fields) in [
        (json!("Acme"), &["profile"][..]),
        (json!({"company": "", "terms": true}), &["profile.company"]),
        (json!({"company": "longer than ten", "terms": true}), &["profile.company"]),
        (json!({"company": "Acme", "terms": false, "age": "7"}), &["profile.age", "profile.terms"]),
        (json!({"company": "Acme", "terms": true, "age": 151}), &["profile.age"]),
    ] {
        assert_eq!(register(profile.clone()).await.wrong_fields(), fields, "{profile}");
    }
    let twice = format!(
        r#"{{"email":"{ANN}","password":"{PASSWORD}","profile":{{"company":"a","company":"b","terms":true}}}}"#
    );
    let answer = app
        .anonymous()
        .send(axum::http::Method::POST, "/auth/register", Some("application/json"), twice)
        .await;
    assert_eq!(answer.wrong_fields(), ["body"]);
    let answer = register(json!({"company": " Acme ", "terms": true, "age": null})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["profile"], json!({"company": "Acme", "terms": true}));

    let mut ann = app.bearer(&app.token(ANN).await);
    let changed = ann.patch("/auth/me", json!({"profile": {"age": 44}, "display_name": "Ann"})).await.json();
    assert_eq!(changed["profile"], json!({"age": 44, "company": "Acme", "terms": true}));
    assert_eq!(
        ann.patch("/auth/me", json!({"profile": {"company": null}})).await.wrong_fields(),
        ["profile.company"]
    );
    assert_eq!(ann.patch("/auth/me", json!({"profile": {"age": null}})).await.json()["display_name"], "Ann");
    assert_eq!(me(&mut ann).await["profile"], json!({"company": "Acme", "terms": true}));
}

#[tokio::test]
async fn the_page_asks_for_the_declared_fields_in_the_language_of_the_reader() {
    let app = App::with(with_profile()).await;
    let mut browser = app.browser();
    let page = browser.get("/auth/register?lang=de").await.text;
    assert!(page.contains("Firma &lt;b&gt;") && page.contains(r#"name="profile.company""#), "{page}");
    assert!(page.contains(r#"name="profile.terms" type="checkbox""#), "{page}");
    assert!(browser.get("/auth/register?lang=fr").await.text.contains("Company"));
    let fields =
        [("email", ANN), ("password", PASSWORD), ("profile.company", "<script>"), ("profile.age", "x")];
    let again = browser.form("/auth/register", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.text.contains("Fill in this field.")
            && again.text.contains("Enter a whole number, at most 150.")
    );
    assert!(again.text.contains("&lt;script&gt;") && !again.text.contains("<script>\""), "{}", again.text);
    assert_eq!(app.count("users").await, 0);
    let fields =
        [("email", ANN), ("password", PASSWORD), ("profile.company", "Acme"), ("profile.terms", "on")];
    assert_eq!(browser.form("/auth/register", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(me(&mut browser).await["profile"], json!({"company": "Acme", "terms": true}));
}

#[tokio::test]
async fn the_document_describes_the_declared_fields() {
    let app = App::with(with_profile()).await;
    let document: Value = serde_json::from_str(&app.auth.openapi()).unwrap();
    let body = &document["components"]["schemas"]["Registration"];
    let profile = &body["properties"]["profile"];
    assert_eq!(body["required"], json!(["email", "password", "profile"]));
    assert_eq!(profile["required"], json!(["company", "terms"]));
    assert_eq!(profile["additionalProperties"], false);
    assert_eq!(
        profile["properties"]["company"],
        json!({"type": "string", "maxLength": 10, "description": "Company"})
    );
    assert_eq!(profile["properties"]["age"]["maximum"], 150);
    let change = &document["components"]["schemas"]["UserChange"]["properties"];
    assert_eq!(change["profile"].get("required"), None);
    assert!(change["details"].is_null() && change["display_name"].is_object(), "{change}");
    let without: Value = serde_json::from_str(&App::new().await.auth.openapi()).unwrap();
    assert_eq!(without["components"]["schemas"]["Registration"]["properties"].get("profile"), None);
}

#[tokio::test]
async fn an_import_carries_the_details_and_refuses_unknown_roles() {
    let app = App::with(with_profile()).await;
    let user = |email: &str, details: Value| {
        let mut line = json!({"email": email, "password_hash": "$2b$04$abcdefghijklmnopqrstuuBlPCBCbEvQBdMLPpqGqQNrjs0Sxq6ei"});
        line.as_object_mut().unwrap().extend(details.as_object().unwrap().clone());
        doorward::import::ForeignUser::from_json(line.to_string().as_bytes()).unwrap()
    };
    let details = json!({
        "display_name": "Ann", "roles": ["editor", "admin"], "attributes": {"plan": "pro"}, "profile": {"company": "Acme"},
    });
    let refused = [
        (json!({"roles": ["owner"]}), "roles"),
        (json!({"display_name": "a\nb"}), "display_name"),
        (json!({"attributes": {"a": "x".repeat(2041)}}), "attributes"),
        (json!({"profile": {"company": 7}}), "profile.company"),
        (json!({"profile": {"roles": "admin"}}), "profile"),
    ];
    let mut users: Vec<_> =
        refused.iter().map(|(details, _)| user("bo@example.org", details.clone())).collect();
    users.push(user(ANN, details.clone()));
    for import in [app.import(), app.import().apply()] {
        let mut import = import;
        let outcomes = import.batch(&users).await.unwrap();
        for ((_, field), outcome) in refused.iter().zip(&outcomes) {
            let doorward::import::Imported::Refused(error) = outcome else { panic!("{field}: {outcome:?}") };
            assert_eq!(error.field, *field);
        }
        assert!(matches!(outcomes.last(), Some(doorward::import::Imported::Added { .. })), "{outcomes:?}");
    }
    let ann = app.find_user(ANN).await.unwrap().unwrap();
    assert_eq!(ann.display_name.as_deref(), Some("Ann"));
    assert_eq!(ann.roles.iter().collect::<Vec<_>>(), ["admin", "editor"]);
    assert_eq!(Some(ann.attributes), JsonObject::of(&details["attributes"]));
    assert_eq!(Some(ann.profile), JsonObject::of(&details["profile"]));
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn a_name_stands_in_no_letter() {
    let app = App::with(Config { dev_mailbox: true, ..config() }).await;
    app.add_verified(ANN).await;
    app.set_display_name(app.id_of(ANN).await, Some("Win a prize at evil.example")).await.unwrap();
    let mut anyone = app.anonymous();
    anyone.post("/auth/forgot-password", json!({"email": ANN})).await;
    app.send_mails().await;
    let request = Request::get("/auth/dev/mailbox").header("host", "localhost:8000");
    let mut request = request.header("accept", "application/json").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo("127.0.0.1:4000".parse::<SocketAddr>().unwrap()));
    let letters = anyone.raw(request).await.text;
    assert!(letters.contains(ANN) && !letters.contains("evil.example"), "{letters}");
}
