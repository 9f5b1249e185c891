//! `doorward config`: the source that wins, and the output.

use crate::home::Home;

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
    assert_eq!(line("public_url"), "public_url = \"http://127.0.0.1:3\" # from listen");
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
    assert!(shown.contains("postgres://ann:(hidden)@host/db") && shown.contains("[\"(hidden)\"]"), "{shown}");
}
