//! The keys of addresses: one for all spellings, also in databases of older versions.

use axum::http::StatusCode;
use doorward::{Auth, Error};
use serde_json::json;

use crate::{
    app::{App, NEW_PASSWORD, PASSWORD, config},
    mail::mailbox::with_mail,
};

/// Three spellings of one address. In lower case they are three addresses: a sigma at the end of a word has another
/// form.
const SMALL: &str = "νίκος.παππάς@example.org";
const CAPITAL: &str = "ΝΊΚΟΣ.ΠΑΠΠΆΣ@example.org";
const MIXED: &str = "Νίκος.Παππάσ@example.org";

/// Its key (CaseFolding.txt: `03A3` and `03C2` both fold to `03C3`).
const FOLDED: &str = "νίκοσ.παππάσ@example.org";

async fn opens(app: &App, email: &str, password: &str) -> bool {
    app.anonymous().request_token(email, password).await.status == StatusCode::OK
}

/// Gives a user the address and the key that an older version stored.
async fn as_before(app: &App, id: i64, email: &str, created_at: i64) {
    let key = email.to_lowercase();
    app.execute(&format!(
        "UPDATE users SET email = '{email}', email_key = '{key}', created_at = {created_at} WHERE id = {id}"
    ))
    .await;
}

#[tokio::test]
async fn one_address_in_any_case_is_one_account() {
    let app = App::new().await;
    for (number, (one, other)) in [
        (SMALL, CAPITAL),
        ("stra\u{df}e@example.org", "STRA\u{1e9e}E@example.org"),
        ("\u{b5}@example.org", "\u{3bc}@example.org"),
        ("\u{ab70}@example.org", "\u{13a0}@example.org"),
    ]
    .into_iter()
    .enumerate()
    {
        app.register(one).await;
        let again = app.anonymous().register(other, PASSWORD).await;
        assert_eq!((again.status, &*again.code()), (StatusCode::BAD_REQUEST, "email_exists"), "{other}");
        assert!(opens(&app, other, PASSWORD).await, "{other}");
        assert_eq!(app.find_user(other).await.unwrap().unwrap().email, one);
        assert_eq!(app.count("users").await, number as i64 + 1);
    }
    app.register("strasse@example.org").await;
    let posing = app.anonymous().register("\u{17f}am@example.org", PASSWORD).await;
    assert_eq!(posing.wrong_fields(), ["email"]);
}

#[tokio::test]
async fn old_keys_are_rewritten_at_the_next_start() {
    let app = App::with(with_mail()).await;
    let id = app.add("nikos@example.org").await;
    app.anonymous().post("/auth/forgot-password", json!({"email": "nikos@example.org"})).await;
    app.mails().await;
    as_before(&app, id, SMALL, 1).await;
    app.execute(&format!("UPDATE one_time_tokens SET sent_to = '{SMALL}', sent_to_key = '{SMALL}'")).await;
    // Until then the old node finds it by its spelling, and a new node too.
    assert!(opens(&app, SMALL, PASSWORD).await);
    let migrated = Auth::builder(&app.database).migrate().await.unwrap();
    assert_eq!((migrated.applied, migrated.clashes), (vec![], vec![]));
    assert_eq!(app.count(&format!("users WHERE email_key = '{FOLDED}' AND email = '{SMALL}'")).await, 1);
    assert_eq!(app.count(&format!("one_time_tokens WHERE sent_to_key = '{FOLDED}'")).await, 1);
    for spelling in [SMALL, CAPITAL, MIXED] {
        assert!(opens(&app, spelling, PASSWORD).await, "{spelling}");
    }
}

#[tokio::test]
async fn a_clash_is_reported_at_every_start_and_nobody_is_locked_out() {
    for holder_has_the_key in [false, true] {
        let app = App::new().await;
        let (old, young) = (app.add("a@example.org").await, app.add("b@example.org").await);
        app.set_password(young.to_string().parse::<doorward::UserId>().unwrap(), NEW_PASSWORD).await.unwrap();
        let (olds, youngs) =
            if holder_has_the_key { (SMALL, MIXED.replace('ς', "σ")) } else { (CAPITAL, SMALL.to_owned()) };
        as_before(&app, old, olds, 1).await;
        as_before(&app, young, &youngs, 2).await;
        let (holder, other) = if holder_has_the_key { (young, old) } else { (old, young) };
        for _ in 0..2 {
            let clashes = Auth::builder(&app.database).migrate().await.unwrap().clashes;
            assert_eq!(clashes.len(), 1);
            assert_eq!((i64::from(clashes[0].user), i64::from(clashes[0].holder)), (other, holder));
            let emails = (&*clashes[0].email, &*clashes[0].holder_email);
            assert_eq!(emails, if holder_has_the_key { (olds, &*youngs) } else { (&*youngs, olds) });
            assert_eq!(app.count("users").await, 2);
        }
        let app = app.sibling(config()).await;
        // Each owner logs in with the spelling that they used.
        assert!(opens(&app, olds, PASSWORD).await && !opens(&app, olds, NEW_PASSWORD).await);
        assert!(opens(&app, &youngs, NEW_PASSWORD).await && !opens(&app, &youngs, PASSWORD).await);
        // Any other spelling is the holder's.
        assert_eq!(app.id_of(FOLDED).await.to_string(), holder.to_string());
        // While the other one waits for the key, nobody else gets it.
        app.delete_user(holder.to_string().parse::<doorward::UserId>().unwrap()).await.unwrap();
        let stranger = app.add("c@example.org").await;
        for spelling in [SMALL, CAPITAL, MIXED, FOLDED] {
            assert_eq!(
                app.anonymous().register(spelling, PASSWORD).await.code(),
                "email_exists",
                "{spelling}"
            );
            let moved =
                app.set_email(stranger.to_string().parse::<doorward::UserId>().unwrap(), spelling).await;
            assert_eq!(moved.unwrap_err(), Error::EmailExists);
        }
        assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes, []);
        for spelling in [SMALL, CAPITAL, MIXED, FOLDED] {
            assert_eq!(app.id_of(spelling).await.to_string(), other.to_string());
        }
    }
}

