//! Which passwords may be chosen, on every path that sets one.

use doorward::{Config, Error, config::PasswordConfig};
use serde_json::json;

use crate::{
    app::{ANN, Answer, App, PASSWORD, config, refusal},
    visitor::{error_of, visitor},
};

/// Words of every kind from the blocklist.
const COMMON: [&str; 50] = [
    "password",
    "123456",
    "12345678",
    "qwerty",
    "letmein",
    "dragon",
    "iloveyou",
    "monkey",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "welcome",
    "abc123",
    "shadow",
    "master",
    "michael",
    "superman",
    "batman",
    "trustno1",
    "hunter2",
    "passw0rd",
    "p@ssw0rd",
    "q1w2e3r4",
    "1q2w3e4r",
    "1qaz2wsx",
    "zaq12wsx",
    "qazwsx",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiop",
    "1234567890",
    "987654321",
    "11111111",
    "00000000",
    "123123123",
    "aaaaaaaa",
    "access",
    "charlie",
    "jennifer",
    "jordan23",
    "liverpool",
    "chelsea",
    "starwars",
    "pokemon",
    "computer",
    "internet",
    "changeme",
    "secret",
    "administrator",
];

/// Variants that people type when the bare word is refused.
fn variants(word: &str) -> Vec<String> {
    let mut capitalised = word.to_owned();
    capitalised[..1].make_ascii_uppercase();
    let all = [
        word.to_owned(),
        word.to_uppercase(),
        format!("{capitalised}1!"),
        format!("{word}!!"),
        format!("{word}23"),
        format!("{word}!23"),
        format!(" {word} "),
        format!("..{capitalised}"),
    ];
    // Shorter variants would be refused for their length.
    all.into_iter().filter(|variant| variant.chars().count() >= 8).collect()
}

/// Offers this password to each path that sets one. If it is refused, Ann keeps her old one.
pub(super) async fn offer(app: &App, password: &str) -> [Result<(), String>; 4] {
    let mut ann = app.bearer(&app.token(ANN).await);
    let registered = app.anonymous().register("bo@example.net", password).await;
    let changed = ann.change_password(PASSWORD, password).await;
    let id = app.id_of(ANN).await;
    [
        fault(&registered, "password"),
        fault(&changed, "new_password"),
        fault_of(app.add_user("cy@example.net", password).await),
        fault_of(app.set_password(id, password).await),
    ]
}

fn fault(answer: &Answer, field: &str) -> Result<(), String> {
    if answer.status.is_success() {
        return Ok(());
    }
    assert_eq!(answer.wrong_fields(), [field]);
    assert_eq!(answer.code(), "invalid");
    Err(answer.json()["errors"][0]["message"].as_str().unwrap().to_owned())
}

fn fault_of<T: std::fmt::Debug>(result: doorward::Result<T>) -> Result<(), String> {
    match result {
        Ok(_) => Ok(()),
        Err(Error::Invalid(fields)) => {
            assert_eq!((fields.len(), &*fields[0].field), (1, "password"));
            Err(fields[0].message.clone())
        }
        Err(other) => panic!("unexpected: {other:?}"),
    }
}

#[track_caller]
pub(super) fn assert_all_refuse(faults: [Result<(), String>; 4], expected: &str, password: &str) {
    for fault in faults {
        let fault = fault.expect_err(password);
        assert!(fault.contains(expected), "{password}: {fault}");
        assert!(password.trim() == "password" || !fault.contains(password), "{fault}");
    }
}

pub(super) fn config_with(password: PasswordConfig) -> Config {
    Config {
        password: PasswordConfig {
            zxcvbn_score: password.zxcvbn_score,
            breached_file: password.breached_file,
            ..config().password
        },
        ..config()
    }
}

#[tokio::test]
async fn common_passwords_are_refused_on_every_path_even_when_padded() {
    let app = App::new().await;
    app.register(ANN).await;
    for word in COMMON {
        let variants = variants(word);
        assert!(variants.len() >= 4, "{word}");
        for password in variants {
            assert_all_refuse(offer(&app, &password).await, "too common", &password);
        }
    }
    app.token(ANN).await;
}

#[tokio::test]
async fn good_passwords_of_every_kind_are_taken_on_every_path() {
    for password in [
        PASSWORD,
        "aaaaaaaaaaaaaaaaab",
        "      x       ",
        "four words of a sentence",
        "48210937562841",
        "\u{1f600}\u{1f602}\u{1f604}\u{1f606}\u{1f600}\u{1f602}\u{1f604}\u{1f606}",
        "\u{5bc6}\u{7801}\u{5bc6}\u{7801}\u{4e00}\u{4e8c}\u{4e09}\u{56db}",
        "password of my aunt",
        "tr0ub4dor&3x9",
        "lowercaseonlybutlong",
    ] {
        let app = App::new().await;
        app.register(ANN).await;
        assert_eq!(offer(&app, password).await, [const { Ok(()) }; 4], "{password}");
    }
}

