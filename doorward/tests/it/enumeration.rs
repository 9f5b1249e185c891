//! No answer, and no time that it takes, tells whether an account exists.

use std::time::Instant;

use axum::http::StatusCode;
use doorward::{
    Config,
    config::{PasswordConfig, Registration},
};
use doorward_password::PasswordContext;

use crate::{
    app::{ANN, Answer, App, NEW_PASSWORD, PASSWORD, WRONG, config, patient},
    mail::mailbox::with_mail,
    visitor::visitor,
};

const KNOWN: &str = "known@example.org";

/// Addresses that cannot log in, for every reason there is.
const REFUSED: [&str; 6] = [
    "unknown@example.org",
    "not even an address",
    "disabled@example.org",
    "without-password@example.org",
    "unreadable-hash@example.org",
    "foreign-hash@example.org",
];

/// An application with a user of each kind.
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
async fn every_failed_log_in_has_the_same_answer() {
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
    // None of the attempts made a session.
    let contents = app.contents().await;
    assert!(!contents.contains("sessions:"), "{contents}");
}

/// A log-in that fails.
async fn fail(app: &App, email: &str) {
    let answer = app.anonymous().request_token(email, WRONG).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

/// The CPU time of this process, in ticks of mostly 10 ms: fields 14 and 15 of proc(5).
#[cfg(target_os = "linux")]
fn computed() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn every_failed_log_in_is_as_much_work() {
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
        // Other tests may run in this process, so only the least of several rounds counts.
        for _ in 0..5 {
            known = known.min(work(KNOWN).await);
            refused = refused.min(work(email).await);
        }
        assert!(known > 4 && refused * 2 > known, "{email}: {refused} ticks beside {known}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_with_several_spellings_is_as_much_work_for_every_account() {
    // It is tried in four spellings: composed, as it is here, composed with its own space, and decomposed.
    const SPELLED: &str = "\u{e9}e\u{301}\u{a0}in four spellings";
    let password = PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() };
    let app = App::with(Config { password, ..patient() }).await;
    app.register(KNOWN).await;
    // The right password of a disabled user matches in its first spelling. The refusal must not tell.
    let disabled = app.add_user("disabled@example.org", SPELLED).await.unwrap();
    app.disable_user(disabled.id).await.unwrap();
    let foreign = PasswordContext::builder().build().unwrap().hash(PASSWORD).unwrap();
    app.add_user_with_hash("foreign@example.org", &foreign).await.unwrap();
    let work = async |email: &str, text: &str| {
        let begun = computed();
        for _ in 0..3 {
            assert_eq!(app.anonymous().request_token(email, text).await.status, StatusCode::UNAUTHORIZED);
        }
        computed() - begun
    };
    let least = async |email: &str, text: &str| {
        let mut least = u64::MAX;
        for _ in 0..4 {
            least = least.min(work(email, text).await);
        }
        least
    };
    let (known, plain) = (least(KNOWN, SPELLED).await, least(KNOWN, WRONG).await);
    assert!(known > 2 * plain, "{known} ticks, {plain} with one spelling");
    for email in ["unknown@example.org", "disabled@example.org", "foreign@example.org"] {
        let refused = least(email, SPELLED).await;
        assert!(refused * 2 > known && known * 2 > refused, "{email}: {refused} ticks beside {known}");
    }
}

#[tokio::test]
async fn no_failed_log_in_is_quicker() {
    /// The number of pairs of tries, and how often one side may be quicker. By chance it is half of them, without
    /// hashing all of them.
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
    // Text that is no address is not looked up, and its time tells nothing about accounts.
    for email in REFUSED.into_iter().filter(|email| email.contains('@')) {
        let mut seen = Vec::new();
        // On a busy machine one side may be quicker for a while, but not in every round.
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
async fn a_slow_stored_hash_does_not_show() {
    const PAIRS: usize = 20;
    let app = app(config().password).await;
    let slow = PasswordContext::builder().bcrypt(6).build().unwrap().hash(PASSWORD).unwrap();
    app.add_user_with_hash("slow@example.org", &slow).await.unwrap();
    let time = async |email: &str| {
        let begun = Instant::now();
        fail(&app, email).await;
        begun.elapsed()
    };
    // The first refusal teaches the server how long this hash takes.
    fail(&app, "slow@example.org").await;
    for email in [KNOWN, "unknown@example.org", "disabled@example.org", "without-password@example.org"] {
        let mut quicker = 0;
        for _ in 0..PAIRS {
            let (other, slow) = (time(email).await, time("slow@example.org").await);
            quicker += usize::from(other < slow);
        }
        // Without the pause the others would always be quicker.
        assert!(quicker < PAIRS, "{email} is always quicker");
    }
}

#[tokio::test]
async fn requesting_a_mail_does_not_tell_whether_an_account_exists() {
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
