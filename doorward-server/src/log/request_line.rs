//! The line of a request as JSON, written without `tracing`.
//!
//! Every request has one, and the layers of `tracing` cost several times as much as the line itself. It looks like the
//! lines of [`json_lines`](super::json_lines).

use std::{
    borrow::Cow,
    cell::RefCell,
    fmt::Write as _,
    io::Write as _,
    net::{IpAddr, SocketAddr},
    sync::OnceLock,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{json_lines::escaped, writer::LogWriter};

/// The target of these lines.
pub(crate) const TARGET: &str = "doorward::request";

/// The writer of lines as JSON, if there is one.
static WRITER: OnceLock<LogWriter> = OnceLock::new();

/// Writes the lines as JSON from now on.
pub(crate) fn write_to(writer: LogWriter) {
    let _ = WRITER.set(writer);
}

/// Returns the writer of lines as JSON. Without one, the lines go to `tracing` like all others.
pub(crate) fn writer() -> Option<&'static LogWriter> {
    WRITER.get()
}

/// The fields of the line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestLine<'a> {
    pub(crate) message: &'static str,
    pub(crate) id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    pub(crate) status: Option<u16>,
    /// The duration in microseconds.
    pub(crate) us: u64,
    /// `None` for a socket file.
    pub(crate) peer: Option<SocketAddr>,
    /// The client, if the peer is a proxy.
    pub(crate) client: Option<IpAddr>,
}

/// The buffers of a thread for its lines.
#[derive(Default)]
struct Buffers {
    line: String,
    /// The second since 1970 that `date` stands for.
    second: u64,
    date: String,
}

thread_local!(static BUFFERS: RefCell<Buffers> = RefCell::default());

impl RequestLine<'_> {
    /// Writes the line.
    pub(crate) fn write(&self, mut writer: &LogWriter) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        BUFFERS.with_borrow_mut(|buffers| {
            if buffers.second != now.as_secs() || buffers.date.is_empty() {
                buffers.second = now.as_secs();
                buffers.date = date(buffers.second);
            }
            buffers.line.clear();
            // Writing to a string cannot fail.
            let _ = self.compose(&buffers.date, now.subsec_micros(), &mut buffers.line);
            let _ = writer.write_all(buffers.line.as_bytes());
        });
    }

    fn compose(&self, date: &str, micros: u32, line: &mut String) -> std::fmt::Result {
        line.push_str("{\"timestamp\":\"");
        line.push_str(date);
        line.push('.');
        // Cut off the 1 before the six digits.
        line.push_str(&itoa::Buffer::new().format(1_000_000 + micros)[1..]);
        line.push_str("Z\",\"level\":\"INFO\",\"target\":\"");
        line.push_str(TARGET);
        line.push_str("\",\"message\":\"");
        line.push_str(self.message);
        line.push_str("\",\"id\":\"");
        line.push_str(self.id);
        line.push_str("\",\"method\":\"");
        escaped(line, self.method)?;
        line.push_str("\",\"route\":\"");
        escaped(line, self.route)?;
        line.push('"');
        if let Some(status) = self.status {
            line.push_str(",\"status\":");
            number(line, status);
        }
        line.push_str(",\"us\":");
        number(line, self.us);
        line.push_str(",\"peer\":\"");
        address(line, self.peer)?;
        if let Some(client) = self.client {
            write!(line, "\",\"client\":\"{client}")?;
        }
        line.push_str("\"}\n");
        Ok(())
    }
}

/// The name of a peer in the log. The peer of a UNIX socket has no address.
pub(super) fn peer_name(peer: Option<SocketAddr>) -> Cow<'static, str> {
    peer.map_or("unix".into(), |peer| peer.to_string().into())
}

/// Writes an address in the usual form. For IPv4 this is faster than `Display`, which can pad.
fn address(line: &mut String, address: Option<SocketAddr>) -> std::fmt::Result {
    let address = match address {
        None => {
            line.push_str("unix");
            return Ok(());
        }
        Some(SocketAddr::V6(address)) => return write!(line, "{address}"),
        Some(SocketAddr::V4(address)) => address,
    };
    for (place, octet) in address.ip().octets().into_iter().enumerate() {
        if place > 0 {
            line.push('.');
        }
        number(line, octet);
    }
    line.push(':');
    number(line, address.port());
    Ok(())
}

/// Writes a number.
fn number(line: &mut String, number: impl itoa::Integer) {
    line.push_str(itoa::Buffer::new().format(number));
}

/// Returns the second since 1970 as `2026-11-21T08:30:00`.
fn date(second: u64) -> String {
    let (mut day, time) = (second / 86_400, second % 86_400);
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let mut year = 1970;
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (second, expected) in [
            (0, "1970-01-01T00:00:00"),
            (951_782_399, "2000-02-28T23:59:59"),
            (951_782_400, "2000-02-29T00:00:00"),
            (951_868_800, "2000-03-01T00:00:00"),
            (1_735_689_599, "2024-12-31T23:59:59"),
            (1_795_336_200, "2026-11-22T08:30:00"),
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] {
            assert_eq!(date(second), expected);
        }
    }

    #[test]
    fn addresses_are_written_like_display_does() {
        for written in ["127.0.0.1:8000", "10.200.30.4:0", "[::ffff:1.2.3.4]:65535", "[fe80::1%3]:80"] {
            let mut line = String::new();
            address(&mut line, Some(written.parse().unwrap())).unwrap();
            assert_eq!(line, written);
        }
    }

    #[test]
    fn the_line_of_a_hostile_request_is_a_json_object() {
        let line = RequestLine {
            message: "answered",
            id: "0123456789abcdef",
            method: "GE\"T\n",
            route: "/\u{202e}",
            status: Some(200),
            us: 0,
            peer: Some("[::1]:80".parse().unwrap()),
            client: Some("2001:db8::1".parse().unwrap()),
        };
        let mut text = String::new();
        line.compose("2026-11-21T08:30:00", 42, &mut text).unwrap();
        assert!(text.trim_end().bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{text}");
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!({
            "timestamp": "2026-11-21T08:30:00.000042Z", "level": "INFO", "target": "doorward::request", "message": "answered",
            "id": "0123456789abcdef", "method": "GE\"T\n", "route": "/\u{202e}", "status": 200, "us": 0,
            "peer": "[::1]:80", "client": "2001:db8::1",
        });
        assert_eq!(object, expected);
    }
}
