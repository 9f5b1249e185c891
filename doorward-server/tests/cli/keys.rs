//! `doorward keys`: the keys that sign ID tokens, and the key that seals them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::{Home, Server};

const FIRST: &str =
    "secret_key_id = \"first\"\nsecret_key = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"\n";

/// The first key is retired, and another one has taken its place.
const SECOND: &str = "secret_key_id = \"second\"\nsecret_key = \"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"\n\
                      retired_secret_keys = { first = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }\n";

fn published(server: &Server) -> BTreeSet<String> {
    let keys = server.request("GET", "/oauth/jwks.json", &[], "").json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// The lines of a table, without its head, as words.
fn rows(table: &str) -> Vec<Vec<&str>> {
    table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect()
}

#[test]
fn signing_keys_are_listed_and_replaced_while_the_server_runs() {
    let home = Home::new();
    home.write("doorward.toml", FIRST);
    assert_eq!(rows(&home.run(&["keys", "list"]).done()), [[""; 0]; 0], "nobody has asked for them yet");
    let server = home.start();
    let first = published(&server);
    assert_eq!(first.len(), 3);
    let listed = home.run(&["keys", "list"]).done();
    assert_eq!(
        listed.lines().next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["ID", "ALGORITHM", "STATE", "FROM", "UNTIL", "SEALED", "WITH"]
    );
    for row in rows(&listed) {
        assert!(first.contains(row[0]), "{listed}");
        assert_eq!((row[2], row[5]), ("signs", "first"), "{listed}");
    }

    let rotated = home.run(&["keys", "rotate-signing", "--alg", "ES256"]).done();
    let states: BTreeSet<_> =
        rows(&rotated).iter().map(|row| (row[1].to_owned(), row[2].to_owned())).collect();
    let expected = [("RS256", "signs"), ("ES256", "waits"), ("ES256", "signs"), ("EdDSA", "signs")];
    assert_eq!(states, expected.map(|(algorithm, state)| (algorithm.to_owned(), state.to_owned())).into());
    let four = published(&server);
    assert!(four.len() == 4 && four.is_superset(&first), "the server publishes it at once");

    let json = home.run(&["keys", "list", "--json"]).done();
    let keys: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let waiting = keys.iter().find(|key| key["state"] == "waits").unwrap();
    assert_eq!((&waiting["algorithm"], &waiting["sealed_with"]), (&"ES256".into(), &"first".into()));
    assert!(!json.contains("first."), "the sealed key is not shown");

    let ended = home.run(&["keys", "rotate-signing", "--now"]).done();
    assert!(ended.contains("apps refuse the ID tokens that these have signed"), "{ended}");
    let last = published(&server);
    assert_eq!((last.len(), last.intersection(&four).count()), (3, 0), "no old key is published any more");
    let events = home.run(&["events"]).done();
    assert!(events.contains("signing_key_made") && events.contains("signing_key_ended"), "{events}");

    let wrong = home.run(&["keys", "rotate-signing", "--alg", "HS256"]);
    assert_eq!(wrong.code(), Some(2), "{wrong:?}");
}

#[test]
fn secrets_are_sealed_anew_and_the_retired_key_can_go() {
    let home = Home::new();
    home.write("doorward.toml", FIRST);
    let keys = published(&home.start());
    assert!(home.run(&["keys", "reseal"]).done().starts_with("there is nothing to do"));
    home.write("doorward.toml", SECOND);
    assert_eq!(
        home.run(&["keys", "reseal"]).done(),
        "sealed 3 secrets anew; no secret needs a retired key any more\n"
    );
    assert!(home.run(&["keys", "reseal"]).done().starts_with("there is nothing to do"));
    let alone: String = SECOND.lines().take(2).map(|line| format!("{line}\n")).collect();
    home.write("doorward.toml", &alone);
    assert_eq!(published(&home.start()), keys, "apps notice nothing");
    home.write("doorward.toml", FIRST);
    let error = home.run(&["keys", "list"]).failed();
    assert!(error.contains("the key with the id \"second\""), "{error}");
}

#[test]
fn a_key_in_the_file_is_exchanged_by_a_line_above_it() {
    let home = Home::on_sqlite();
    let keys = published(&home.start());
    let old = std::fs::read_to_string(home.path("doorward.key")).unwrap();
    let new = "new AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";
    home.write("doorward.key", new);
    let error = home.run(&["keys", "reseal"]).failed();
    let id = old.split(' ').next().unwrap();
    assert!(error.contains(&format!("the key with the id \"{id}\"")), "{error}");
    home.write("doorward.key", format!("{new}{old}"));
    assert!(home.run(&["keys", "reseal"]).done().starts_with("sealed 3 secrets anew"));
    home.write("doorward.key", new);
    assert_eq!(published(&home.start()), keys);
    for row in rows(&home.run(&["keys", "list"]).done()) {
        assert_eq!(row[5], "new");
    }
}

#[test]
fn keys_need_a_key_that_seals_them() {
    let home = Home::on_sqlite();
    for command in
        [&["keys", "rotate-signing"][..], &["keys", "rotate-signing", "--now"], &["keys", "reseal"]]
    {
        let error = home.run(command).failed();
        assert!(error.contains("secret_key: expected a key in the settings"), "{error}");
    }
}
