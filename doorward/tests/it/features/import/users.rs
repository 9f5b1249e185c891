//! Importing users of another system with the hashes of their passwords.

use axum::http::StatusCode;
use doorward::{
    Config, Error,
    config::PasswordConfig,
    import::{ForeignUser, Imported},
};
use doorward_password::PasswordContext;
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    accounts::credential::prove::MD5,
    app::{ANN, App, PASSWORD, config},
};

fn bcrypt() -> String {
    PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap()
}

fn user(email: &str, hash: &str) -> ForeignUser {
    ForeignUser::new(email, hash)
}

fn user_with_id(email: &str, hash: &str, id: i64) -> ForeignUser {
    let mut user = user(email, hash);
    user.id = Some(id);
    user
}

/// The outcome for each user: `added`, `there`, or the field that was refused.
fn outcomes(imported: &[Imported]) -> Vec<String> {
    let name = |outcome: &Imported| match outcome {
        Imported::Added { .. } => "added".to_owned(),
        Imported::AlreadyThere => "there".to_owned(),
        Imported::Refused(error) => error.field.to_string(),
        _ => panic!("unexpected: {outcome:?}"),
    };
    imported.iter().map(name).collect()
}

async fn opens(app: &App, email: &str) -> bool {
    let answer = app.anonymous().request_token(email, PASSWORD).await;
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn a_user_is_added_with_a_hash() {
    let app = App::new().await;
    let added = app.add_user_with_hash("Ann@Example.org", &bcrypt()).await.unwrap();
    assert_eq!(added.email, "Ann@Example.org");
    assert!(opens(&app, ANN).await);
    assert_eq!(app.add_user_with_hash("ANN@example.org", MD5).await, Err(Error::EmailExists));
    for (email, hash, field) in [
        ("bo", MD5, "email"),
        ("bo@example.org", "", "password_hash"),
        ("bo@example.org", "!", "password_hash"),
        ("bo@example.org", PASSWORD, "password_hash"),
        ("bo@example.org", "md5$sa\0lt$0cc175b9c0f1b6a831c399e269772661", "password_hash"),
        // This hash needs four terabytes of memory.
        (
            "bo@example.org",
            "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21l$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh",
            "password_hash",
        ),
    ] {
        let Err(Error::Invalid(errors)) = app.add_user_with_hash(email, hash).await else {
            panic!("{hash} was accepted");
        };
        assert_eq!(errors[0].field, field, "{hash}");
        assert!(hash.len() < 2 || !errors[0].message.contains(hash), "{errors:?}");
    }
    assert_eq!(app.users(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_reports_each_outcome() {
    let app = App::new().await;
    let before = app.contents().await;
    let users =
        [user(ANN, &bcrypt()), user("bo@example.org", MD5), user("cy@example.org", "!"), user("dee", MD5)];
    let imported = app.import().wrap().batch(&users).await.unwrap();
    assert_eq!(outcomes(&imported), ["added", "added", "password_hash", "email"]);
    assert!(matches!(imported[0], Imported::Added { scheme: "bcrypt", weak: false, .. }));
    assert!(matches!(imported[1], Imported::Added { scheme: "md5", weak: true, .. }));
    assert_eq!(app.contents().await, before);
}

#[tokio::test]
async fn an_import_keeps_all_details() {
    let app = App::new().await;
    let mut ann = user(ANN, &bcrypt());
    (ann.id, ann.email_verified, ann.created_at) = (Some((1 << 53) - 1), true, Some(1_000_000_000));
    let mut bo = user(" Bo@B\u{fc}cher.example ", MD5);
    bo.id = Some(1);
    let cy = user("cy@example.org", MD5);
    assert_eq!(outcomes(&app.import().apply().batch(&[ann, bo, cy]).await.unwrap()), ["added"; 3]);

    let ann = app.find_user(ANN).await.unwrap().unwrap();
    assert_eq!(i64::from(ann.id), (1 << 53) - 1);
    assert_eq!(ann.created_at.as_second(), 1_000_000_000);
    assert!(ann.email_verified_at.is_some_and(|verified_at| verified_at > ann.created_at));
    let bo = app.find_user("bo@xn--bcher-kva.example").await.unwrap().unwrap();
    assert_eq!((i64::from(bo.id), bo.email.as_str()), (1, "Bo@B\u{fc}cher.example"));
    assert_eq!(bo.email_verified_at, None);
    let cy = app.find_user("cy@example.org").await.unwrap().unwrap();
    assert!((1 << 40..1 << 53).contains(&i64::from(cy.id)));
    for email in [ANN, "bo@b\u{fc}cher.example", "cy@example.org"] {
        assert!(opens(&app, email).await, "{email}");
    }
    // The API shows the large number exactly.
    let me = app.bearer(&app.token(ANN).await).get("/auth/me").await;
    assert_eq!(me.json()["id"], json!(9_007_199_254_740_991_i64));
}

#[tokio::test]
async fn an_import_can_be_repeated() {
    let app = App::new().await;
    let users: Vec<_> = (0..1200)
        .map(|number| {
            let mut user = user(&format!("user{number}@example.org"), MD5);
            user.id = (number % 2 == 0).then_some(number + 1);
            user
        })
        .collect();
    assert_eq!(outcomes(&app.import().apply().batch(&users).await.unwrap()), ["added"; 1200]);
    let before = app.contents().await;
    assert_eq!(before.matches("credentials: ").count(), 1200);
    for _ in 0..2 {
        assert_eq!(outcomes(&app.import().apply().batch(&users).await.unwrap()), ["there"; 1200]);
        assert_eq!(outcomes(&app.import().apply().wrap().batch(&users).await.unwrap()), ["there"; 1200]);
    }
    assert_eq!(app.contents().await, before);
}

#[tokio::test]
async fn an_existing_user_stays_unchanged() {
    let app = App::new().await;
    app.register(ANN).await;
    let bare = app.register("bare@example.org").await;
    app.execute(&format!("DELETE FROM credentials WHERE user_id = {bare}")).await;
    assert_eq!(
        outcomes(&app.import().apply().batch(&[user("bo@example.org", MD5)]).await.unwrap()),
        ["added"]
    );
    let bo = app.find_user("bo@example.org").await.unwrap().unwrap();
    let before = app.contents().await;
    let users = [
        user("ANN@example.org", MD5),
        user("bare@example.org", MD5),
        user_with_id("cy@example.org", MD5, bo.id.into()),
        user_with_id("bo@example.org", MD5, 17),
    ];
    let imported = app.import().apply().wrap().batch(&users).await.unwrap();
    assert_eq!(outcomes(&imported), ["password_hash", "email", "id", "id"]);
    assert_eq!(app.contents().await, before);

    // A log-in replaces the hash, and a repeated import does not restore the old one.
    assert!(opens(&app, "bo@example.org").await);
    let before = app.contents().await;
    let again =
        app.import().apply().batch(&[user_with_id("bo@example.org", MD5, bo.id.into())]).await.unwrap();
    assert_eq!(outcomes(&again), ["password_hash"]);
    assert_eq!(app.contents().await, before);
}

#[tokio::test]
async fn duplicates_within_one_import_are_refused() {
    let app = App::new().await;
    for import in [app.import(), app.import().apply(), app.import().apply()] {
        let mut import = import;
        let first = import.batch(&[user_with_id(ANN, MD5, 1), user("Ann@EXAMPLE.org", MD5)]).await.unwrap();
        assert_eq!(outcomes(&first)[1], "email");
        let second =
            import.batch(&[user_with_id("bo@example.org", MD5, 1), user(ANN, &bcrypt())]).await.unwrap();
        assert_eq!(outcomes(&second), ["id", "email"]);
    }
    assert_eq!(app.users(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn values_out_of_range_are_refused() {
    let app = App::new().await;
    let mut users = Vec::new();
    for id in [0, -1, 1 << 53, i64::MAX, i64::MIN] {
        users.push(user_with_id(ANN, MD5, id));
    }
    // Milliseconds instead of seconds, a time before 1970, and the limits of the type.
    for created_at in [1_600_000_000_000, -1, i64::MAX, i64::MIN] {
        let mut ann = user(ANN, MD5);
        ann.created_at = Some(created_at);
        users.push(ann);
    }
    let imported = app.import().apply().batch(&users).await.unwrap();
    assert_eq!(outcomes(&imported), [&["id"; 5][..], &["created_at"; 4]].concat());
    assert!(app.users(None, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_import_wraps_weak_hashes_on_request() {
    // One hashing thread and one place in the queue are enough.
    let password = PasswordConfig { hashing_threads: 1, hashing_queue: 1, ..config().password };
    let app = App::with(Config { password, ..config() }).await;
    let strong = bcrypt();
    let users = [user(ANN, MD5), user("bo@example.org", &strong)];
    assert_eq!(outcomes(&app.import().apply().wrap().batch(&users).await.unwrap()), ["added"; 2]);
    let contents = app.contents().await;
    assert!(
        !contents.contains(MD5) && contents.contains("$wrap$") && contents.contains(&strong),
        "{contents}"
    );
    // An import recognises the user with a wrapped hash too.
    for import in [app.import().apply(), app.import().apply().wrap()] {
        let mut import = import;
        assert_eq!(outcomes(&import.batch(&users).await.unwrap()), ["there"; 2]);
    }
    assert_eq!(app.contents().await, contents);
    assert!(opens(&app, ANN).await && opens(&app, "bo@example.org").await);
    assert!(!app.contents().await.contains("$wrap$"));
}

#[tokio::test]
async fn a_credential_that_is_an_object_opens_the_account() {
    // A credential of Keycloak: PBKDF2 with SHA-256 and 1000 iterations.
    let line = json!({
        "email": ANN,
        "password_hash": {
            "type": "password",
            "secretData": json!({"value": "cfcKhhxcNxLiYkdI3PmwvC7bkgo8NgNRqnZO52mB1Ri0vU1k3bkFKksbXJD0gLaGDv1Lp6uVufDk0VnA5dKtJw==", "salt": "c2Vhc2FsdHNlYXNhbHQ="}).to_string(),
            "credentialData": json!({"hashIterations": 1000, "algorithm": "pbkdf2-sha256"}).to_string(),
        },
    });
    let app = App::new().await;
    let ann = ForeignUser::from_json(line.to_string().as_bytes()).unwrap();
    for expected in ["added", "there"] {
        assert_eq!(
            outcomes(&app.import().apply().batch(std::slice::from_ref(&ann)).await.unwrap()),
            [expected]
        );
    }
    assert!(opens(&app, ANN).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_imports_add_each_user_once() {
    let app = App::new().await;
    let users: Vec<_> = (0..300).map(|number| user(&format!("user{number}@example.org"), MD5)).collect();
    let imports = (0..4).map(|_| {
        let (auth, users) = (app.auth.clone(), users.clone());
        tokio::spawn(async move { auth.import().apply().batch(&users).await.unwrap() })
    });
    let mut added = 0;
    for imported in join_all(imports).await {
        let names = outcomes(&imported.unwrap());
        assert!(names.iter().all(|name| ["added", "there"].contains(&&**name)), "{names:?}");
        added += names.iter().filter(|name| **name == "added").count();
    }
    assert_eq!(added, 300);
    let contents = app.contents().await;
    assert_eq!(contents.matches("users: ").count(), 300);
    assert_eq!(contents.matches("credentials: ").count(), 300);
}
