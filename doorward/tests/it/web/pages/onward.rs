//! A person whom an app sends back again and again, because it cannot see the log-in.

use axum::http::{StatusCode, header};
use doorward::Config;

use crate::{
    app::{ANN, Actor, Answer, App, PASSWORD, config},
    visitor::{leads_to, visitor, visitor_of},
};

const APP: &str = "https://app.example.org/";

async fn app() -> App {
    let next_origins = vec!["https://app.example.org".into(), "https://other.example.org:8443".into()];
    let app = App::with(Config { next_origins, ..config() }).await;
    app.register(ANN).await;
    app
}

/// The path of a page with this `next`.
fn page(name: &str, next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("/auth/{name}?{query}")
}

async fn log_in(browser: &mut Actor<'_>, next: &str) -> Answer {
    browser.form(&page("login", next), &[("email", ANN), ("password", PASSWORD)]).await
}

/// Fails unless this is the page that ends the circle, with a link to this address.
#[track_caller]
fn explains(answer: &Answer, next: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("<h1>You are logged in</h1>"), "{}", answer.text);
    let link = format!("href=\"{}\"", next.replace('/', "&#x2f;"));
    assert!(answer.text.contains(&link), "{link}: {}", answer.text);
}

#[tokio::test]
async fn nobody_is_sent_to_the_same_place_twice_in_a_row() {
    let app = app().await;
    let mut ann = visitor(&app);
    assert_eq!(leads_to(&log_in(&mut ann, APP).await), APP);
    // The app sees no log-in, and sends them back.
    let stopped = ann.get(&page("login", APP)).await;
    explains(&stopped, APP);
    for told in [
        "We led you to app.example.org a moment ago",
        "Go on to app.example.org",
        "GET http:&#x2f;&#x2f;localhost:8000&#x2f;auth&#x2f;me",
        "must have https:&#x2f;&#x2f;app.example.org.",
    ] {
        assert!(stopped.text.contains(told), "{told}: {}", stopped.text);
    }
    // So does a second try, and loading the page again. Another query makes no other place.
    explains(&ann.get(&page("login", APP)).await, APP);
    for same in ["https://app.example.org", "https://app.example.org/?try=3"] {
        explains(&ann.get(&page("register", same)).await, same);
    }

    // A person who was logged in before they came is sent there once.
    let mut ann = visitor_of(&app, ANN).await;
    assert_eq!(leads_to(&ann.get(&page("login", APP)).await), APP);
    explains(&ann.get(&page("login", APP)).await, APP);
}

#[tokio::test]
async fn a_person_who_logs_in_again_goes_on() {
    let app = app().await;
    let mut ann = visitor(&app);
    for _ in 0..3 {
        assert_eq!(leads_to(&log_in(&mut ann, APP).await), APP);
        // The app logs them out, and they come again.
        assert_eq!(leads_to(&ann.form(&page("logout", APP), &[]).await), APP);
        let form = ann.get(&page("login", APP)).await;
        assert!(form.text.contains("<h1>Log in</h1>"), "{}", form.text);
    }
}

#[tokio::test]
async fn our_own_origin_has_no_circle() {
    let app = app().await;
    let mut ann = visitor(&app);
    for next in ["/", "/dashboard?a=b", "http://localhost:8000/dashboard", "http://localhost:8000"] {
        assert_eq!(leads_to(&log_in(&mut ann, next).await), next);
        for _ in 0..3 {
            assert_eq!(leads_to(&ann.get(&page("login", next)).await), next);
            assert_eq!(leads_to(&ann.get(&page("register", next)).await), next);
        }
    }
    for _ in 0..3 {
        assert_eq!(leads_to(&ann.get("/auth/login").await), "/auth/account");
        assert_eq!(leads_to(&ann.get(&page("login", "https://evil.example/")).await), "/auth/account");
    }
    assert!(!ann.cookies.contains_key("doorward-next"));
}

#[tokio::test]
async fn tabs_with_several_apps_do_not_disturb_each_other() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let places =
        ["https://app.example.org/a", "https://app.example.org/b", "https://other.example.org:8443/a"];
    for place in places {
        assert_eq!(leads_to(&ann.get(&page("login", place)).await), place);
    }
    for place in places.into_iter().chain(places) {
        explains(&ann.get(&page("login", place)).await, place);
    }
    // Only the last few are kept, so the cookie stays small.
    for number in 0..20 {
        ann.get(&page("login", &format!("https://app.example.org/page/{number}"))).await;
    }
    assert!(ann.cookies["doorward-next"].len() < 60, "{:?}", ann.cookies);
}

#[tokio::test]
async fn the_note_is_short_lived_and_a_forged_one_only_shows_the_page() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    let sent = ann.get(&page("login", APP)).await;
    let line = sent.headers[header::SET_COOKIE].to_str().unwrap();
    let (value, attributes) = line.strip_prefix("doorward-next=").unwrap().split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    assert!(value.len() == 12 && !line.contains("app.example.org"), "{line}");
    // Over https it has the prefix.
    let next_origins = vec!["https://app.example.org".into()];
    let secure = App::with(Config {
        public_url: "https://accounts.example.org/auth".into(),
        next_origins,
        ..config()
    })
    .await;
    secure.register(ANN).await;
    let form = [("email", ANN), ("password", PASSWORD)];
    let sent = visitor(&secure).form(&page("login", APP), &form).await;
    let lines: Vec<_> =
        sent.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    let note = lines.iter().find(|line| line.starts_with("__Host-doorward-next=")).expect("a note");
    assert!(note.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"), "{note}");
    assert!(lines.iter().any(|line| line.starts_with("__Host-doorward=dw_s_")), "{lines:?}");

    // Without a session the form is shown, whatever the note says.
    let mut stranger = visitor(&app);
    stranger.cookies.insert("doorward-next".into(), value.to_owned());
    assert!(stranger.get(&page("login", APP)).await.text.contains("<h1>Log in</h1>"));
    for forged in ["x", "a.b.c", &"a".repeat(3000), "\"\"", "../../.."] {
        ann.cookies.insert("doorward-next".into(), forged.to_owned());
        assert_eq!(leads_to(&ann.get(&page("login", APP)).await), APP, "{forged}");
    }
}

#[tokio::test]
async fn the_page_is_in_the_language_of_the_reader() {
    let app = app().await;
    let mut ann = visitor_of(&app, ANN).await;
    ann.get(&page("login", APP)).await;
    for (language, heading) in [
        ("en", "You are logged in"),
        ("de", "Sie sind angemeldet"),
        ("fr", "Vous êtes connecté"),
        ("es", "Ha iniciado sesión"),
        ("zh", "您已登录"),
    ] {
        let shown = ann.get(&format!("{}&lang={language}", page("login", APP))).await;
        assert!(shown.text.contains(&format!("<h1>{heading}</h1>")), "{language}: {}", shown.text);
    }
}
