//! Connecting to the mail server: its certificate, our log-in, and TLS that is required.

use std::{path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::Config;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::{
    accounts::mail::outbox::post,
    app::{ANN, App, config, refusal},
    mail::{
        mailbox::with_smtp,
        smtp::{Manner, Smtp, Wrap},
    },
};

/// TLS with a certificate for `localhost`. Writes the certificate of its authority to `ca_file`.
fn tls(ca_file: &Path) -> Wrap {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    std::fs::write(ca_file, authority.self_signed(&key).unwrap().pem()).unwrap();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    Arc::new(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        Box::new(StreamOwned::new(connection, stream))
    })
}

/// Sends a mail with these settings. Returns the number of mails that arrived, and the row of the outbox.
async fn send(smtp: &Smtp, config: Config) -> (usize, String) {
    let app = App::with(config).await;
    let ann = app.add(ANN).await;
    post(&app, 1, "reset_password", &ann.to_string()).await;
    app.send_mails().await;
    let contents = app.contents().await;
    let row = contents.lines().find(|line| line.starts_with("mails:")).unwrap_or_default();
    (smtp.mails().len(), row.to_owned())
}

#[tokio::test]
async fn a_server_is_trusted_by_the_configured_authority() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    let tls = tls(&ca_file);
    for (smtp, scheme, query) in [
        (Smtp::tls(Arc::clone(&tls)), "smtps", ""),
        (Smtp::starttls(Arc::clone(&tls)), "smtp", "?tls=required"),
        (Smtp::starttls(Arc::clone(&tls)), "smtp", "?tls=opportunistic"),
    ] {
        let url = |host| format!("{scheme}://ann:p%40ss@{host}:{}{query}", smtp.address.port());
        let with = |url: String, ca_file: Option<&Path>| Config {
            smtp_url: Some(url.into()),
            smtp_ca_file: ca_file.map(Path::to_owned),
            ..with_smtp(&smtp)
        };
        // First no authority is configured. Then the certificate does not have the name of the host.
        let (arrived, noted) = send(&smtp, with(url("localhost"), None)).await;
        assert!(arrived == 0 && noted.contains("UnknownIssuer"), "{scheme}{query}: {noted}");
        let (arrived, noted) = send(&smtp, with(url("127.0.0.1"), Some(&ca_file))).await;
        assert!(arrived == 0 && noted.contains("not valid for name"), "{scheme}{query}: {noted}");
        assert!(!noted.contains("p@ss"));
        let (arrived, noted) = send(&smtp, with(url("localhost"), Some(&ca_file))).await;
        assert_eq!((arrived, &*noted), (1, ""), "{scheme}{query}");
        let login = STANDARD.decode(smtp.mails()[0].login.as_deref().unwrap()).unwrap();
        assert_eq!(login, b"\0ann\0p@ss");
    }
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_where_tls_is_required() {
    let smtp = Smtp::start();
    for (query, arrived) in [("?tls=required", 0), ("?tls=opportunistic", 1)] {
        let url = format!("smtp://ann:hunter2@{}{query}", smtp.address);
        let (count, noted) = send(&smtp, Config { smtp_url: Some(url.into()), ..with_smtp(&smtp) }).await;
        assert_eq!(count, arrived, "{query}");
        assert_eq!(noted.contains("STARTTLS is not supported"), arrived == 0, "{noted}");
    }
}

#[tokio::test]
async fn we_log_in_by_a_method_of_the_server() {
    for (manner, login) in
        [(Manner::Polite, STANDARD.encode("\0ann\0p@ss")), (Manner::Old, "YW5u cEBzcw==".to_owned())]
    {
        let smtp = Smtp::start();
        smtp.be(manner);
        let url = format!("smtp://ann:p%40ss@{}", smtp.address);
        let (arrived, _) = send(&smtp, Config { smtp_url: Some(url.into()), ..with_smtp(&smtp) }).await;
        assert_eq!((arrived, smtp.mails()[0].login.as_deref()), (1, Some(&*login)));
    }
}

#[tokio::test]
async fn a_refused_log_in_is_noted_without_its_password_and_tried_again() {
    let smtp = Smtp::start();
    smtp.be(Manner::RefuseLogin);
    let url = format!("smtp://ann:hunter2@{}", smtp.address);
    let (arrived, noted) = send(&smtp, Config { smtp_url: Some(url.into()), ..with_smtp(&smtp) }).await;
    assert!(arrived == 0 && noted.contains("did not let us log in (535)"), "{noted}");
    assert!(!noted.contains("hunter2") && !noted.contains(&STANDARD.encode("\0ann\0hunter2")), "{noted}");
    assert!(noted.to_lowercase().contains("null") || noted.contains(",,"), "not dead: {noted}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing").unwrap();
    let smtp = || Some("smtp://ann:hunter2@127.0.0.1:1".into());
    let from = || Some("no-reply@example.org".to_owned());
    for (config, words) in [
        (Config { smtp_url: smtp(), ..config() }, "mail_from"),
        (Config { mail_from: from(), ..config() }, "smtp_url"),
        (Config { smtp_url: smtp(), mail_from: Some("nobody".into()), ..config() }, "mail_from"),
        (Config { smtp_url: Some("smtp://hunter2@x".into()), mail_from: from(), ..config() }, "smtp_url"),
        (Config { smtp_url: smtp(), mail_from: from(), smtp_ca_file: Some(empty), ..config() }, "empty.pem"),
        (
            Config { smtp_url: smtp(), mail_from: from(), smtp_ca_file: Some("/none".into()), ..config() },
            "/none",
        ),
        (Config { smtp_url: smtp(), mail_from: from(), dev_mailbox: true, ..config() }, "dev_mailbox"),
        (Config { dev_mailbox: true, public_url: "https://example.org".into(), ..config() }, "dev_mailbox"),
        (Config { service_name: "a\r\nBcc: b@example.org".into(), ..config() }, "service_name"),
    ] {
        let error = refusal(config).await;
        assert!(error.contains(words) && !error.contains("hunter2"), "{words}: {error}");
    }
}
