//! A network between a server and PostgreSQL that can be cut.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Stands between a server and PostgreSQL, and lets nothing through while it is cut.
pub(crate) struct Proxy {
    port: u16,
    pub(crate) cut: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts it. Returns `None` if the database is a file.
    pub(crate) fn before(database: &str) -> Option<Self> {
        let server = address(database)?.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), cut: Arc::default() };
        let cut = proxy.cut.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&server) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let cut = cut.clone();
                    thread::spawn(move || hand_on(from, to, &cut));
                }
            }
        });
        Some(proxy)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        let server = address(database).unwrap();
        database.replace(server, &format!("127.0.0.1:{}", self.port))
    }
}

/// Finds `HOST:PORT` in a URL of PostgreSQL.
fn address(database: &str) -> Option<&str> {
    let rest = database.strip_prefix("postgres://")?;
    rest.split_once('@')?.1.split('/').next()
}

fn hand_on(mut from: TcpStream, mut to: TcpStream, cut: &AtomicBool) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        while cut.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(10));
        }
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}
