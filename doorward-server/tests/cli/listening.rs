//! The places that the server listens on: several addresses, socket files, and sockets of a service manager.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    os::{
        fd::OwnedFd,
        unix::{
            fs::{FileTypeExt as _, PermissionsExt as _},
            net::{UnixListener, UnixStream},
        },
    },
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    home::{Home, PASSWORD, Server},
    http::{Client, request},
};

/// A home whose server listens on a socket file.
fn home() -> (Home, PathBuf) {
    let home = Home::on_sqlite();
    let file = home.path("doorward.sock");
    (home, file)
}

fn start(home: &Home, listen: &str, variables: &[(&str, &str)]) -> Server {
    let mut command = home.command(&["--listen", listen]);
    command.envs(variables.iter().copied());
    Server::start(command)
}

/// Sends a request over a socket file. Returns the whole answer.
fn over(file: &Path, request: &str) -> String {
    let mut stream = UnixStream::connect(file).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn is_healthy(file: &Path) -> bool {
    over(file, &request("GET", "/healthz", &[], "")).starts_with("HTTP/1.1 200 ")
}

#[test]
fn a_socket_file_has_its_rights_and_is_gone_after_the_stop() {
    let (home, file) = home();
    for (variables, mode) in [(&[][..], 0o660), (&[("DOORWARD_LISTEN_MODE", "606")], 0o606)] {
        let server = start(&home, "unix:doorward.sock", variables);
        let metadata = std::fs::metadata(&file).unwrap();
        assert!(metadata.file_type().is_socket());
        assert_eq!(metadata.permissions().mode() & 0o777, mode);
        assert!(
            server.greeting.starts_with("doorward ") && server.greeting.contains(" on unix:doorward.sock")
        );
        assert!(is_healthy(&file));
        let log = server.stop();
        assert!(log.contains("\"peer\":\"unix\""), "{log}");
        assert!(!file.exists());
    }
    let wrong = home.command(&["--listen", "unix:no/such/folder/a.sock"]).output().unwrap();
    let error = String::from_utf8(wrong.stderr).unwrap();
    assert!(error.contains("cannot listen on unix:no/such/folder/a.sock: "), "{error}");
}

#[test]
fn a_socket_file_of_a_dead_server_is_replaced_and_that_of_a_live_one_is_not() {
    let (home, file) = home();
    let first = start(&home, "unix:doorward.sock", &[]);
    let second = home.command(&["--listen", "unix:doorward.sock"]).output().unwrap();
    let error = String::from_utf8(second.stderr).unwrap();
    assert!(
        error.ends_with("cannot listen on unix:doorward.sock: another server listens there\n"),
        "{error}"
    );
    assert!(is_healthy(&file));
    // Killed, it leaves its file behind.
    first.signal("-KILL");
    first.ended();
    assert!(file.exists() && UnixStream::connect(&file).is_err());
    let third = start(&home, "unix:doorward.sock", &[]);
    assert!(is_healthy(&file));
    // A file that another program has put there is not removed at the end.
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "mine").unwrap();
    third.stop();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let fourth = home.command(&["--listen", "unix:doorward.sock"]).output().unwrap();
    let error = String::from_utf8(fourth.stderr).unwrap();
    assert!(error.ends_with("there is a file that is no socket\n"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn of_servers_that_start_at_once_on_a_stale_file_one_gets_it() {
    let (home, file) = home();
    drop(UnixListener::bind(&file).unwrap());
    let mut children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = home.command(&["--listen", "unix:doorward.sock"]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    let running = loop {
        children.retain_mut(|child| child.try_wait().unwrap().is_none_or(|status| status.success()));
        if children.len() == 1 {
            break &mut children[0];
        }
        assert!(!children.is_empty());
        std::thread::yield_now();
    };
    assert!(is_healthy(&file));
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn the_peer_of_a_socket_file_is_a_trusted_proxy_only_by_the_word() {
    for (trusted, ip) in
        [("127.0.0.1,::1", "0.0.0.0"), ("0.0.0.0/1", "0.0.0.0"), ("127.0.0.1,unix", "198.51.100.1")]
    {
        let (home, file) = home();
        let server = start(&home, "unix:doorward.sock", &[("DOORWARD_TRUSTED_PROXIES", trusted)]);
        let json = |method, path, headers: &[&str], body: &str| -> Value {
            let answer = over(&file, &request(method, path, headers, body));
            serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
        };
        let types = ["Content-Type: application/json", "X-Forwarded-For: 198.51.100.1"];
        let body = json!({"email": "ann@example.org", "password": PASSWORD}).to_string();
        json("POST", "/register", &types, &body);
        let form = format!("username=ann%40example.org&password={}", PASSWORD.replace(' ', "+"));
        let types = ["Content-Type: application/x-www-form-urlencoded", types[1]];
        let token = json("POST", "/token", &types, &form)["access_token"].as_str().unwrap().to_owned();
        let sessions = json("GET", "/sessions", &[&format!("Authorization: Bearer {token}")], "");
        assert!(sessions.to_string().contains(&format!("\"ip\":\"{ip}\"")), "{trusted}: {sessions}");
        let log = server.stop();
        assert_eq!(log.contains("\"unix\\\" is not in trusted_proxies"), ip == "0.0.0.0", "{log}");
    }
}

#[test]
fn a_proxy_behind_a_socket_file_may_name_any_host_unless_there_is_a_list() {
    for (allowed, over_file, over_tcp) in [(None, "200", 421), (Some("auth.internal"), "421", 421)] {
        let (home, file) = home();
        let variables: Vec<_> =
            allowed.map(|allowed| ("DOORWARD_ALLOWED_HOSTS", allowed)).into_iter().collect();
        let variables = [&variables[..], &[("DOORWARD_TRUSTED_PROXIES", "unix")]].concat();
        let server = start(&home, "127.0.0.1:0,unix:doorward.sock", &variables);
        let login = "GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n";
        assert_eq!(over(&file, login).split(' ').nth(1), Some(over_file), "{allowed:?}");
        let mut client = server.connect();
        client.send(login);
        assert_eq!(client.answer().status, over_tcp, "{allowed:?}");
    }
}

#[test]
fn a_server_listens_on_all_places_of_a_list() {
    let (home, file) = home();
    home.write("doorward.toml", "listen = [\"127.0.0.1:0\", \"unix:doorward.sock\", \"127.0.0.2:0\"]\n");
    let mut server = Server::start(home.command(&[]));
    let line = server.greeting.lines().next().unwrap().replace("localhost", "127.0.0.1");
    let addresses: Vec<_> =
        line.split("http://").skip(1).map(|part| part.split(' ').next().unwrap()).collect();
    assert_eq!(addresses.len(), 2, "{line}");
    for address in addresses {
        let mut client = Client::connect(address.parse().unwrap());
        assert_eq!(client.request("GET", "/healthz", &[], "").status, 200, "{address}");
    }
    assert!(line.ends_with(" and unix:doorward.sock"), "{line}");
    assert!(is_healthy(&file));
    // On each of them, a request in progress is answered before the end.
    let mut over_file = UnixStream::connect(&file).unwrap();
    over_file.write_all(b"GET /me HTTP/1.1\r\nHost: a").unwrap();
    assert!(is_healthy(&file));
    server.signal("-TERM");
    server.wait_for_log("\"stopping\"");
    over_file.write_all(b".localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    over_file.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("connection: close"), "{answer}");
    assert!(server.ended().0.success());
}

#[test]
fn all_addresses_of_ipv4_and_of_ipv6_go_together() {
    if TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let home = Home::on_sqlite();
    // A port that is free a moment later.
    let port = TcpListener::bind("[::]:0").unwrap().local_addr().unwrap().port();
    let public = [("DOORWARD_PUBLIC_URL", "https://auth.example.org")];
    for listen in [format!("0.0.0.0:{port},[::]:{port}"), format!("[::]:{port},0.0.0.0:{port}")] {
        let _server = start(&home, &listen, &public);
        for address in [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
            let mut client = Client::connect(address.parse().unwrap());
            assert_eq!(client.request("GET", "/healthz", &[], "").status, 200, "{listen} {address}");
        }
    }
}

/// Starts the server with a socket that is open, as a service manager does (`sd_listen_fds(3)`).
fn activated(home: &Home, socket: OwnedFd, pid: &str, variables: &[(&str, &str)]) -> Server {
    let program = home.command(&["--listen", "127.0.0.1:0"]);
    let script = format!("exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID={pid} exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).arg(program.get_program()).args(program.get_args());
    command.env("DOORWARD_DATABASE", &home.database).envs(variables.iter().copied());
    command.current_dir(home.path("")).stdin(socket);
    Server::start(command)
}

#[test]
fn a_socket_of_the_service_manager_takes_the_place_of_the_setting() {
    let (home, file) = home();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // A connection that came before the server waits for it.
    let mut early = Client::connect(address);
    early.send(request("GET", "/healthz", &[], ""));
    let server = activated(&home, socket.into(), "$$", &[]);
    assert_eq!(server.address, address);
    assert_eq!(early.answer().status, 200);
    server.stop();

    let server = activated(&home, UnixListener::bind(&file).unwrap().into(), "$$", &[]);
    assert!(is_healthy(&file));
    // A proxy behind the file may serve the network.
    assert!(over(&file, &request("GET", "/docs", &[], "")).starts_with("HTTP/1.1 404 "));
    server.stop();
    // The service manager owns this file.
    assert!(file.exists());
}

#[test]
fn a_socket_for_another_program_is_left_alone_and_one_for_the_network_needs_a_public_url() {
    let home = Home::on_sqlite();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    assert_ne!(activated(&home, socket.into(), "1", &[]).address, address);

    let public = [("DOORWARD_PUBLIC_URL", "https://auth.example.org")];
    let socket = TcpListener::bind("0.0.0.0:0").unwrap();
    let refused =
        std::panic::catch_unwind(|| activated(&home, socket.try_clone().unwrap().into(), "$$", &[]));
    let error = refused.err().and_then(|error| error.downcast::<String>().ok()).unwrap();
    assert!(error.contains("set public_url"), "{error}");
    let port = socket.local_addr().unwrap().port();
    let server = activated(&home, socket.into(), "$$", &public);
    assert_eq!(server.address.port(), port);
}
