//! Finds the beginning and end of each request in the bytes of a connection, and refuses ambiguous bytes.
//!
//! Request smuggling (RFC 9112, section 11.2) needs two servers that disagree about the end of a request. hyper is
//! lenient where the standard allows it. This code checks the bytes before hyper reads them, and refuses bytes that
//! another server could read differently. It knows just enough of HTTP to find the next request, so it checks
//! pipelined requests too.
//!
//! It also refuses requests for hosts that are not served: it has their names at hand.

use std::sync::Arc;

use super::{
    hosts::{Hosts, is_host},
    refusal::Refusal,
};

/// The most bytes of a request head, from the method to the empty line.
const HEAD: usize = 16 * 1024;
/// The most bytes of the URL in a request.
const TARGET: usize = 8 * 1024;
/// The most header fields of a request.
const FIELDS: usize = 100;
/// The most digits of a content length: any 64-bit number fits.
const VALUE: usize = 20;
/// The paths of health checks. They may name any host, because load balancers name an address.
const HEALTH: [&[u8]; 2] = [b"/healthz", b"/readyz"];

/// The state of one connection after the bytes so far.
#[derive(Debug)]
pub(crate) struct Framing {
    at: At,
    /// The number of heads that have begun.
    begun: u64,
    /// The number of bytes of this head so far.
    head: usize,
    /// The number of its header fields so far.
    fields: usize,
    /// The beginning of a line whose end has not arrived yet.
    line: Vec<u8>,
    /// The facts that the lines of this head state.
    http_1_1: bool,
    hosts: usize,
    content_length: Option<u64>,
    chunked: bool,
    /// `true` if it names a host that is not served.
    misdirected: bool,
    is_health: bool,
    /// The hosts that are served; `None` for all.
    served: Option<Arc<Hosts>>,
    /// The value of `Origin` in this head. If there are two, this is a value that equals no origin.
    origin: Vec<u8>,
    /// The last `Host` on this connection that was valid and served. The next one is usually the same.
    host: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Between,
    /// In the request line, or in empty lines before it, which are skipped (RFC 9112, section 2.2).
    RequestLine,
    Fields,
    /// In a body. The number of bytes that are still to come.
    Body(u64),
    /// In the line with the size of a chunk: digits so far, size so far.
    ChunkSize(u8, u64),
    ChunkSizeLf(u64),
    Chunk(u64),
    ChunkCr,
    ChunkLf,
    LastCr,
    LastLf,
}

/// The refusal of bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stop {
    /// The number of the bytes just read that may still be used: those before the refused head.
    pub(crate) usable: usize,
    pub(crate) refusal: Refusal,
    /// `true` if this happened in the body of a request that is being answered.
    pub(crate) in_body: bool,
}

impl Framing {
    pub(crate) fn new(served: Option<Arc<Hosts>>) -> Self {
        Self {
            at: At::Between,
            begun: 0,
            head: 0,
            fields: 0,
            line: Vec::new(),
            http_1_1: false,
            hosts: 0,
            content_length: None,
            chunked: false,
            misdirected: false,
            is_health: false,
            served,
            origin: Vec::new(),
            host: Vec::new(),
        }
    }

    /// Returns the number of the head that has begun and not ended, counted from 1.
    pub(crate) fn head(&self) -> Option<u64> {
        matches!(self.at, At::RequestLine | At::Fields).then_some(self.begun)
    }

    /// Returns the value of `Origin` in the present head, or in the last one that is whole. There may be none.
    pub(crate) fn origin(&self) -> &[u8] {
        &self.origin
    }

    /// Returns `true` in the middle of a body.
    pub(crate) fn is_in_body(&self) -> bool {
        !matches!(self.at, At::Between | At::RequestLine | At::Fields)
    }

