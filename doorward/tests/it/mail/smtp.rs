//! A mail server of one's own, which behaves as badly as it is told to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

/// How the server treats whoever comes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Manner {
    /// Takes every mail.
    Polite,
    /// Says so to `RCPT`.
    RefuseRecipient(&'static str),
    /// Says so to the message.
    RefuseMessage(&'static str),
    /// Says so at the beginning.
    RefuseConnection(&'static str),
    /// Cuts the connection in the middle of a message.
    DropInMessage,
    /// Takes a message and cuts the connection instead of saying so.
    DropAfterMessage,
    /// Accepts connections and says nothing until its manner changes.
    Silent,
    /// Takes a message and says so only when its manner changes.
    Slow,
    /// Knows the obsolete way to log in alone.
    Old,
    /// Lets nobody log in.
    RefuseLogin,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The name and password that the client showed, in the form in which it did.
    pub(crate) login: Option<String>,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
}

#[derive(Default)]
struct State {
    manner: Option<Manner>,
    mails: Vec<Received>,
    connections: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// Something to talk over.
pub(crate) trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// What becomes of a connection before a word is said on it, such as TLS.
pub(crate) type Wrap = Arc<dyn Fn(TcpStream) -> Box<dyn Wire> + Send + Sync>;

/// A mail server on a port of its own. It ends with the process.
pub(crate) struct Smtp {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Smtp {
    pub(crate) fn start() -> Self {
        Self::with(Arc::new(|stream| Box::new(stream)), None)
    }

    /// With TLS from the first byte.
    pub(crate) fn tls(tls: Wrap) -> Self {
        Self::with(tls, None)
    }

    /// With TLS for whoever asks for it by `STARTTLS`.
    pub(crate) fn starttls(tls: Wrap) -> Self {
        Self::with(Arc::new(|stream| Box::new(stream)), Some(tls))
    }

    fn with(wrap: Wrap, starttls: Option<Wrap>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let smtp = Self { address, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, wrap, starttls) = (Arc::clone(&shared), Arc::clone(&wrap), starttls.clone());
                thread::spawn(move || {
                    shared.state.lock().unwrap().connections += 1;
                    let plain = stream.try_clone().unwrap();
                    // A connection may break at any time.
                    let _ = shared.serve(wrap(stream), starttls.map(|wrap| (wrap, plain)));
                });
            }
        });
        smtp
    }

    /// The URL for `smtp_url`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn be(&self, manner: Manner) {
        self.shared.state.lock().unwrap().manner = Some(manner);
        self.shared.changed.notify_all();
    }

    /// All mails that arrived, oldest first.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.shared.state.lock().unwrap().mails.clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.state.lock().unwrap().connections
    }
}

impl Shared {
    fn manner(&self) -> Manner {
        self.state.lock().unwrap().manner.clone().unwrap_or(Manner::Polite)
    }

    /// Waits until the manner is another.
    fn while_it_is(&self, manner: &Manner) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |state| state.manner.as_ref() == Some(manner)).unwrap());
    }

    fn serve(&self, wire: Box<dyn Wire>, mut starttls: Option<(Wrap, TcpStream)>) -> std::io::Result<()> {
        let mut wire = BufReader::new(wire);
        self.while_it_is(&Manner::Silent);
        if let Manner::RefuseConnection(reply) = self.manner() {
            return say(&mut wire, reply);
        }
        say(&mut wire, "220 test ESMTP")?;
        let (mut login, mut from, mut to) = (None, String::new(), Vec::new());
        loop {
            let line = read_line(&mut wire)?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    let auth = if self.manner() == Manner::Old { "LOGIN" } else { "PLAIN LOGIN" };
                    let tls = if starttls.is_some() { "250-STARTTLS\r\n" } else { "" };
                    say(
                        &mut wire,
                        &format!("250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n{tls}250 AUTH {auth}"),
                    )?;
                }
                "STARTTLS" if starttls.is_some() => {
                    say(&mut wire, "220 go ahead")?;
                    let (wrap, plain) = starttls.take().unwrap();
                    wire = BufReader::new(wrap(plain));
                }
                "AUTH" if self.manner() == Manner::RefuseLogin => {
                    // Some servers repeat what they were told.
                    say(&mut wire, &format!("535 5.7.8 no: {rest}"))?;
                }
                "AUTH" if rest == "LOGIN" => {
                    say(&mut wire, "334 VXNlcm5hbWU6")?;
                    let user = read_line(&mut wire)?;
                    say(&mut wire, "334 UGFzc3dvcmQ6")?;
                    login = Some(format!("{user} {}", read_line(&mut wire)?));
                    say(&mut wire, "235 welcome")?;
                }
                "AUTH" if rest.starts_with("PLAIN ") => {
                    login = Some(rest["PLAIN ".len()..].to_owned());
                    say(&mut wire, "235 welcome")?;
                }
                "MAIL" => {
                    rest.clone_into(&mut from);
                    to.clear();
                    say(&mut wire, "250 ok")?;
                }
                "RCPT" => match self.manner() {
                    Manner::RefuseRecipient(reply) => say(&mut wire, reply)?,
                    _ => {
                        to.push(rest.to_owned());
                        say(&mut wire, "250 ok")?;
                    }
                },
                "DATA" => {
                    say(&mut wire, "354 go ahead")?;
                    let manner = self.manner();
                    if manner == Manner::DropInMessage {
                        read_line(&mut wire)?;
                        return Ok(());
                    }
                    let data = read_message(&mut wire)?;
                    if let Manner::RefuseMessage(reply) = &manner {
                        // As filters do, it repeats what it did not like.
                        let link = data.replace("=\r\n", "").replace("=3D", "=");
                        let link = link.split("token=").nth(1).unwrap_or_default().to_owned();
                        say(&mut wire, &format!("{reply} {}", link.lines().next().unwrap_or_default()))?;
                        continue;
                    }
                    let received =
                        Received { login: login.clone(), from: from.clone(), to: to.clone(), data };
                    self.state.lock().unwrap().mails.push(received);
                    if manner == Manner::DropAfterMessage {
                        return Ok(());
                    }
                    self.while_it_is(&Manner::Slow);
                    say(&mut wire, "250 taken")?;
                }
                "QUIT" => return say(&mut wire, "221 bye"),
                _ => say(&mut wire, "502 what?")?,
            }
        }
    }
}

fn say(wire: &mut BufReader<Box<dyn Wire>>, reply: &str) -> std::io::Result<()> {
    wire.get_mut().write_all(format!("{reply}\r\n").as_bytes())?;
    wire.get_mut().flush()
}

fn read_line(wire: &mut BufReader<Box<dyn Wire>>) -> std::io::Result<String> {
    let mut line = String::new();
    if wire.read_line(&mut line)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn read_message(wire: &mut BufReader<Box<dyn Wire>>) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let line = read_line(wire)?;
        if line == "." {
            return Ok(message);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push_str("\r\n");
    }
}