#[tokio::test]
async fn a_short_password_is_refused_with_a_better_length() {
    let app = App::new().await;
    app.register(ANN).await;
    assert_all_refuse(offer(&app, "x8 !kq_").await, "expected at least 8 characters; 15 or more", "x8 !kq_");
}

#[tokio::test]
async fn the_operator_sets_the_shortest_length_and_everything_says_it() {
    let password = PasswordConfig { min_length: 15, ..config().password };
    let app = App::with(Config { password, ..config() }).await;
    app.register(ANN).await;
    // Code points count, not bytes.
    let short = "\u{1f600}é8 !kq_".chars().cycle().take(14).collect::<String>();
    assert_all_refuse(offer(&app, &short).await, "expected at least 15 characters", &short);
    let answer = app.anonymous().post("/auth/register", json!({"email": "x", "password": short})).await;
    assert_eq!(answer.wrong_fields(), ["email", "password"]);
    assert_eq!(app.anonymous().register("bo@example.org", &format!("{short}x")).await.status.as_u16(), 201);
    let page = visitor(&app).get("/auth/register").await.text;
    assert!(page.contains(" minlength=\"15\" passwordrules=\"minlength: 15; maxlength: 256;\""), "{page}");
    assert!(page.contains("At least 15 characters. A few words in a row are good.<"), "{page}");
    let again =
        visitor(&app).form("/auth/register", &[("email", "cy@example.org"), ("password", &short)]).await;
    assert_eq!(error_of(&again, "password"), Some("Use at least 15 characters."));
    let document = app.openapi();
    assert_eq!(document.matches("\"minLength\": 15").count(), 3);
    assert_eq!(document.matches("15 to 256 characters of any kind. ").count(), 3);
    assert!(!document.contains("\"minLength\": 8"), "{document}");
    // A password that was long enough when it was chosen still opens the account.
    let lax = app.sibling(config()).await;
    lax.anonymous().register("dee@example.org", "x8 !kq_7").await;
    assert_eq!(app.anonymous().request_token("dee@example.org", "x8 !kq_7").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_shortest_length_out_of_bounds_is_refused() {
    for min_length in [0, 7, 65, 255] {
        let password = PasswordConfig { min_length, ..config().password };
        let refused = refusal(Config { password, ..config() }).await;
        assert!(refused.contains("password.min_length: expected 8 to 64"), "{refused}");
    }
}

#[tokio::test]
async fn a_password_made_of_the_address_or_the_service_name_is_refused() {
    let app = App::with(Config { service_name: "Blue Harbour".into(), ..config() }).await;
    let register = async |email: &str, password: &str| {
        fault(&app.anonymous().register(email, password).await, "password")
    };
    for password in [
        "Marianne.Quist@acme-tools.example",
        "MARIANNE2024",
        "mariannequist",
        "quist-marianne!",
        "acme-tools",
        "AcmeTools1",
    ] {
        let fault = register("Marianne.Quist@acme-tools.example", password).await.expect_err(password);
        assert!(fault.contains("is made of your e-mail address"), "{fault}");
    }
    for password in ["blueharbour", "Blue Harbour 1", "HARBOUR2024"] {
        let fault = register("bo@example.org", password).await.expect_err(password);
        assert!(fault.contains("is made of the name of this service"), "{fault}");
    }
    // The address of another user does not matter, and a longer password may contain parts of one's own.
    register("bo@example.org", "mariannequist").await.unwrap();
    register("marianne@example.org", "marianne loves boats").await.unwrap();
    // Every path compares with the address of the account.
    let id = app.id_of("marianne@example.org").await;
    let told = fault_of(app.set_password(id, "Marianne 1999").await).unwrap_err();
    assert!(told.contains("is made of your e-mail address"), "{told}");
    fault_of(app.add_user("quist@example.org", "quist@example.org").await).unwrap_err();
    let answer = app.anonymous().request_token("marianne@example.org", "marianne loves boats").await;
    let mut marianne = app.bearer(&answer.token());
    let told =
        fault(&marianne.change_password("marianne loves boats", "example.marianne").await, "new_password")
            .unwrap_err();
    assert!(told.contains("is made of your e-mail address"), "{told}");
}

#[tokio::test]
async fn the_estimate_of_zxcvbn_counts_if_configured() {
    // This password is neither common nor made of the address.
    let (easy, hard) = ("abcdefghijklmnopq", "a violet kettle hums in may");
    let app = App::new().await;
    app.register(ANN).await;
    assert_eq!(offer(&app, easy).await, [const { Ok(()) }; 4]);
    let app = App::with(config_with(PasswordConfig { zxcvbn_score: 3, ..PasswordConfig::default() })).await;
    app.register(ANN).await;
    assert_all_refuse(offer(&app, easy).await, "too easy to guess", easy);
    assert_eq!(offer(&app, hard).await, [const { Ok(()) }; 4]);
    let error = crate::app::opened(
        &app.database,
        config_with(PasswordConfig { zxcvbn_score: 5, ..PasswordConfig::default() }),
    );
    assert!(error.await.unwrap_err().to_string().contains("password.zxcvbn_score"));
}
