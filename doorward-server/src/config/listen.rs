//! The setting `listen`: the addresses and the socket files that the server listens on. Also the mode and the group of
//! the files.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use toml::Value;

/// The beginning of a place that is a socket file.
const UNIX: &str = "unix:";
/// The most bytes of the path of a socket file: the system has room for 108, with a zero at the end.
const PATH: usize = 107;
const ADDRESS: &str = "expected an address and a port such as \"127.0.0.1:8000\"";
const FILE: &str =
    "expected a socket file such as \"unix:/run/doorward.sock\", with a path of at most 107 bytes";

/// A place that the server listens on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Listen {
    Address(SocketAddr),
    File(PathBuf),
}

/// The mode and the group of socket files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rights {
    pub(crate) mode: u32,
    /// The number of the group. `None` for the group of the program.
    pub(crate) group: Option<u32>,
}

/// Reads the places to listen on, from a list, or from a text with commas between them.
pub(super) fn places(setting: Option<&Value>) -> Result<Vec<Listen>, &'static str> {
    let texts: Vec<&str> = match setting {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(texts)) => texts.split(',').collect(),
        _ => vec!["127.0.0.1:8000"],
    };
    let mut places = Vec::new();
    for text in texts {
        let place = place(text.trim())?;
        if places.contains(&place) {
            return Err("expected each place once");
        }
        places.push(place);
    }
    if places.is_empty() { Err(ADDRESS) } else { Ok(places) }
}

fn place(text: &str) -> Result<Listen, &'static str> {
    if let Some(path) = text.strip_prefix(UNIX) {
        // A name that begins with `@` would stand for no file, but for a socket that every user can open.
        let fits = !path.is_empty() && path.len() <= PATH && !path.starts_with('@') && !path.ends_with('/');
        return if cfg!(unix) && fits { Ok(Listen::File(path.into())) } else { Err(FILE) };
    }
    address(text).map(Listen::Address).ok_or(if text.starts_with('/') { FILE } else { ADDRESS })
}

/// Reads an address to listen on. The only name that is accepted is `localhost`.
fn address(text: &str) -> Option<SocketAddr> {
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let local = local.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    local.or_else(|| text.parse().ok())
}

/// Returns the address that decides who reaches the server: one that other machines reach, or else the first one.
/// Socket files do not count, because only this machine reaches them.
pub(crate) fn widest(mut addresses: impl Iterator<Item = SocketAddr> + Clone) -> SocketAddr {
    let wide = addresses.clone().find(|address| !address.ip().is_loopback());
    wide.or_else(|| addresses.next()).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8000)))
}

/// The same for places.
pub(super) fn widest_of(places: &[Listen]) -> SocketAddr {
    widest(places.iter().filter_map(|place| match place {
        Listen::Address(address) => Some(*address),
        Listen::File(_) => None,
    }))
}

/// Reads the mode of socket files.
pub(super) fn mode(text: &str) -> Result<u32, &'static str> {
    let is_octal = (3..=4).contains(&text.len()) && text.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| is_octal && *mode <= 0o777);
    mode.ok_or("expected a mode of three octal digits such as \"660\"")
}

/// Reads the group of socket files: a number, or a name in `/etc/group`.
pub(super) fn group(text: &str) -> Result<u32, &'static str> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let mut lines = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let number = lines.find_map(|fields| match fields[..] {
        [name, _, number, ..] if name == text => number.parse().ok(),
        _ => None,
    });
    number.ok_or("expected a group in /etc/group, or the number of one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_a_socket_file_or_a_list_of_them() {
        let address = |text: &str| Listen::Address(text.parse().unwrap());
        let file = |path: &str| Listen::File(path.into());
        let read = |text: &str| places(Some(&Value::from(text)));
        assert_eq!(places(None), Ok(vec![address("127.0.0.1:8000")]));
        assert_eq!(read("localhost:0"), Ok(vec![address("127.0.0.1:0")]));
        assert_eq!(read("unix:/run/a.sock"), Ok(vec![file("/run/a.sock")]));
        assert_eq!(read("[::1]:80, unix:a.sock"), Ok(vec![address("[::1]:80"), file("a.sock")]));
        let list = Value::from(vec!["127.0.0.1:80", "unix:/run/a,b.sock"]);
        assert_eq!(places(Some(&list)), Ok(vec![address("127.0.0.1:80"), file("/run/a,b.sock")]));
        for wrong in ["", "8000", "a:80", "127.0.0.1", "127.0.0.1:80,", "Unix:/a"] {
            assert_eq!(read(wrong), Err(ADDRESS), "{wrong}");
        }
        let long = format!("unix:/{}", "a".repeat(PATH));
        for wrong in ["unix:", "unix:@a", "unix:/run/", "/run/a.sock", &long] {
            assert_eq!(read(wrong), Err(FILE), "{wrong}");
        }
        assert_eq!(places(Some(&Value::Array(Vec::new()))), Err(ADDRESS));
        assert_eq!(read("unix:a,unix:a"), Err("expected each place once"));
    }

    #[test]
    fn the_address_that_other_machines_reach_decides() {
        let widest = |text: &str| widest_of(&places(Some(&Value::from(text))).unwrap()).to_string();
        assert_eq!(widest("127.0.0.1:1,[::1]:2"), "127.0.0.1:1");
        assert_eq!(widest("127.0.0.1:1,unix:/a,0.0.0.0:2"), "0.0.0.0:2");
        assert_eq!(widest("unix:/a"), "127.0.0.1:8000");
    }

    #[test]
    fn the_rights_of_a_socket_file_are_read_strictly() {
        assert_eq!((mode("660"), mode("0600"), mode("777")), (Ok(0o660), Ok(0o600), Ok(0o777)));
        for wrong in ["", "6", "66", "668", "1777", "+66", "rw-", "0o660", "00660"] {
            assert!(mode(wrong).is_err(), "{wrong}");
        }
        assert_eq!((group("0"), group("root"), group("1234")), (Ok(0), Ok(0), Ok(1234)));
        assert!(group("no such group").is_err() && group("").is_err() && group("-1").is_err());
    }
}
