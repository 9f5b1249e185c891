//! Opening and closing.

use std::time::Duration;

use doorward::{
    Auth, Config,
    config::{PasswordConfig, Registration},
    error::OpenErrorKind,
};

use crate::{
    app::{ANN, App, config, postgres_server, refusal},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn closing_waits_for_pending_work() {
    let app = App::new().await;
    app.register(ANN).await;
    tokio::time::timeout(Duration::from_secs(10), app.close()).await.expect("closing ends");
    let again = App::on(&app.database, config()).await;
    again.token(ANN).await;
}

#[tokio::test]
async fn every_mistake_in_the_settings_is_told_at_once() {
    let wrong = |mut config: Config| {
        config.session_lifetime = Duration::ZERO;
        config.public_url = "http://example.org".into();
        config.cors_origins = vec!["*".into(), "https://app.example.org".into(), "nothing".into()];
        config.trusted_proxies = vec!["x".into()];
        config.mail_from = Some("no-reply@example.org".into());
        config.templates_dir = Some("/nonexistent".into());
        config.password.memory_kib = 1;
        config.password.min_length = 1;
        config.password.breached_file = Some("/nonexistent".into());
        config.password.firebase.signer_key = Some("!".into());
        config.limit.first_delay = Duration::ZERO;
        config
    };
    let error = Auth::builder("mysql://ann:hunter2@host/db").config(wrong(config())).check().unwrap_err();
    let keys: Vec<_> = error.mistakes().iter().map(|mistake| mistake.keys[0]).collect();
    let expected = [
        "database",
        "session_lifetime",
        "limit.first_delay",
        "password.min_length",
        "password.memory_kib",
        "password.firebase.signer_key",
        "public_url",
        "cors_origins",
        "cors_origins",
        "trusted_proxies",
        "password.breached_file",
        "templates_dir",
        "mail_from",
    ];
    assert_eq!(keys, expected, "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let told = refusal(wrong(config())).await;
    assert!(expected[1..].iter().all(|key| told.contains(key)) && !told.contains('\n'), "{told}");
}

#[tokio::test]
async fn good_settings_are_found_good_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("none.db").display());
    for config in [config(), with_mail()] {
        let config = Config { password: PasswordConfig::default(), ..config };
        Auth::builder(&url).config(config).check().unwrap();
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn defaults_that_depend_on_other_settings_are_told_with_their_reasons() {
    let shown = |config: Config| {
        let (filled, reasons) = config.in_force();
        let docs = filled.docs.unwrap();
        (filled.registration.unwrap(), filled.require_verified_email.unwrap(), docs, reasons)
    };
    let (registration, verified, docs, reasons) = shown(Config::default());
    assert_eq!((registration, verified, docs), (Registration::Open, false, true));
    assert_eq!(
        reasons,
        [
            ("registration", "default without mail"),
            ("require_verified_email", "default without private registration"),
            ("docs", "default on this machine"),
            ("pages_url", "default: public_url"),
        ]
    );
    let mail = Config {
        smtp_url: Some("smtp://127.0.0.1".into()),
        public_url: "https://example.org".into(),
        ..Config::default()
    };
    let (registration, verified, docs, reasons) = shown(mail);
    assert_eq!((registration, verified, docs), (Registration::Private, true, false));
    assert_eq!(reasons[0], ("registration", "default with mail"));
    let set = Config {
        registration: Some(Registration::Closed),
        require_verified_email: Some(false),
        docs: Some(false),
        pages_url: Some("https://example.org".into()),
        ..Config::default()
    };
    assert_eq!(shown(set), (Registration::Closed, false, false, vec![]));
}

#[tokio::test]
async fn the_error_of_a_failed_start_says_what_a_program_can_do() {
    let kind = async |url: &str, config| crate::app::opened(url, config).await.unwrap_err().kind();
    let app = App::new().await;
    app.execute("INSERT INTO doorward_migrations VALUES (9999, '9999_future', 'x', 0)").await;
    assert_eq!(kind(&app.database, config()).await, OpenErrorKind::NewerSchema);
    for url in ["mysql://a", "sqlite:", "postgres://ann:h@nter@localhost/db"] {
        assert_eq!(kind(url, config()).await, OpenErrorKind::Configuration, "{url}");
    }
    let wrong = Config { public_url: "nowhere".into(), ..config() };
    assert_eq!(kind("sqlite:/nonexistent/x.db", wrong).await, OpenErrorKind::Configuration);
    assert_eq!(kind("sqlite:/nonexistent/x.db", config()).await, OpenErrorKind::Refused);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://ann@{closed}/db?sslmode=disable");
    assert_eq!(kind(&url, config()).await, OpenErrorKind::Unreachable);
    if let Some(server) = postgres_server() {
        assert_eq!(kind(&format!("{server}/nothing"), config()).await, OpenErrorKind::Refused);
    }
}
