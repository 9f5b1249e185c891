//! A mail server that behaves as badly as a test tells it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

/// How the server treats its clients.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Manner {
    /// Takes every mail.
    Polite,
    /// Sends this reply to `RCPT`.
    RefuseRecipient(&'static str),
    /// Sends this reply to the message.
    RefuseMessage(&'static str),
    /// Sends this reply at the beginning.
    RefuseConnection(&'static str),
    /// Cuts the connection in the middle of a message.
    DropInMessage,
    /// Takes a message and cuts the connection instead of a reply.
    DropAfterMessage,
    /// Accepts connections and sends nothing until its manner changes.
    Silent,
    /// Takes a message and replies only when its manner changes.
    Slow,
    /// Offers only the obsolete `AUTH LOGIN`.
    Old,
    /// Lets nobody log in.
    RefuseLogin,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The name and password of the client, in the encoding that it used.
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

/// A connection, with or without TLS.
pub(crate) trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// Wraps a new connection, for example in TLS.
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

    /// With TLS after `STARTTLS`.
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

    /// Waits until the manner changes.
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
                "AUTH" => {
                    if let Some(shown) = self.authenticate(&mut wire, rest)? {
                        login = Some(shown);
                    }
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
                    let mail = Received {
                        login: login.clone(),
                        from: from.clone(),
                        to: to.clone(),
                        data: String::new(),
                    };
                    if !self.take(&mut wire, mail)? {
                        return Ok(());
                    }
                }
                "QUIT" => return say(&mut wire, "221 bye"),
                _ => say(&mut wire, "502 what?")?,
            }
        }
    }

    /// Answers `AUTH`. Returns the login that the client showed, if it was accepted.
    fn authenticate(
        &self,
        wire: &mut BufReader<Box<dyn Wire>>,
        rest: &str,
    ) -> std::io::Result<Option<String>> {
        if self.manner() == Manner::RefuseLogin {
            // Some servers repeat what the client sent.
            say(wire, &format!("535 5.7.8 no: {rest}"))?;
            return Ok(None);
        }
        let login = if rest == "LOGIN" {
            say(wire, "334 VXNlcm5hbWU6")?;
            let user = read_line(wire)?;
            say(wire, "334 UGFzc3dvcmQ6")?;
            format!("{user} {}", read_line(wire)?)
        } else if let Some(login) = rest.strip_prefix("PLAIN ") {
            login.to_owned()
        } else {
            say(wire, "502 what?")?;
            return Ok(None);
        };
        say(wire, "235 welcome")?;
        Ok(Some(login))
    }

    /// Answers `DATA`. Returns `false` if the connection ends.
    fn take(&self, wire: &mut BufReader<Box<dyn Wire>>, mail: Received) -> std::io::Result<bool> {
        say(wire, "354 go ahead")?;
        let manner = self.manner();
        if manner == Manner::DropInMessage {
            read_line(wire)?;
            return Ok(false);
        }
        let data = read_message(wire)?;
        if let Manner::RefuseMessage(reply) = &manner {
            // Like some filters, it repeats the part that it refused.
            let link = data.replace("=\r\n", "").replace("=3D", "=");
            let link = link.split("token=").nth(1).unwrap_or_default().to_owned();
            say(wire, &format!("{reply} {}", link.lines().next().unwrap_or_default()))?;
            return Ok(true);
        }
        self.state.lock().unwrap().mails.push(Received { data, ..mail });
        if manner == Manner::DropAfterMessage {
            return Ok(false);
        }
        self.while_it_is(&Manner::Slow);
        say(wire, "250 taken")?;
        Ok(true)
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
