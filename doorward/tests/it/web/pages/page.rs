//! The text of pages: its language, and values of users in it.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    app::{ANN, Answer, App, PASSWORD},
    visitor::{NEED_NO_SESSION, PAGES, leads_to, visitor},
};

#[tokio::test]
async fn pages_are_in_the_requested_language() {
    let app = App::new().await;
    app.register(ANN).await;
    let title =
        |answer: &Answer| answer.text.split("<h1>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    for (accepted, path, tag, expected) in [
        ("", "/auth/login", "en", "Log in"),
        ("de-AT,en;q=0.5", "/auth/login", "de", "Anmelden"),
        ("de", "/auth/login?lang=fr", "fr", "Se connecter"),
        ("fr", "/auth/register?lang=es", "es", "Crear cuenta"),
        ("zh-CN", "/auth/login?lang=xx", "zh", "登录"),
    ] {
        let answer = visitor(&app).header("accept-language", accepted).get(path).await;
        assert_eq!(title(&answer), expected, "{accepted} {path}");
        assert!(answer.text.contains(&format!("<html lang=\"{tag}\"")));
    }
    // The chosen language is kept from page to page.
    let mut browser = visitor(&app);
    let answer = browser.form("/auth/login?lang=de", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account?lang=de");
    assert_eq!(title(&browser.get("/auth/account?lang=de").await), "Ihr Konto");
    // Every page exists in every language.
    for path in PAGES {
        for lang in ["en", "de", "fr", "es", "zh"] {
            let mut client = if NEED_NO_SESSION.contains(&path) { visitor(&app) } else { browser.clone() };
            let page = client.get(&format!("/auth/{path}?lang={lang}")).await;
            assert!(page.text.contains(&format!("<html lang=\"{lang}\"")), "{path}: {}", page.text);
            assert!(page.text.contains("<h1>"), "{path}");
        }
    }
}

#[tokio::test]
async fn values_of_users_are_shown_and_never_run() {
    let app = App::new().await;
    let bad = "\"><img src=x onerror=alert(1)>'{{7*7}}</script>";
    let mut browser = visitor(&app).header("user-agent", bad);
    let page = browser.form("/auth/login", &[("email", bad), ("password", PASSWORD)]).await.text;
    assert!(page.contains("&lt;img") && !page.contains("<img"), "{page}");
    let email = "'onfocus={{7*7}}&`{}'@example.org";
    let answer = browser.form("/auth/register", &[("email", email), ("password", PASSWORD)]).await;
    leads_to(&answer);
    for path in
        ["account", "account/email", "account/email-undo", "account/password", "account/delete", "logout"]
    {
        let page = browser
            .get(
                &format!("/auth/{path}?done={bad}&lang={bad}&next={bad}")
                    .replace(['"', ' ', '<', '>', '\'', '{', '}'], "%3c"),
            )
            .await
            .text;
        assert!(
            !page.contains("<img") && !page.contains("'onfocus") && page.contains("{{7*7}}"),
            "{path}: {page}"
        );
    }
}

/// The keys of texts that a file uses.
fn keys_in(text: &str, mark: &str) -> BTreeSet<String> {
    text.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The files below a folder whose names end so, one after the other.
fn read(folder: &Path, end: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &read(&path, end);
        } else if path.to_str().unwrap().ends_with(end) {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    text
}

#[test]
fn every_text_of_the_pages_exists_and_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let templates = read(&root.join("templates"), ".html") + &read(&root.join("src/features"), ".html");
    let sources = read(&root.join("src/web"), ".rs") + &read(&root.join("src/features"), ".rs");
    let errors = fs::read_to_string(root.join("src/base/error.rs")).unwrap();
    let texts = read(&root.join("languages/frame"), "en.ftl") + &read(&root.join("src/features"), "en.ftl");
    let known: BTreeSet<String> = texts
        .lines()
        .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    for key in keys_in(&templates, "t(\"") {
        assert!(known.contains(&key), "no text {key}");
    }
    // The faults of fields, and texts that the code asks for by name.
    let of_faults = sources.split(".note").skip(1).flat_map(|rest| {
        let call = rest.split(';').next().unwrap();
        call.split('"').skip(1).step_by(2).filter(|text| text.contains('-')).map(str::to_owned)
    });
    let named: BTreeSet<_> = [".text(\"", "text(\"", "sent.password(\""]
        .into_iter()
        .flat_map(|mark| keys_in(&sources, mark))
        .filter(|key| key.contains('-'))
        .chain(of_faults)
        .collect();
    assert!(named.len() > 20 && named.contains("wrong-code"), "{named:?}");
    // Letters use these too.
    let of_time = format!("\n{}", read(&root.join("languages/time"), "en.ftl"));
    for key in named {
        assert!(known.contains(&key) || of_time.contains(&format!("\n{key} =")), "no text {key}");
    }
    // Letters name some of them too.
    let sources = sources + &read(&root.join("src/accounts"), ".rs");
    for key in &known {
        // The letters have a test of their own.
        if key.starts_with("mail-") {
            continue;
        }
        if let Some(error) = key.strip_prefix("error-") {
            let code = error.trim_end_matches("-title").replace('-', "_");
            assert!(
                code == "other" || errors.contains(&format!("\"{code}\"")),
                "no error has the text {key}"
            );
            continue;
        }
        // Some keys are put together: those of pages, and of the messages that something was done.
        let done = key.strip_prefix("done-").unwrap_or(key).trim_end_matches("-meaning");
        let used = templates.contains(&format!("t(\"{key}\"")) || sources.contains(&format!("\"{done}\""));
        assert!(used, "nobody uses the text {key}");
    }
}
