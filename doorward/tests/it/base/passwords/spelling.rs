//! Hashes of other systems, and the texts that their owners type. No log-in takes a password from its owner.

use axum::http::StatusCode;
use doorward_password::PasswordContext;

use crate::app::{ANN, App, NEW_PASSWORD, patient};

/// "it's" as `WordPress` 6.1.9 and 6.8 store it, and `a'"&<>` as phpBB does.
const WORDPRESS: &str = "$P$BosrvadkrEudtnuGHIByyUxE6uRP2f.";
/// "café d'hiver", decomposed.
const WORDPRESS_DECOMPOSED: &str = "$P$B/5IE.JbmhYDhRQ3PVy0XuhELYSMv9/";
const WORDPRESS_6_8: &str = "$wp$2y$04$iqiUP0i7XQVyJNybJP1ywudQY731WJR3c1w91.qO3iRwKvlDMnM1u";
const PHPBB: &str = "$H$BkkyBKGJ0k6aTqtlRAZno7Wf1LhwId1";
/// "ﬁnancial ﬂow" as better-auth 1.7.25 stores it, and "café au lait" as Lucia 2 does.
const BETTER_AUTH: &str = "ffbe2cc0a888bf4300e388bd143f5981:2f57ea8e7609b280c38e4e254c91b2007dd849542dc0ec3110f3edd8a9bdaf83\
     f49d973d0de2730c97cd7c6d138684e919eed922a3a48de84eeada70a8171868";
const LUCIA: &str = "s2:ulprcm6it1g1m1m9:d6afbd207f4a3f7d1bbc2ff15f3107c43f39c72869581d61693c651487e27142ad73601f26333f6954a\
     7506455c37bdd13c86707df21475d54d17be9b9cf44dc";

const COMPOSED: &str = "caf\u{e9} au lait";
const DECOMPOSED: &str = "cafe\u{301} au lait";

async fn app_with(hash: &str) -> App {
    let app = App::with(patient()).await;
    app.add_user_with_hash(ANN, hash).await.unwrap();
    app
}

async fn opens(app: &App, password: &str) -> bool {
    let answer = app.anonymous().request_token(ANN, password).await;
    assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status), "{}", answer.text);
    answer.status == StatusCode::OK
}

/// The stored hash, which begins with a dollar sign.
async fn stored(app: &App) -> String {
    let contents = app.contents().await;
    let row = contents.lines().find(|line| line.starts_with("credentials: ")).unwrap();
    let (before, hash) = row.split_at(row.find('$').unwrap());
    // PostgreSQL separates the fields by commas, and quotes those that contain one.
    let end = if before.ends_with(',') { ',' } else { '"' };
    hash.split([' ', end]).next().unwrap().to_owned()
}

/// Hashes of a text, as other systems make them without normalising it.
fn foreign(text: &str) -> [String; 4] {
    let context = || PasswordContext::builder();
    [
        // With the cost of our own hashes, and with another.
        context().argon2id(64, 1, 1).build().unwrap().hash(text).unwrap(),
        context().argon2id(32, 1, 1).build().unwrap().hash(text).unwrap(),
        context().bcrypt(4).build().unwrap().hash(text).unwrap(),
        context().argon2id(8, 1, 1).build().unwrap().hash(text).unwrap(),
    ]
}

#[tokio::test]
async fn a_decomposed_or_composed_password_of_another_system_opens_on_every_keyboard() {
    for made_of in [COMPOSED, DECOMPOSED] {
        for hash in foreign(made_of) {
            for first in [COMPOSED, DECOMPOSED] {
                let app = app_with(&hash).await;
                for wrong in ["cafe au lait", "caf\u{e9} au laiT", "caf\u{e8} au lait"] {
                    assert!(!opens(&app, wrong).await, "{wrong}");
                }
                assert_eq!(stored(&app).await, hash, "a wrong password changed the hash");
                assert!(opens(&app, first).await, "{first:?} for {made_of:?}: {hash}");
                assert!(opens(&app, COMPOSED).await && opens(&app, DECOMPOSED).await, "{first:?}: {hash}");
                // From now on the hash is ours.
                let ours = PasswordContext::builder().argon2id(64, 1, 1).build().unwrap();
                let verdict = ours.verify(COMPOSED, &stored(&app).await).unwrap();
                assert!(verdict.matches && verdict.upgrade.is_none(), "{first:?}: {hash}");
            }
        }
    }
}

