//! Every letter as its reader sees it.

use super::*;
use crate::{
    accounts::one_time,
    base::{
        config::{Config, PasswordConfig},
        text::language::LANGUAGES,
    },
};

/// Opens accounts with these settings, on an empty database.
async fn accounts(config: Config) -> (tempfile::TempDir, Auth) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("letters.db").display());
    let password = PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() };
    let config = Config { password, public_url: "https://example.org/auth".into(), ..config };
    (folder, Auth::builder(&url).config(config).hash_cost_for_tests(64, 1).open().await.unwrap())
}

fn details() -> Details {
    Details {
        at: Some(1_790_000_000),
        ip: Some("203.0.113.7".into()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into()),
        new_email: Some("ann@example.com".into()),
        app: Some("The wiki".into()),
        app_host: Some("wiki.example.org".into()),
        scopes: Some("email openid profile".into()),
        ..Details::default()
    }
}

async fn written(auth: &Auth, letter: Letter, language: Language, details: &Details) -> Message {
    let minted = match letter.purpose {
        Some(purpose) => Some(one_time::mint(auth, purpose).await.unwrap()),
        None => None,
    };
    let to = Email::parse("Ann@example.org").unwrap();
    let mut message = write(auth, letter, language, to, minted.as_ref(), details).unwrap();
    if let Some(minted) = minted {
        // The secret is new each time, so the snapshot gets a placeholder.
        for part in [&mut message.text, &mut message.html] {
            assert!(part.contains(&format!("?lang={}&", language.tag())), "{part}");
            assert!(part.contains(&format!("token={}", minted.token)), "{part}");
            *part = part.replace(&minted.token, "TOKEN");
            if let Some(code) = &minted.code {
                message.subject = message.subject.replace(code, "CODE");
                assert_eq!(part.contains(code), letter.shows_code, "{part}");
                *part = part.replace(code, "CODE");
            }
        }
    }
    message
}

/// Returns the facts that a letter of this kind reports.
fn details_of(letter: Letter) -> Details {
    let without_app = Details { app: None, app_host: None, scopes: None, ..details() };
    if letter.name.starts_with("token_") {
        Details {
            new_email: None,
            app: Some("The wiki".into()),
            earlier_ip: Some("198.51.100.9".into()),
            earlier_user_agent: Some(
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0) Version/18.0 Safari/605.1".into(),
            ),
            ..without_app
        }
    } else if letter.name == "app_allowed" {
        Details { new_email: None, ..details() }
    } else if letter.is_notice {
        Details { new_email: None, ..without_app }
    } else if letter == Letter::EMAIL_CHANGED {
        without_app
    } else {
        Details::default()
    }
}

#[tokio::test]
async fn every_letter_is_as_it_was() {
    let (_folder, auth) = accounts(Config { service_name: "Example".into(), ..Config::default() }).await;
    for &letter in auth.letters() {
        let message = written(&auth, letter, Language::English, &details_of(letter)).await;
        insta::assert_snapshot!(
            format!("{}.txt", letter.name),
            format!("{}\n\n{}", message.subject, message.text)
        );
        insta::assert_snapshot!(format!("{}.html", letter.name), message.html);
    }
}

#[tokio::test]
async fn every_letter_is_written_in_every_language() {
    let (_folder, auth) = accounts(Config::default()).await;
    for &letter in auth.letters() {
        let english = written(&auth, letter, Language::English, &details_of(letter)).await;
        for language in LANGUAGES.into_iter().filter(|language| *language != Language::English) {
            let message = written(&auth, letter, language, &details_of(letter)).await;
            for (part, english) in [
                (&message.subject, &english.subject),
                (&message.text, &english.text),
                (&message.html, &english.html),
            ] {
                let key = format!("mail-{}", letter.name.replace('_', "-"));
                assert!(!part.contains(&key) && !part.contains("{ $"), "{part}");
                assert_ne!(part, english);
            }
            assert!(message.html.contains(&format!("lang=\"{}\"", language.tag())));
            assert!(!message.text.contains("If it was"), "{}", message.text);
        }
    }
}

#[tokio::test]
async fn lines_of_text_are_short_and_html_loads_nothing() {
    let (_folder, auth) = accounts(Config::default()).await;
    for &letter in auth.letters() {
        let message = written(&auth, letter, Language::English, &details_of(letter)).await;
        for line in message.text.lines().filter(|line| !line.starts_with("https://")) {
            assert!(line.chars().count() <= COLUMNS, "{line}");
        }
        for foreign in ["<img", "<link", "<script", "url(", "@import", "src="] {
            assert!(!message.html.contains(foreign), "{foreign}");
        }
        for link in message.html.split("href=\"").skip(1) {
            assert!(link.starts_with("https://example.org/auth/"), "{link}");
        }
        assert!(message.html.len() < 16 * 1024);
    }
}

#[tokio::test]
async fn hostile_input_is_escaped() {
    let hostile = "<script>alert(1)</script>{{ 7 * 7 }}\"'><a href=x>";
    let (_folder, auth) = accounts(Config { service_name: hostile.into(), ..Config::default() }).await;
    let details = Details {
        user_agent: Some(hostile.into()),
        ip: Some(hostile.into()),
        new_email: Some(hostile.into()),
        app: Some(hostile.into()),
        earlier_ip: Some(hostile.into()),
        earlier_user_agent: Some(hostile.into()),
        app_host: Some(hostile.into()),
        scopes: Some(hostile.into()),
        ..details()
    };
    for &letter in auth.letters() {
        let message = written(&auth, letter, Language::English, &details).await;
        assert!(!message.html.contains("<script") && !message.html.contains("<a href=x"), "{}", message.html);
        assert!(message.html.contains("&lt;script&gt;"));
        assert!(!message.text.contains("49") && !message.html.contains("49"));
        assert!(!message.subject.contains(['\r', '\n']));
    }
}

#[tokio::test]
async fn a_letter_is_found_by_its_name() {
    let (_folder, auth) = accounts(Config::default()).await;
    assert!(auth.letters().len() >= 9);
    for (index, letter) in auth.letters().iter().enumerate() {
        assert_eq!(auth.letter(letter.name), Some(*letter));
        assert!(auth.letters()[..index].iter().all(|other| other != letter), "{letter:?} is there twice");
    }
    assert_eq!(auth.letter("love"), None);
}

#[test]
fn details_survive_the_database() {
    assert_eq!(Details::from_json(&details().to_json()), details());
    assert_eq!(Details::default().to_json(), "{}");
    // A newer version may have written more, and broken JSON counts as no details.
    assert_eq!(Details::from_json("{\"at\": 1, \"more\": 2}").at, Some(1));
    assert_eq!(Details::from_json("x"), Details::default());
}
