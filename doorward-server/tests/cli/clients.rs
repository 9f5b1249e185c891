//! `doorward client`, also while the server runs, and the key beside the database.

use serde_json::Value;

use crate::home::Home;

const ADDRESS: &str = "https://app.example.org/callback";

#[test]
fn an_app_is_added_shown_changed_and_deleted() {
    let home = Home::new();
    let added =
        home.run(&["client", "add", "The wiki", "--redirect-uri", ADDRESS, "--scope", "openid"]).done();
    let told: Vec<Vec<&str>> = added.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((told[0][0], told[1][0]), ("client_id", "client_secret"));
    let (id, secret) = (told[0][1], told[1][1]);
    assert!(id.starts_with("client_") && secret.starts_with("dw_x_"), "{added}");

    let shown: Value = serde_json::from_str(&home.run(&["client", "show", id]).done()).unwrap();
    assert_eq!((&shown["name"], &shown["origin"]), (&"The wiki".into(), &"admin".into()));
    assert_eq!((&shown["redirect_uris"][0], &shown["scopes"][0]), (&ADDRESS.into(), &"openid".into()));
    assert!(!shown.to_string().contains(secret));

    let public =
        home.run(&["client", "add", "App", "--redirect-uri", ADDRESS, "--public", "--id", "app"]).done();
    assert_eq!(public, "client_id      app\n");
    let listed = home.run(&["client", "list"]).done();
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["ID", "STATE", "KIND", "FROM", "NAME"]);
    assert_eq!(lines[1], ["app", "active", "public", "admin", "App"]);
    assert_eq!(lines[2], [id, "active", "confidential", "admin", "The", "wiki"]);
    assert_eq!(home.run(&["client", "list", "--json"]).done().lines().count(), 2);

    let renewed = home.run(&["client", "rotate-secret", id]).done();
    assert!(renewed.starts_with("client_secret  dw_x_") && !renewed.contains(secret), "{renewed}");
    assert!(home.run(&["client", "disable", id]).done().starts_with("disabled"));
    assert!(home.run(&["client", "list"]).done().contains("disabled"));
    assert!(home.run(&["client", "enable", id]).done().starts_with("enabled"));
    assert_eq!(home.run(&["client", "delete", id]).done(), format!("deleted {id}\n"));
    assert_eq!(home.run(&["client", "list"]).done().lines().count(), 2);

    for (arguments, told) in [
        (&["client", "show", id][..], "there is no app"),
        (&["client", "disable", "unknown"], "there is no app unknown"),
        (&["client", "delete", "unknown"], "there is no app unknown"),
        (&["client", "rotate-secret", "unknown"], "there is no app unknown"),
        (&["client", "rotate-secret", "app"], "this one is public"),
        (
            &["client", "add", "App", "--redirect-uri", ADDRESS, "--id", "app"],
            "id: expected an id that no client has",
        ),
        (
            &["client", "add", "App", "--redirect-uri", "http://app.example.org/"],
            "redirect_uris: expected https",
        ),
        (&["client", "add", "App", "--redirect-uri", ADDRESS, "--scope", "x"], "scopes: "),
        (&["client", "add", "a\nb", "--redirect-uri", ADDRESS], "name: "),
    ] {
        let error = home.run(arguments).failed();
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
}

#[test]
fn the_server_makes_a_key_beside_a_file_of_sqlite_and_needs_it_from_then_on() {
    let home = Home::on_sqlite();
    let server = home.start();
    let keys = server.request("GET", "/oauth/jwks.json", &[], "");
    assert_eq!((keys.status, keys.json()["keys"].as_array().unwrap().len()), (200, 3));
    let metadata = server.request("GET", "/.well-known/openid-configuration", &[], "").json();
    assert_eq!(metadata["issuer"], format!("http://localhost:{}", server.address.port()));
    let log = server.stop();
    assert!(log.contains("back it up, apart from the database"), "{log}");
    let key = std::fs::read_to_string(home.path("doorward.key")).unwrap();
    home.run(&["client", "list"]).done();

    std::fs::rename(home.path("doorward.key"), home.path("lost.key")).unwrap();
    let error = home.run(&["client", "list"]).failed();
    let id = key.split(' ').next().unwrap();
    assert!(error.contains(&format!("the key with the id \"{id}\"")), "{error}");
    std::fs::rename(home.path("lost.key"), home.path("doorward.key")).unwrap();
    home.run(&["client", "list"]).done();
}