#[tokio::test]
async fn a_space_of_another_keyboard_is_the_same_password() {
    let (plain, special) = ("so much space here", "so\u{a0}much\u{3000}space\u{2009}here");
    let app = App::with(patient()).await;
    assert_eq!(app.anonymous().register(ANN, special).await.status, StatusCode::CREATED);
    assert!(opens(&app, plain).await && opens(&app, special).await);
    assert!(!opens(&app, "somuchspacehere").await);
    // Other systems keep the difference, and so did we once.
    for hash in foreign(special) {
        let app = app_with(&hash).await;
        assert!(!opens(&app, plain).await, "{hash}");
        assert!(opens(&app, special).await, "{hash}");
        assert!(opens(&app, special).await && opens(&app, plain).await, "{hash}");
    }
}

#[tokio::test]
async fn a_mistyped_text_that_an_old_hash_accepts_does_not_become_the_password() {
    for (hash, owner, others, wrong, wrapped) in [
        (WORDPRESS, "it's", [" it's", "it's \t", "it\\'s"], "its", "$wrap$wordpress-md5,"),
        (
            WORDPRESS_DECOMPOSED,
            "cafe\u{301} d'hiver",
            ["caf\u{e9} d'hiver", "cafe\u{301} d\\'hiver", "caf\u{e9} d\\'hiver"],
            "cafe d'hiver",
            "$wrap$wordpress-md5,",
        ),
        (WORDPRESS_6_8, "it's", ["\nit's", "it's  ", "it\\'s"], "it'", "$wrap$bcrypt-wordpress,"),
        (
            PHPBB,
            "a'\"&<>",
            [" a'\"&<>", "a'\"&<>\r\n", "a'&quot;&amp;&lt;&gt;"],
            "a'\"&<",
            "$wrap$phpbb-md5,",
        ),
        (
            BETTER_AUTH,
            "\u{fb01}nancial \u{fb02}ow",
            ["financial flow", "\u{ff46}inancial flow", "financial\u{a0}flow"],
            "Financial flow",
            "$wrap$scrypt-nfkc,",
        ),
        (
            LUCIA,
            DECOMPOSED,
            [COMPOSED, "\u{ff43}af\u{e9} au lait", COMPOSED],
            "cafe au lait",
            "$wrap$scrypt-nfkc,",
        ),
    ] {
        // scrypt is slow.
        let firsts = if wrapped.contains("scrypt") { 1 } else { 4 };
        for first in others.into_iter().chain([owner]).take(firsts) {
            let app = app_with(hash).await;
            assert!(!opens(&app, wrong).await, "{wrong:?} {hash}");
            assert!(opens(&app, first).await, "{first:?} {hash}");
            let now = stored(&app).await;
            assert!(now.starts_with(wrapped) && now.contains("$argon2id$"), "{now}");
            for text in others.into_iter().chain([owner]) {
                assert!(opens(&app, text).await, "{text:?} after {first:?}: {hash}");
            }
            assert!(!opens(&app, wrong).await, "{wrong:?} {hash}");
            assert_eq!(stored(&app).await, now, "the wrapped hash changed");
        }
    }
}

#[tokio::test]
async fn a_chosen_password_ends_trimming() {
    let app = app_with(WORDPRESS).await;
    let mut ann = app.bearer(&app.anonymous().request_token(ANN, " it's ").await.token());
    assert_eq!(ann.change_password("it's", &format!(" {NEW_PASSWORD}")).await.status, StatusCode::OK);
    assert!(stored(&app).await.starts_with("$argon2id$"));
    for (text, expected) in [(NEW_PASSWORD, false), ("it's", false), (&format!(" {NEW_PASSWORD}"), true)] {
        assert_eq!(opens(&app, text).await, expected, "{text:?}");
    }
}

#[tokio::test]
async fn a_wrapped_hash_takes_the_pepper_at_a_log_in() {
    let app = app_with(WORDPRESS).await;
    assert!(opens(&app, "it's").await);
    let mut peppered = patient();
    let pepper = "canary: the key of this year";
    (peppered.password.pepper_id, peppered.password.pepper) = (Some("new".into()), Some(pepper.into()));
    let peppered = app.sibling(peppered).await;
    for _ in 0..2 {
        assert!(opens(&peppered, "it's ").await);
        let now = stored(&app).await;
        assert!(now.starts_with("$wrap$wordpress-md5,") && now.contains(",keyid=bmV3$"), "{now}");
    }
    assert!(opens(&peppered, "it's").await && !opens(&peppered, "its").await);
}

#[tokio::test]
async fn wrapping_before_a_log_in_keeps_the_treatment() {
    for (hash, text) in [(WORDPRESS, " it's"), (PHPBB, "a'\"&<> ")] {
        let app = app_with(hash).await;
        let mut wrapping = app.wrap_hashes().apply();
        while wrapping.next_batch().await.unwrap().is_some() {}
        assert!(stored(&app).await.starts_with("$wrap$"));
        assert!(opens(&app, text).await && opens(&app, text.trim()).await, "{hash}");
        assert!(stored(&app).await.starts_with("$wrap$"));
    }
}