    /// Checks the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let mut next = 0;
        // The place in these bytes at which the current head begins.
        let mut begin = 0;
        while let Some(&byte) = bytes.get(next) {
            let rest = bytes.len() - next;
            next += match self.at {
                At::Body(left) => {
                    let taken = rest.min(usize::try_from(left).unwrap_or(usize::MAX));
                    self.at = match left - taken as u64 {
                        0 => At::Between,
                        left => At::Body(left),
                    };
                    taken
                }
                At::Chunk(left) => {
                    let taken = rest.min(usize::try_from(left).unwrap_or(usize::MAX));
                    self.at = match left - taken as u64 {
                        0 => At::ChunkCr,
                        left => At::Chunk(left),
                    };
                    taken
                }
                At::ChunkSize(..)
                | At::ChunkSizeLf(_)
                | At::ChunkCr
                | At::ChunkLf
                | At::LastCr
                | At::LastLf => {
                    self.in_chunks(byte).map_err(|refusal| Stop { usable: next, refusal, in_body: true })?;
                    1
                }
                At::Between => {
                    begin = next;
                    self.begin();
                    0
                }
                At::RequestLine | At::Fields => {
                    let taken = self.in_head(&bytes[next..]);
                    taken.map_err(|refusal| Stop { usable: begin, refusal, in_body: false })?
                }
            };
        }
        Ok(())
    }

    fn begin(&mut self) {
        self.begun += 1;
        self.at = At::RequestLine;
        (self.head, self.fields, self.hosts) = (0, 0, 0);
        (self.content_length, self.chunked) = (None, false);
        (self.misdirected, self.is_health) = (false, false);
        self.origin.clear();
    }

    /// Takes the bytes up to the end of a line. A line is checked when it is whole.
    fn in_head(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        // Most lines arrive whole, without a carriage return before the one that ends them.
        if let Some(end) = memchr::memchr2(b'\r', b'\n', bytes)
            && self.line.is_empty()
            && bytes[end..].starts_with(b"\r\n")
            && self.head + end + 2 <= HEAD
        {
            self.head += end + 2;
            self.end_line(&bytes[..end])?;
            return Ok(end + 2);
        }
        let end = memchr::memchr(b'\n', bytes);
        let taken = end.map_or(bytes.len(), |end| end + 1);
        self.head += taken;
        if self.head > HEAD {
            let is_empty =
                matches!((&self.line[..], &bytes[..taken]), ([], b"\r" | b"\r\n") | (b"\r", b"\n"));
            let in_target = self.at == At::RequestLine && !is_empty;
            return Err(if in_target { Refusal::Target } else { Refusal::Head });
        }
        if end.is_none() || !self.line.is_empty() {
            self.line.extend_from_slice(&bytes[..taken]);
        }
        if end.is_some() {
            let line = std::mem::take(&mut self.line);
            let line = if line.is_empty() { &bytes[..taken] } else { &line };
            // A line feed or carriage return alone ends a line for some servers and not for others.
            let line = line.strip_suffix(b"\r\n").filter(|line| memchr::memchr(b'\r', line).is_none());
            self.end_line(line.ok_or(Refusal::Malformed)?)?;
        }
        Ok(taken)
    }

    /// Takes a line, without its end.
    fn end_line(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.at = match (self.at, line) {
            (At::RequestLine, b"") => At::RequestLine,
            (At::RequestLine, _) => {
                self.request_line(line)?;
                At::Fields
            }
            (_, b"") => self.end()?,
            _ => {
                self.field(line)?;
                At::Fields
            }
        };
        Ok(())
    }

    fn request_line(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let mut words = line.split(|byte| *byte == b' ');
        let (Some(_), Some(target), version, None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Refusal::Malformed);
        };
        if target.len() > TARGET {
            return Err(Refusal::Target);
        }
        // A fragment is never sent (RFC 9112, section 3.2). Servers disagree about the path that it ends.
        if memchr::memchr(b'#', target).is_some() {
            return Err(Refusal::Malformed);
        }
        let (host, path) = host_and_path(target);
        // A user before the host is an error too (RFC 9110, section 4.2.4).
        if host.is_some_and(|host| !is_host(host)) {
            return Err(Refusal::Host);
        }
        if let Some(hosts) = &self.served {
            self.misdirected = host.is_some_and(|host| !hosts.serves(host));
            let ends = |end: &[u8]| end.is_empty() || end.starts_with(b"?");
            self.is_health = HEALTH.iter().any(|health| path.strip_prefix(*health).is_some_and(ends));
        }
        self.http_1_1 = version == Some(b"HTTP/1.1");
        if self.http_1_1 || version == Some(b"HTTP/1.0") { Ok(()) } else { Err(Refusal::Malformed) }
    }

    fn field(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.fields += 1;
        if self.fields > FIELDS {
            return Err(Refusal::Head);
        }
        // Space before the colon is a folded line (RFC 9112, section 5.2), or a name that no server should accept.
        let end = line.iter().position(|byte| matches!(byte, b':' | b' ' | b'\t'));
        let (name, rest) = line.split_at(end.unwrap_or(0));
        let [b':', value @ ..] = rest else { return Err(Refusal::Malformed) };
        if name.is_empty() {
            return Err(Refusal::Malformed);
        }
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => {
                self.hosts += 1;
                self.check_host(without_space(value))?;
            }
            6 if name.eq_ignore_ascii_case(b"origin") => {
                self.origin.extend_from_slice(without_space(value));
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => {
                let digits = without_space(value);
                // No sign and no list: `parse` accepts a sign, and some servers accept a list.
                let fits = digits.len() <= VALUE && digits.iter().all(u8::is_ascii_digit);
                if !fits || self.content_length.is_some() {
                    return Err(Refusal::Malformed);
                }
                let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
                self.content_length = Some(length.ok_or(Refusal::Malformed)?);
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                if self.chunked || !without_space(value).eq_ignore_ascii_case(b"chunked") {
                    return Err(Refusal::Malformed);
                }
                self.chunked = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// An invalid `Host` is refused (RFC 9112, section 3.2). It may be empty, if the target names no host.
    fn check_host(&mut self, host: &[u8]) -> Result<(), Refusal> {
        if host == self.host && !host.is_empty() {
            return Ok(());
        }
        if !host.is_empty() && !is_host(host) {
            return Err(Refusal::Host);
        }
        if self.served.as_ref().is_none_or(|hosts| hosts.serves(host)) {
            self.host.clear();
            self.host.extend_from_slice(host);
        } else {
            self.misdirected = true;
        }
        Ok(())
    }

    /// Ends the head, and finds the state after it.
    fn end(&mut self) -> Result<At, Refusal> {
        // RFC 9112, section 3.2: one `Host`. Section 6.1: never both lengths, and no chunks before HTTP/1.1.
        let hosts_fit = self.hosts == 1 || (self.hosts == 0 && !self.http_1_1);
        let length_fits = !self.chunked || (self.content_length.is_none() && self.http_1_1);
        if !hosts_fit || !length_fits {
            return Err(Refusal::Malformed);
        }
        if self.misdirected && !self.is_health {
            return Err(Refusal::Misdirected);
        }
        Ok(match self.content_length {
            _ if self.chunked => At::ChunkSize(0, 0),
            None | Some(0) => At::Between,
            Some(length) => At::Body(length),
        })
    }

    /// Takes one byte between chunks. Extensions and trailers are refused: nothing here reads them, and servers have
    /// disagreed about their ends.
    fn in_chunks(&mut self, byte: u8) -> Result<(), Refusal> {
        self.at = match (self.at, byte) {
            (At::ChunkSize(digits, size), _) if byte.is_ascii_hexdigit() && digits < 16 => {
                let digit = (byte as char).to_digit(16).unwrap_or_default();
                At::ChunkSize(digits + 1, size << 4 | u64::from(digit))
            }
            (At::ChunkSize(1.., size), b'\r') => At::ChunkSizeLf(size),
            (At::ChunkSizeLf(0), b'\n') => At::LastCr,
            (At::ChunkSizeLf(size), b'\n') => At::Chunk(size),
            (At::ChunkCr, b'\r') => At::ChunkLf,
            (At::ChunkLf, b'\n') => At::ChunkSize(0, 0),
            (At::LastCr, b'\r') => At::LastLf,
            (At::LastLf, b'\n') => At::Between,
            _ => return Err(Refusal::Malformed),
        };
        Ok(())
    }
}

/// Splits a target that names a host (RFC 9112, section 3.2.2) into that host and the rest.
fn host_and_path(target: &[u8]) -> (Option<&[u8]>, &[u8]) {
    if target.starts_with(b"/") {
        return (None, target);
    }
    let Some(scheme) = memchr::memmem::find(target, b"://") else { return (None, target) };
    let after = &target[scheme + 3..];
    let (host, path) = after.split_at(memchr::memchr2(b'/', b'?', after).unwrap_or(after.len()));
    (Some(host), path)
}

/// Returns the value without the space around it, which does not belong to it.
fn without_space(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests;
