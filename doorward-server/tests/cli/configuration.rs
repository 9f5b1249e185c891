//! `doorward config`: the source that wins, the output, and what it refuses.

use crate::home::{Home, Server};

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "log = \"error\"\nservice_name = \"From file\"\nlisten = \"127.0.0.1:1\"\n");
    let shown = home
        .bare(&["--listen", "127.0.0.1:3", "config"])
        .envs([("DOORWARD_LISTEN", "127.0.0.1:2"), ("DOORWARD_LOG", "warn")])
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    let line = |key: &str| {
        let line = shown.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("listen"), "listen = \"127.0.0.1:3\" # --listen");
    assert_eq!(line("log"), "log = \"warn\" # DOORWARD_LOG");
    assert_eq!(line("service_name"), "service_name = \"From file\" # doorward.toml:2");
    assert_eq!(line("database"), "database = \"sqlite:doorward.db\" # default");
    assert_eq!(line("public_url"), "public_url = \"http://localhost:3\" # from listen");
}

#[test]
fn the_output_can_be_used_as_the_file() {
    let home = Home::on_sqlite();
    let shown = home.run(&["config"]).done();
    home.write("shown.toml", &shown);
    let again = home.run(&["config", "--config", "shown.toml"]).done();
    let values = |text: &str| {
        text.lines().map(|line| line.split("  #").next().unwrap().trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&shown), values(&again));
}

#[test]
fn secrets_are_hidden() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "introspection_secrets = [\"0123456789abcdef0123456789abcdef\"]");
    let shown =
        home.bare(&["config"]).env("DOORWARD_DATABASE", "postgres://ann:hunter2@host/db").output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(!shown.contains("hunter2") && !shown.contains("0123456789abcdef"), "{shown}");
    assert!(shown.contains("postgres://ann@host:5432/db") && shown.contains("[\"(hidden)\"]"), "{shown}");
}

#[test]
fn the_values_in_force_are_shown_with_their_reasons() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "");
    let shown = home.run(&["config"]).done();
    let line = |shown: &str, key: &str| {
        let line = shown.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line(&shown, "registration"), "registration = \"open\" # default without mail");
    assert_eq!(line(&shown, "docs"), "docs = true # default on this machine");
    assert_eq!(line(&shown, "dev_mailbox"), "dev_mailbox = true # default without mail, on this machine");
    home.write(
        "doorward.toml",
        "smtp_url = \"smtp://127.0.0.1\"\nmail_from = \"a@example.org\"\npublic_url = \"https://example.org\"",
    );
    let shown = home.run(&["config"]).done();
    assert_eq!(line(&shown, "registration"), "registration = \"private\" # default with mail");
    assert_eq!(
        line(&shown, "require_verified_email"),
        "require_verified_email = true # default with private registration"
    );
    assert_eq!(line(&shown, "docs"), "docs = false # default beyond this machine");
    assert_eq!(line(&shown, "dev_mailbox"), "dev_mailbox = false # default");
}

/// Settings with which the server does not start. `doorward config` tells the same.
#[test]
fn settings_with_which_the_server_would_not_start_are_refused() {
    for (file, told) in [
        ("session_lifetime = \"0s\"", "doorward.toml:1: session_lifetime: expected 1s to 366d"),
        ("\nsmtp_url = \"smtp://127.0.0.1\"", "doorward.toml:2: mail_from: expected with smtp_url"),
        ("public_url = \"http://example.org\"", "doorward.toml:1: public_url: "),
        ("trusted_proxies = [\"x\"]", "doorward.toml:1: trusted_proxies: "),
        ("templates_dir = \"nowhere\"", "doorward.toml:1: templates_dir: nowhere: "),
        ("[password]\nbreached_file = \"no.bin\"", "doorward.toml:2: password.breached_file: no.bin: "),
        (
            "[password]\niterations = 5\nmemory_kib = 64",
            "doorward.toml:3: password.memory_kib: expected at least 7168 with password.iterations = 5",
        ),
        (
            "[password]\niterations = 1",
            "doorward.toml:2: password.iterations: expected at least 2 with password.memory_kib = 19456",
        ),
        ("database = \"mysql://ann:hunter2@host/db\"", "doorward.toml:1: database: bad database URL"),
        ("database = \"sqlite:no/such.db\"", "doorward.toml:1: database: cannot open no/such.db"),
        ("database = \"sqlite:.\"", "doorward.toml:1: database: cannot open .: it is a folder"),
        ("listen = \"0.0.0.0:0\"", "doorward.toml:1: listen: 0.0.0.0:0 can be reached"),
    ] {
        let home = Home::on_sqlite();
        home.write("doorward.toml", file);
        for command in ["config", "serve"] {
            let ran = home.bare(&[command]).output().unwrap();
            let error = String::from_utf8(ran.stderr).unwrap();
            assert_eq!((ran.status.code(), &*ran.stdout), (Some(1), &b""[..]), "{command} {file}: {error}");
            assert!(error.starts_with(&format!("doorward: {told}")), "{command} {file}: {error}");
            assert!(error.lines().count() == 1 && !error.contains("hunter2"), "{command} {file}: {error}");
        }
    }
}

