//! The apps of `examples` do what their guides say: a person logs in at Doorward and comes back, sees their name and
//! their address, and logs out everywhere.

use std::{path::Path, process::Command};

use crate::{
    chromium::{Tab, until},
    peers::{
        alone::{alone, run},
        hosts::{ACCOUNTS, Hosts, NAME, WIKI},
        program::{installed, serve},
    },
    people::{ANN, PASSWORD, send_credentials},
};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

/// The words of the guides that stand for a secret.
const PLACEHOLDER: &str = "64 digits that openssl rand -hex 32 prints";
const SECRET: &str = "5b0c3f1e6d7a48929c1d0e3f2a4b6c8d5b0c3f1e6d7a48929c1d0e3f2a4b6c8d";

const PORT: u16 = 3000;

/// A button of Next.js works as soon as its script runs.
const LOG_IN: &str = "#log-in:not([disabled])";
const LOG_OUT: &str = "#log-out:not([disabled])";

/// Starts Doorward with the `[[client]]` of a guide.
async fn follow(guide: &str) -> Hosts {
    let page = std::fs::read_to_string(Path::new(EXAMPLES).join(guide).join("README.md")).unwrap();
    let (client, _) = page.split_once("```toml\n").unwrap().1.split_once("```").unwrap();
    assert!(client.contains(PLACEHOLDER));
    Hosts::start(&client.replace(PLACEHOLDER, SECRET)).await
}

/// Starts the app of a guide behind its host, with the variables that the guides name.
async fn start(hosts: &Hosts, program: &mut Command) {
    let (wiki, accounts) = (format!("https://{}", WIKI.0), format!("https://{}", ACCOUNTS.0));
    let variables = [
        ("APP_URL", &*wiki),
        ("NEXTAUTH_URL", &wiki),
        ("DOORWARD_URL", &accounts),
        ("CLIENT_ID", "wiki"),
        ("CLIENT_SECRET", SECRET),
        ("SESSION_SECRET", "the secret of the sessions of the app"),
        ("NEXTAUTH_SECRET", "the secret of the sessions of the app"),
        ("PORT", "3000"),
    ];
    serve(hosts.trusted_by(program).envs(variables), ("127.0.0.1", PORT)).await;
    hosts.lead_wiki_to(PORT).await;
}

/// Leaves for another page, like a person who types its address. Waits for nothing: the page before may still be
/// loading.
async fn leave_for(tab: &Tab, url: &str) {
    tab.value(&format!("location.assign({url:?}); true")).await;
}

/// Opens the app, and goes to the log-in.
async fn go_to_log_in(tab: &Tab) {
    leave_for(tab, &format!("https://{}/", WIKI.0)).await;
    tab.wait_for_text("body", "You are not logged in").await;
    tab.click(LOG_IN).await;
    tab.element("#password").await;
    assert!(tab.address().await.starts_with(&format!("https://{}/login?", ACCOUNTS.0)));
}

/// Waits until the app greets Ann.
async fn is_greeted(tab: &Tab) {
    tab.wait_for_text("#name", NAME).await;
    tab.wait_for_text("#email", ANN).await;
    assert!(tab.address().await.starts_with(&format!("https://{}/", WIKI.0)));
}

/// What the guides promise.
async fn log_in_and_out(hosts: &Hosts) {
    let chromium = hosts.browser().await;
    let tab = chromium.tab().await;
    go_to_log_in(&tab).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    // The first time, Ann is asked. She says no, and then yes.
    tab.click("button[value=deny]").await;
    let wiki = format!("https://{}/", WIKI.0);
    until("to come back", async || tab.address().await.starts_with(&wiki).then_some(())).await;
    leave_for(&tab, &wiki).await;
    tab.wait_for_text("body", "You are not logged in").await;
    tab.click(LOG_IN).await;
    tab.click("button[value=allow]").await;
    is_greeted(&tab).await;

    for again in [true, false] {
        tab.click(LOG_OUT).await;
        tab.wait_for_text("body", "You are not logged in").await;
        assert_eq!(tab.address().await, wiki);
        // Doorward has ended its session too.
        leave_for(&tab, &format!("https://{}/account", ACCOUNTS.0)).await;
        tab.element("#password").await;
        if again {
            go_to_log_in(&tab).await;
            send_credentials(&tab, ANN, PASSWORD).await;
            is_greeted(&tab).await;
        }
    }
    // The apps have no icon, and some answer a person who says no with an error.
    let complaints = tab.complaints();
    let of_status = |complaint: &String| complaint.contains("the server responded with a status of 40");
    assert!(complaints.iter().all(of_status), "{complaints:?}");
}

