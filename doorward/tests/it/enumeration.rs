//! Nothing that anybody may ask tells who has an account: not the answer, and not the time it takes.

use std::time::Instant;

use axum::http::StatusCode;
use doorward::{Config, PasswordConfig, Registration};
use doorward_password::PasswordContext;

use crate::{
    app::{ANN, Answer, App, NEW_PASSWORD, PASSWORD, WRONG, config, patient},
    mail::mailbox::with_mail,
    visitor::visitor,
};

const KNOWN: &str = "known@example.org";

/// Users of every kind who cannot log in with the password that is tried, and nobody.
const REFUSED: [&str; 6] = [
    "unknown@example.org",
    "not even an address",
    "disabled@example.org",
    "without-password@example.org",
    "unreadable-hash@example.org",
    "foreign-hash@example.org",
];

/// An app with a user of each kind.
async fn app(password: PasswordConfig) -> App {
    let app = App::with(Config { password, ..patient() }).await;
    app.register(KNOWN).await;
    for email in &REFUSED[2..] {
        let id = app.register(email).await;
        let change = match *email {
            "disabled@example.org" => format!("UPDATE users SET disabled_at = 1 WHERE id = {id}"),
            "without-password@example.org" => format!("DELETE FROM credentials WHERE user_id = {id}"),
            "unreadable-hash@example.org" => {
                format!("UPDATE credentials SET secret = '!' WHERE user_id = {id}")
            }
            _ => format!("UPDATE credentials SET secret = '$unheard$of' WHERE user_id = {id}"),
        };
        app.execute(&change).await;
    }
    app
}

async fn tries(app: &App, email: &str, password: &str) -> [Answer; 2] {
    [app.anonymous().request_token(email, password).await, app.browser().log_in(email, password).await]
}

#[tokio::test]
async fn a_log_in_that_fails_is_answered_alike_for_everyone() {
    let app = app(config().password).await;
    let expected = tries(&app, KNOWN, WRONG).await;
    for email in REFUSED {
        for password in [WRONG, PASSWORD, " ", "null", "!", "\0"] {
            for (answer, expected) in tries(&app, email, password).await.iter().zip(&expected) {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
                assert_eq!(answer.text, expected.text, "{email}");
                assert_eq!(answer.headers, expected.headers, "{email}");
            }
        }
    }
    // Whoever cannot log in has no session, whatever was tried.
    let contents = app.contents().await;
    assert!(!contents.contains("sessions:"), "{contents}");
}

/// A log-in that fails.
async fn fail(app: &App, email: &str) {
    let answer = app.anonymous().request_token(email, WRONG).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

/// The time that all threads of this process have computed, in ticks of mostly 10 ms: fields 14 and 15 of proc(5).
#[cfg(target_os = "linux")]
fn computed() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_log_in_that_fails_is_as_much_work_for_everyone() {
    let password = PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() };
    let app = app(password).await;
    let work = async |email: &str| {
        let begun = computed();
        for _ in 0..6 {
            fail(&app, email).await;
        }
        computed() - begun
    };
    for email in REFUSED {
        let (mut known, mut refused) = (u64::MAX, u64::MAX);
        // Other tests may run in this process: the least of several rounds is what nobody else added to.
        for _ in 0..5 {
            known = known.min(work(KNOWN).await);
            refused = refused.min(work(email).await);
        }
        assert!(known > 4 && refused * 2 > known, "{email}: {refused} ticks beside {known}");
    }
}

#[tokio::test]
async fn a_log_in_that_fails_is_not_quicker_for_anyone() {
    /// Pairs of tries, and how often the one may be quicker than the other: by chance it is half of the time, without
    /// hashing it is always.
    const PAIRS: usize = 40;
    const BOUND: std::ops::RangeInclusive<usize> = 4..=36;
    let password =
        PasswordConfig { memory_kib: 8192, iterations: 1, hashing_threads: 1, ..PasswordConfig::default() };
    let app = app(password).await;
    let time = async |email: &str| {
        let begun = Instant::now();
        fail(&app, email).await;
        begun.elapsed()
    };
    // What is no address is not looked up, and that tells nothing about anybody.
    for email in REFUSED.into_iter().filter(|email| email.contains('@')) {
        let mut seen = Vec::new();
        // A machine with other work to do may favour one side for a while, but not again and again.
        while seen.len() < 3 && !seen.last().is_some_and(|quicker| BOUND.contains(quicker)) {
            let mut quicker = 0;
            for pair in 0..PAIRS {
                let (known, refused) = if pair % 2 == 0 {
                    let known = time(KNOWN).await;
                    (known, time(email).await)
                } else {
                    let refused = time(email).await;
                    (time(KNOWN).await, refused)
                };
                quicker += usize::from(refused < known);
            }
            seen.push(quicker);
        }
        assert!(
            seen.last().is_some_and(|last| BOUND.contains(last)),
            "{email} was quicker in {seen:?} of {PAIRS}"
        );
    }
}

#[tokio::test]
async fn a_stored_hash_that_takes_longer_tells_nobody() {
    const PAIRS: usize = 20;
    let app = app(config().password).await;
    let slow = PasswordContext::builder().bcrypt(6).build().unwrap().hash(PASSWORD).unwrap();
    app.add_user_with_hash("slow@example.org", &slow).await.unwrap();
    let time = async |email: &str| {
        let begun = Instant::now();
        fail(&app, email).await;
        begun.elapsed()
    };
    // The first who is refused shows how long that takes.
    fail(&app, "slow@example.org").await;
    for email in [KNOWN, "unknown@example.org", "disabled@example.org", "without-password@example.org"] {
        let mut quicker = 0;
        for _ in 0..PAIRS {
            let (other, slow) = (time(email).await, time("slow@example.org").await);
            quicker += usize::from(other < slow);
        }
        // Without the pause it is always.
        assert!(quicker < PAIRS, "{email} is always quicker");
    }
}

#[tokio::test]
async fn asking_for_a_mail_tells_nobody_who_has_an_account() {
    let app = App::with(Config { registration: Some(Registration::Private), ..with_mail() }).await;
    let registered = visitor(&app).form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    let again = visitor(&app).form("/auth/register", &[("email", ANN), ("password", NEW_PASSWORD)]).await;
    assert_eq!((registered.status, &registered.text), (StatusCode::OK, &again.text));
    assert!(
        registered.text.contains("We have sent you a mail.")
            && !registered.headers.contains_key("set-cookie")
    );
    for path in ["/auth/forgot-password", "/auth/verify-email/request"] {
        let mut pages = Vec::new();
        for email in [ANN, "nobody@example.org"] {
            let answer = visitor(&app).form(path, &[("email", email)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            pages.push(answer.text.replace(&format!("value=\"{email}\""), "(email)"));
        }
        assert_eq!(pages[0], pages[1], "{path}");
    }
}
