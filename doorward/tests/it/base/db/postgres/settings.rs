//! PostgreSQL: URLs of servers, and the errors when a server cannot be used.

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

use doorward::Auth;
use futures_util::future::join_all;

use crate::app::{ANN, App, Outside, config, postgres_server};

/// Opens a database that cannot be opened. Returns the error, which has one line.
async fn refused(url: &str) -> String {
    let opened = tokio::time::timeout(Duration::from_secs(10), crate::app::opened(url, config())).await;
    let error = opened.expect("opening ends").expect_err(url).to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    for secret in ["hunter2", "hunter", "unter2"] {
        assert!(!error.contains(secret), "{error}");
    }
    error
}

/// The file with the certificate authority of the server, if there is one.
#[expect(clippy::disallowed_methods, reason = "the environment names the server for the tests")]
fn authority() -> Option<String> {
    std::env::var("TEST_POSTGRES_CA").ok()
}

/// A server that answers the first message of each connection with `answer`, and nothing after it.
fn strange_server(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut connections = Vec::new();
        while let Ok((mut connection, _)) = listener.accept() {
            let _ = connection.read(&mut [0; 8]);
            let _ = connection.write_all(answer);
            connections.push(connection);
        }
    });
    port
}

#[tokio::test]
async fn a_malformed_url_is_refused_without_its_password() {
    if postgres_server().is_none() {
        return;
    }
    for (url, expected) in [
        ("postgres://ann:hunter2@localhost/db?sslmode=nonsense", "sslmode"),
        ("postgres://ann:hunter2@localhost/db?sslmode=allow", "sslmode"),
        ("postgres://ann:hunter2@localhost/db?sslrootcert=/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("postgres://ann:hunter2@localhost/db?sslrootcert=/dev/null", "no certificate"),
        ("postgres://ann:hunter2@localhost:port/db", "bad database URL"),
        ("postgres://ann:hunter2@localhost/db?no_such_option=1", "bad database URL"),
        ("postgres://ann:hunter2@/db", "no host"),
        ("postgres://localhost/db", "no user"),
        ("postgres:", "bad database URL"),
        ("postgres://", "bad database URL"),
        // Passwords that are not percent-encoded.
        ("postgres://ann:h@hunter2@localhost/db", "bad database URL"),
        ("postgres://ann:1?hunter@localhost/db", "bad database URL"),
        ("postgres://ann:1?hunter=1&x@localhost/db", "bad database URL"),
        ("postgres://ann:hunter2?@localhost/db", "bad database URL"),
        ("postgres://ann:1/hunter2@localhost:1/db", ""),
        ("postgres://ann:1#hunter2@localhost:1/db", ""),
        ("postgres://ann:%zzhunter2@localhost:1/db", ""),
    ] {
        let error = refused(url).await;
        assert!(error.contains(expected), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_named_in_one_line() {
    let Some(server) = postgres_server() else { return };
    let port = server.rsplit(':').next().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (silent, without_tls) = (strange_server(b""), strange_server(b"N"));
    let servers = [
        (format!("postgres://locked:hunter2@127.0.0.1:{port}/postgres"), "password authentication failed"),
        (format!("postgres://postgres:hunter2@127.0.0.1:{port}/nothing"), "\"nothing\" does not exist"),
        (format!("postgres://ann:hunter2@127.0.0.1:{closed}/db"), "refused"),
        (format!("postgres://ann:hunter2@127.0.0.1:{silent}/db"), "in time"),
        (format!("postgres://ann:hunter2@127.0.0.1:{silent}/db?sslmode=require"), "in time"),
        (format!("postgres://ann:hunter2@127.0.0.1:{without_tls}/db?sslmode=verify-full"), "sslmode=disable"),
        ("postgres://ann:hunter2@no-such-host.invalid/db".into(), "no-such-host.invalid"),
    ];
    join_all(servers.map(|(url, expected)| async move {
        let error = refused(&url).await;
        assert!(error.starts_with("cannot open the database postgres://"), "{error}");
        assert!(error.contains(expected), "{url}: {error}");
    }))
    .await;
}

#[tokio::test]
async fn tls_trusts_only_the_configured_authority() {
    if postgres_server().is_none() {
        return;
    }
    let Some(authority) = authority() else {
        return println!("skipped: TEST_POSTGRES_CA names no certificate authority");
    };
    let plain = App::new().await;
    let database = plain.database.split('?').next().unwrap().to_owned();
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE datname = current_database() AND application_name = 'doorward' AND ssl";
    let outside = plain.outside().await;
    plain.register(ANN).await;
    assert_eq!(outside.number(encrypted).await, 0);
    for mode in ["prefer", "require", "verify-ca", "verify-full"] {
        let url = format!("{database}?sslmode={mode}&sslrootcert={authority}");
        App::on(&url, config()).await.token(ANN).await;
    }
    let named = database.replace("127.0.0.1", "localhost");
    let app = App::on(&format!("{named}?sslmode=verify-full&sslrootcert={authority}"), config()).await;
    app.token(ANN).await;
    assert!(outside.number(encrypted).await > 0);

    // Here the authorities of the system are trusted. None of them signed the certificate.
    for other in ["sslmode=verify-full", "sslmode=require"] {
        let error = refused(&format!("{database}?{other}")).await;
        assert!(error.contains("certificate") && error.contains("sslrootcert"), "{error}");
    }
}

/// A Latin-1 database cannot store a Greek name of a browser. `SQL_ASCII` stores any bytes, and counts them in the
/// place of letters (PostgreSQL documentation, "Character Set Support").
#[tokio::test]
async fn a_database_that_is_not_utf_8_is_refused_with_the_way_to_make_one() {
    let Some(server) = postgres_server() else { return };
    let outside = Outside::of(&format!("{server}/postgres")).await;
    for (number, encoding) in ["LATIN1", "SQL_ASCII", "EUC_JP", "WIN1252"].into_iter().enumerate() {
        let name = format!("doorward_encoding_{}_{number}", std::process::id());
        outside
            .run(&format!("CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
            .await;
        let url = format!("{server}/{name}?sslmode=disable");
        let errors = [
            crate::app::opened(&url, config()).await.unwrap_err().to_string(),
            Auth::builder(&url).migrate().await.unwrap_err().to_string(),
        ];
        for error in errors {
            assert_eq!(error.lines().count(), 1, "{error}");
            assert!(
                error.contains(&format!("{name} stores texts as {encoding}, and Doorward needs UTF8")),
                "{error}"
            );
            // The statement works, and so does the database that it makes.
            let statement = &error[error.find("CREATE DATABASE").unwrap()..];
            let other = format!("{name}_utf8");
            outside.run(&statement.replacen("doorward", &other, 1)).await;
            App::on(&format!("{server}/{other}?sslmode=disable"), config()).await.ann().await;
            outside.run(&format!("DROP DATABASE {other} WITH (FORCE)")).await;
        }
        let tables = Outside::of(&url)
            .await
            .number("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            .await;
        assert_eq!(tables, 0, "nothing is made in it");
    }
}