#[test]
fn every_command_names_the_place_of_a_setting_that_it_cannot_use() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "\ndatabase = \"mysql://ann:hunter2@host/db\"");
    for command in [&["migrate"][..], &["user", "list"], &["events"]] {
        let ran = home.bare(command).output().unwrap();
        let error = String::from_utf8(ran.stderr).unwrap();
        let told = "doorward: doorward.toml:2: database: bad database URL: expected \"sqlite:FILE\"";
        assert!(ran.status.code() == Some(1) && error.starts_with(told), "{command:?}: {error}");
    }
    home.write("doorward.toml", "\n[password]\nmin_length = 1");
    let error = home.run(&["user", "list"]).failed();
    assert_eq!(error, "doorward.toml:3: password.min_length: expected 8 to 64");
}

#[test]
fn every_mistake_has_a_line_of_its_own() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "listn = 1\nsession_lifetime = \"0s\"\n\n[password]\nmin_length = 1\n");
    let ran = home.bare(&["config"]).env("DOORWARD_DOCS", "yes").env("DOORWARD_LOGG", "x").output().unwrap();
    assert_eq!(
        String::from_utf8(ran.stderr).unwrap(),
        "doorward: unknown environment variable \"DOORWARD_LOGG\"; did you mean \"DOORWARD_LOG\"?\n\
         doorward: doorward.toml:1: unknown key \"listn\"; did you mean \"listen\"?\n\
         doorward: doorward.toml:2: session_lifetime: expected 1s to 366d\n\
         doorward: doorward.toml:5: password.min_length: expected 8 to 64\n\
         doorward: DOORWARD_DOCS: expected true or false\n"
    );
}

#[test]
fn the_example_is_a_file_that_changes_nothing() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "");
    let shown = home.run(&["config"]).done();
    // It is printed also if the present file is broken.
    home.write("doorward.toml", "= hunter2");
    let example = home.run(&["config", "--example"]).done();
    home.write("doorward.toml", &example);
    assert_eq!(home.run(&["config"]).done(), shown);
}

#[test]
fn a_server_reads_its_secrets_from_files() {
    let home = Home::on_sqlite();
    let secret = "0123456789abcdef0123456789abcdef";
    home.write("secret", format!("{secret}\n"));
    home.write("database", &home.database);
    home.write("doorward.toml", "database_file = \"database\"");
    let mut command = home.bare(&["--listen", "127.0.0.1:0"]);
    command
        .env("DOORWARD_INTROSPECTION_SECRETS_FILE", home.path("secret"))
        .env("DOORWARD_INTROSPECTION_SECRETS", "");
    let server = Server::start(command);
    assert!(server.greeting.contains(&format!("database   {}\n", home.database)), "{}", server.greeting);
    // The base64 of `service:` and the secret.
    let headers = [
        "Authorization: Basic c2VydmljZTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==",
        "Content-Type: application/x-www-form-urlencoded",
    ];
    let checked = server.request("POST", "/introspect", &headers, "token=dw_s_x");
    assert_eq!((checked.status, &checked.json()["active"]), (200, &serde_json::json!(false)), "{checked:?}");
}

/// A pod gets the variables of all services of its namespace (Kubernetes documentation, "Service").
#[test]
fn a_server_starts_beside_services_whose_names_begin_like_its_own() {
    let home = Home::on_sqlite();
    let mut command = home.command(&["--listen", "127.0.0.1:0"]);
    for service in ["DOORWARD", "DOORWARD_DB", "DOORWARD_POSTGRESQL"] {
        for (link, value) in [
            ("SERVICE_HOST", "10.0.0.2"),
            ("SERVICE_PORT", "5432"),
            ("SERVICE_PORT_TCP_POSTGRESQL", "5432"),
            ("PORT", "tcp://10.0.0.2:5432"),
            ("PORT_5432_TCP", "tcp://10.0.0.2:5432"),
            ("PORT_5432_TCP_PROTO", "tcp"),
            ("PORT_5432_TCP_PORT", "5432"),
            ("PORT_5432_TCP_ADDR", "10.0.0.2"),
        ] {
            command.env(format!("{service}_{link}"), value);
        }
    }
    assert_eq!(Server::start(command).request("GET", "/healthz", &[], "").status, 200);
}
