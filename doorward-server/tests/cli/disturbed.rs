//! Three servers on one database. One after the other stands still, is cut off from the database, or is killed and
//! started again. After the answer that a session has ended, none of them accepts it.

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    home::{Home, PASSWORD, Server},
    http::{self, Client},
    nodes::rounds,
    proxy::Proxy,
};

const SERVERS: usize = 3;
const PEOPLE: usize = 16;

/// The servers. The last one reaches the database through a network that can be cut.
struct Cluster {
    home: Home,
    proxy: Option<Proxy>,
    servers: [Mutex<Server>; SERVERS],
}

impl Cluster {
    fn start() -> Self {
        let home = Home::new();
        let proxy = Proxy::before(&home.database);
        let servers = std::array::from_fn(|number| Mutex::new(start(&home, proxy.as_ref(), number)));
        Self { home, proxy, servers }
    }

    /// Returns the status of the answer, or `None` without an answer.
    fn ask(&self, number: usize, request: &str) -> Option<(u16, String)> {
        let address: SocketAddr = self.servers[number].lock().unwrap().address;
        let mut client = Client::try_connect(address).ok()?;
        client.try_send(request).ok()?;
        let answer = client.try_answer().ok()?;
        Some((answer.status, answer.body))
    }

    fn status(&self, number: usize, method: &str, path: &str, token: &str) -> Option<u16> {
        let request = http::request(method, path, &[&format!("Authorization: Bearer {token}")], "");
        self.ask(number, &request).map(|(status, _)| status)
    }

    /// Asks one server after another until one of them answers with success.
    fn insist(&self, mut number: usize, request: &str) -> String {
        let begun = Instant::now();
        loop {
            match self.ask(number % SERVERS, request) {
                Some((200..300, body)) => return body,
                Some((400..500, body)) => panic!("refused: {body}"),
                _ => assert!(begun.elapsed() < Duration::from_secs(60), "no server answers"),
            }
            number += 1;
        }
    }

    /// Disturbs one of them for a while.
    fn disturb(&self, turn: usize) {
        let number = turn % SERVERS;
        let harm = Duration::from_millis([150, 2600, 700, 1400][turn % 4]);
        match turn / SERVERS % 3 {
            0 => {
                self.servers[number].lock().unwrap().signal("-STOP");
                thread::sleep(harm);
                self.servers[number].lock().unwrap().signal("-CONT");
            }
            1 => {
                let mut server = self.servers[number].lock().unwrap();
                server.signal("-KILL");
                *server = start(&self.home, self.proxy.as_ref(), number);
            }
            _ => {
                let Some(proxy) = &self.proxy else { return };
                proxy.cut.store(true, Ordering::SeqCst);
                thread::sleep(harm);
                proxy.cut.store(false, Ordering::SeqCst);
            }
        }
    }
}

fn start(home: &Home, proxy: Option<&Proxy>, number: usize) -> Server {
    let mut command = home.command(&["--listen", "127.0.0.1:0"]);
    if let Some(proxy) = proxy.filter(|_| number == SERVERS - 1) {
        command.env("DOORWARD_DATABASE", proxy.url(&home.database));
    }
    Server::start(command)
}

/// Runs one round of a user. Returns the number of servers that may have remembered the session.
fn round(cluster: &Cluster, email: &str, number: usize) -> usize {
    let form = format!("username={}&password={}", email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let form_type = "Content-Type: application/x-www-form-urlencoded";
    let answer = cluster.insist(number, &http::request("POST", "/token", &[form_type], &form));
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let token = answer["access_token"].as_str().unwrap();
    let mut remembering = 0;
    for server in 0..SERVERS {
        let statuses = [0, 1].map(|_| cluster.status(server, "GET", "/me", token));
        assert!(statuses.iter().all(|status| *status != Some(401)), "an active session was refused");
        remembering += usize::from(statuses == [Some(200); 2]);
    }
    let mut by = number / SERVERS;
    // Only an answer is a promise. The answer that the session has ended already is one, too.
    while !matches!(cluster.status(by % SERVERS, "POST", "/logout", token), Some(204 | 401)) {
        by += 1;
    }
    for server in 0..SERVERS {
        let status = cluster.status(server, "GET", "/me", token);
        assert_ne!(status, Some(200), "round {number}: server {server} accepts what {} ended", by % SERVERS);
    }
    remembering
}

#[test]
fn three_servers_under_disturbance_never_accept_an_ended_session() {
    let cluster = Cluster::start();
    let (done, remembered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for person in 0..PEOPLE {
            let (cluster, done, remembered) = (&cluster, &done, &remembered);
            let email = format!("user-{person}@example.org");
            let registration = format!("{{\"email\":\"{email}\",\"password\":\"{PASSWORD}\"}}");
            let json = "Content-Type: application/json";
            cluster.insist(0, &http::request("POST", "/register", &[json], &registration));
            scope.spawn(move || {
                let _ended = Ended(done);
                while done.fetch_add(1, Ordering::SeqCst) < rounds() {
                    let number = done.load(Ordering::SeqCst);
                    remembered.fetch_add(round(cluster, &email, number), Ordering::SeqCst);
                }
            });
        }
        for turn in 0.. {
            if done.load(Ordering::SeqCst) >= rounds() {
                break;
            }
            cluster.disturb(turn);
            thread::sleep(Duration::from_millis(300));
        }
    });
    let remembered = remembered.into_inner();
    assert!(remembered > rounds(), "the sessions were hardly used: {remembered} times");
}

/// Ends everything when a user fails.
struct Ended<'a>(&'a AtomicUsize);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(usize::MAX / 2, Ordering::SeqCst);
        }
    }
}