#[test]
#[ignore = "script/test peers runs it"]
fn people_log_in_to_fastapi_by_authlib() {
    alone(async || {
        let hosts = follow("fastapi").await;
        let folder = installed("fastapi");
        let mut uvicorn = Command::new(folder.join("venv/bin/uvicorn"));
        uvicorn.args(["app:app", "--host", "127.0.0.1", "--port", "3000"]).current_dir(&folder);
        start(&hosts, &mut uvicorn).await;
        log_in_and_out(&hosts).await;
    });
}

#[test]
#[ignore = "script/test peers runs it"]
fn people_log_in_to_express_by_openid_client() {
    alone(async || {
        let hosts = follow("express").await;
        start(&hosts, Command::new("node").arg("app.js").current_dir(installed("express"))).await;
        log_in_and_out(&hosts).await;
    });
}

#[test]
#[ignore = "script/test peers runs it"]
fn people_log_in_to_next_by_auth_js() {
    alone(async || {
        let hosts = follow("next").await;
        let mut npm = Command::new("npm");
        npm.args(["start", "--", "--hostname", "127.0.0.1", "--port", "3000"]);
        npm.current_dir(installed("next")).env("NEXT_TELEMETRY_DISABLED", "1");
        start(&hosts, &mut npm).await;
        log_in_and_out(&hosts).await;
    });
}

/// What a site of Debian's Apache finds around it: the modules that the guide turns on, and those that are always on.
fn apache(hosts: &Hosts) -> String {
    let modules = [
        "alias",
        "auth_openidc",
        "authn_core",
        "authz_core",
        "authz_user",
        "dir",
        "filter",
        "include",
        "mime",
        "mpm_event",
        "ssl",
    ];
    let load = |name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n");
    let folder = hosts.folder.path().display();
    let address = WIKI.1;
    format!(
        "{}ServerRoot {folder}\nPidFile {folder}/pid\nListen {address}:443\nServerName localhost\nUser www-data\n\
         Group www-data\nMutex posixsem\nErrorLog /dev/stderr\nTypesConfig /dev/null\nAddType text/html .html\n\
         Include {EXAMPLES}/apache/wiki.conf\n",
        modules.map(load).concat()
    )
}

#[test]
#[ignore = "script/test peers runs it"]
fn people_log_in_to_pages_behind_apache() {
    alone(async || {
        let hosts = follow("apache").await;
        // Files where the guide says, seen by this test alone.
        for folder in ["/srv", "/etc/ssl/private"] {
            run("mount", &["-t", "tmpfs", "tmpfs", folder]);
        }
        run("cp", &["-r", &format!("{EXAMPLES}/apache/wiki"), "/srv/wiki"]);
        run("chmod", &["-R", "a+rX", "/srv"]);
        std::fs::copy(hosts.file("all.pem"), "/etc/ssl/private/wiki.example.net.pem").unwrap();
        std::fs::write(hosts.file("apache.conf"), apache(&hosts)).unwrap();
        let mut apache = Command::new("/usr/sbin/apache2");
        apache.arg("-DFOREGROUND").arg("-f").arg(hosts.file("apache.conf"));
        apache.envs([("CLIENT_SECRET", SECRET), ("SESSION_SECRET", "what the module keeps is encrypted")]);
        serve(&mut apache, (WIKI.1, 443)).await;
        log_in_and_out(&hosts).await;
    });
}