#[tokio::test]
async fn another_address_ends_a_clash() {
    let app = App::new().await;
    let (old, young) = (app.add("a@example.org").await, app.add("b@example.org").await);
    as_before(&app, old, CAPITAL, 1).await;
    as_before(&app, young, SMALL, 2).await;
    assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes.len(), 1);
    app.set_email(young.to_string().parse::<doorward::UserId>().unwrap(), "n@example.org").await.unwrap();
    assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes, []);
    assert_eq!(app.count("email_clashes").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn several_nodes_rewrite_the_keys_of_many_users() {
    let app = App::new().await;
    // More than a transaction holds.
    for first in (1..=1200).step_by(400) {
        let rows: Vec<_> = (first..first + 400)
            .map(|id| format!("({id}, 'Χ.{id}ς@example.org', 'χ.{id}ς@example.org', {}, 1)", id / 7))
            .collect();
        app.execute(&format!(
            "INSERT INTO users (id, email, email_key, created_at, updated_at) VALUES {}",
            rows.join(", ")
        ))
        .await;
    }
    let nodes = (0..3).map(|_| {
        let url = app.database.clone();
        tokio::spawn(async move { Auth::builder(&url).migrate().await })
    });
    for node in futures_util::future::join_all(nodes).await {
        assert_eq!(node.unwrap().unwrap().clashes, []);
    }
    assert_eq!(app.count("users WHERE email_key LIKE 'χ.%σ@example.org'").await, 1200);
}

/// The owners of an address that folds to ASCII, and of one that begins with a letter that nobody can see. Older
/// versions registered both.
#[tokio::test]
async fn an_account_that_could_not_be_registered_any_more_still_opens() {
    let app = App::with(with_mail()).await;
    app.add("sam@example.org").await;
    app.set_password(app.id_of("sam@example.org").await, NEW_PASSWORD).await.unwrap();
    for (number, old) in ["\u{17f}am@example.org", "\u{3164}sam@example.org"].into_iter().enumerate() {
        let id = app.add(&format!("u{number}@example.org")).await;
        as_before(&app, id, old, 1).await;
        assert_eq!(Auth::builder(&app.database).migrate().await.unwrap().clashes, []);
        assert_eq!(app.count(&format!("users WHERE email_key = '{old}'")).await, 1);
        assert!(opens(&app, old, PASSWORD).await && !opens(&app, "sam@example.org", PASSWORD).await);
        assert!(opens(&app, "sam@example.org", NEW_PASSWORD).await);
    }
    app.anonymous().post("/auth/forgot-password", json!({"email": "\u{17f}am@example.org"})).await;
    let mails = app.mails().await;
    assert_eq!((mails.len(), &*mails[0].to), (1, "\u{17f}am@example.org"));
}

#[tokio::test]
async fn an_invisible_character_inside_a_domain_is_named_on_every_path() {
    let app = App::with(with_mail()).await;
    app.add("ann@example.org").await;
    let typed = "ann@exa\u{200b}mple.org";
    let code = "ABCD-EFGH";
    for (path, body) in [
        ("/auth/register", json!({"email": typed, "password": PASSWORD})),
        ("/auth/forgot-password", json!({"email": typed})),
        ("/auth/login-attempt", json!({"email": typed})),
        ("/auth/undo-email-change/request", json!({"email": typed})),
        ("/auth/reset-password", json!({"email": typed, "code": code, "new_password": NEW_PASSWORD})),
        ("/auth/verify-email", json!({"email": typed, "code": code})),
    ] {
        let answer = app.anonymous().post(path, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {}", answer.text);
        assert_eq!(answer.wrong_fields(), ["email"], "{path}");
        assert!(answer.text.contains("U+200B"), "{path} {}", answer.text);
    }
    // A log-in tells only that something is wrong.
    assert_eq!(app.anonymous().request_token(typed, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert!(app.find_user(typed).await.unwrap().is_none());
    // As it is when it stands at an end.
    assert!(opens(&app, "ann@example.org\u{200b}", PASSWORD).await);
}
