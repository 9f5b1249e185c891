//! Where each request begins and ends in the bytes of a connection, and whether every server would say so.
//!
//! Request smuggling (RFC 9112, section 11.2) needs two servers that disagree about where a request ends. The
//! HTTP library behind us is lenient where the standard lets it be; this watches the bytes before it does,
//! and refuses what another server could read differently. It understands just enough of HTTP to know where
//! the next request begins, so that pipelined requests are watched as well.

use crate::refusal::Refusal;

/// A request head, from the method to the empty line, has at most so many bytes.
const HEAD: usize = 16 * 1024;
/// The URL in a request has at most so many bytes.
const TARGET: usize = 8 * 1024;
/// A request has at most so many header fields.
const FIELDS: usize = 100;
/// The longest name or value that is looked at: `transfer-encoding`, and any 64-bit length.
const WORD: usize = 20;

const HTTP_1_1: u64 = u64::from_be_bytes(*b"HTTP/1.1");
const HTTP_1_0: u64 = u64::from_be_bytes(*b"HTTP/1.0");

/// The state of one connection's bytes so far.
#[derive(Debug)]
pub(crate) struct Framing {
    at: At,
    /// How many heads have begun.
    begun: u64,
    /// Bytes of this head, of its target, and its header fields.
    head: usize,
    target: usize,
    fields: usize,
    /// Spaces in the request line so far, and its last eight bytes: the version.
    spaces: usize,
    version: u64,
    /// The name of the current field, then its value if that matters here.
    word: [u8; WORD],
    length: usize,
    field: Field,
    /// What the fields of this head say.
    hosts: usize,
    content_length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Between,
    /// After empty lines before a request, which are skipped (RFC 9112, section 2.2).
    Empty,
    EmptyLf,
    RequestLine,
    LineLf,
    LineStart,
    Name,
    Value,
    HeadLf,
    /// In a body with so many bytes to come.
    Body(u64),
    /// In the line that tells the size of a chunk: digits so far, size so far.
    ChunkSize(u8, u64),
    ChunkSizeLf(u64),
    Chunk(u64),
    ChunkCr,
    ChunkLf,
    LastCr,
    LastLf,
}

/// Which field a line holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    Host,
    ContentLength,
    TransferEncoding,
    Other,
}

/// The bytes of a connection went wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stop {
    /// So many of the bytes just read may still be used: those before the head that is refused.
    pub(crate) usable: usize,
    pub(crate) refusal: Refusal,
    /// Whether this happened in the body of a request that is being answered.
    pub(crate) in_body: bool,
}

impl Framing {
    pub(crate) fn new() -> Self {
        Self {
            at: At::Between,
            begun: 0,
            head: 0,
            target: 0,
            fields: 0,
            spaces: 0,
            version: 0,
            word: [0; WORD],
            length: 0,
            field: Field::Other,
            hosts: 0,
            content_length: None,
            chunked: false,
        }
    }

    /// The number of the head that has begun and not ended, counted from 1.
    pub(crate) fn head(&self) -> Option<u64> {
        match self.at {
            At::Empty
            | At::EmptyLf
            | At::RequestLine
            | At::LineLf
            | At::LineStart
            | At::Name
            | At::Value
            | At::HeadLf => Some(self.begun),
            _ => None,
        }
    }

    /// Look at the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let mut next = 0;
        // Where in these bytes the current head begins.
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
                at => {
                    if at == At::Between {
                        begin = next;
                        self.begin();
                    }
                    let taken = self.in_head(&bytes[next..]);
                    taken.map_err(|refusal| Stop { usable: begin, refusal, in_body: false })?
                }
            };
        }
        Ok(())
    }

    fn begin(&mut self) {
        self.begun += 1;
        (self.head, self.target, self.fields, self.spaces, self.hosts) = (0, 0, 0, 0, 0);
        (self.content_length, self.chunked) = (None, false);
    }

    /// Take the next byte of a head, or as many as nothing ends with. There is at least one.
    fn in_head(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        let taken = self.within(bytes)?;
        self.head += taken.max(1);
        if self.head > HEAD {
            return Err(if self.at == At::RequestLine { Refusal::Target } else { Refusal::Head });
        }
        if taken == 0 {
            self.step(bytes[0])?;
        }
        Ok(taken.max(1))
    }

    /// Take the bytes that go on with the request line, the name or the value that has begun.
    fn within(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        let until = |is_end: fn(&u8) -> bool| bytes.iter().position(is_end).unwrap_or(bytes.len());
        let taken = match self.at {
            At::RequestLine => until(|byte| matches!(byte, b'\r' | b'\n')),
            At::Name => until(|byte| matches!(byte, b':' | b' ' | b'\t' | b'\r' | b'\n')),
            At::Value => memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len()),
            _ => 0,
        };
        match (self.at, self.field) {
            (At::RequestLine, _) => self.in_request_line(&bytes[..taken])?,
            (At::Name, _) => self.push(&bytes[..taken]),
            // Of others only the fact that they are there matters here.
            (At::Value, Field::ContentLength | Field::TransferEncoding) => self.in_value(&bytes[..taken]),
            _ => {}
        }
        Ok(taken)
    }

    /// Take one byte of a head that something begins or ends with.
    fn step(&mut self, byte: u8) -> Result<(), Refusal> {
        self.at = match (self.at, byte) {
            (At::Between | At::Empty, b'\r') => At::EmptyLf,
            (At::EmptyLf, b'\n') => At::Empty,
            (At::RequestLine, b'\r') => {
                if self.spaces != 2 || (self.version != HTTP_1_1 && self.version != HTTP_1_0) {
                    return Err(Refusal::Malformed);
                }
                At::LineLf
            }
            (At::LineLf, b'\n') => At::LineStart,
            (At::LineStart, b'\r') => At::HeadLf,
            (At::HeadLf, b'\n') => self.end()?,
            // Everywhere else a line feed stands alone, and servers differ in whether it ends a line.
            (At::EmptyLf | At::LineLf | At::HeadLf, _) | (_, b'\n') => return Err(Refusal::Malformed),
            (At::Between | At::Empty, _) => {
                self.in_request_line(&[byte])?;
                At::RequestLine
            }
            // A folded line (RFC 9112, section 5.2), or a name that no server should accept.
            (At::LineStart, b' ' | b'\t' | b':') => return Err(Refusal::Malformed),
            (At::LineStart, _) => {
                self.fields += 1;
                if self.fields > FIELDS {
                    return Err(Refusal::Head);
                }
                self.length = 0;
                self.push(&[byte]);
                At::Name
            }
            (At::Name, b':') => {
                self.field = self.named();
                self.length = 0;
                At::Value
            }
            (At::Value, b'\r') => {
                self.end_value()?;
                At::LineLf
            }
            // A name that ends otherwise; the other states are those of a body.
            _ => return Err(Refusal::Malformed),
        };
        Ok(())
    }

    fn in_request_line(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for byte in bytes {
            let is_space = *byte == b' ';
            self.target += usize::from(self.spaces == 1 && !is_space);
            self.spaces += usize::from(is_space);
            self.version = self.version << 8 | u64::from(*byte);
        }
        if self.target > TARGET { Err(Refusal::Target) } else { Ok(()) }
    }

    /// Keep what belongs to a value, which the space before it does not.
    fn in_value(&mut self, bytes: &[u8]) {
        let space = |byte: &u8| self.length == 0 && matches!(byte, b' ' | b'\t');
        let begin = bytes.iter().position(|byte| !space(byte)).unwrap_or(bytes.len());
        self.push(&bytes[begin..]);
    }

    /// Keep bytes of a name or value. What does not fit is counted, so that it equals nothing.
    fn push(&mut self, bytes: &[u8]) {
        let free = self.word.get_mut(self.length..).unwrap_or_default();
        for (place, byte) in free.iter_mut().zip(bytes) {
            *place = byte.to_ascii_lowercase();
        }
        self.length += bytes.len();
    }

    fn word(&self) -> &[u8] {
        self.word.get(..self.length).unwrap_or_default()
    }

    fn named(&self) -> Field {
        match self.word() {
            b"host" => Field::Host,
            b"content-length" => Field::ContentLength,
            b"transfer-encoding" => Field::TransferEncoding,
            _ => Field::Other,
        }
    }

    fn end_value(&mut self) -> Result<(), Refusal> {
        match self.field {
            Field::Other => {}
            Field::Host => self.hosts += 1,
            Field::ContentLength => {
                let digits = self.word().trim_ascii_end();
                // Neither a sign nor a list, which `parse` and other servers would accept.
                if self.content_length.is_some() || !digits.iter().all(u8::is_ascii_digit) {
                    return Err(Refusal::Malformed);
                }
                let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
                self.content_length = Some(length.ok_or(Refusal::Malformed)?);
            }
            Field::TransferEncoding => {
                if self.chunked || self.word().trim_ascii_end() != b"chunked" {
                    return Err(Refusal::Malformed);
                }
                self.chunked = true;
            }
        }
        Ok(())
    }

    /// The head is complete: what follows it?
    fn end(&mut self) -> Result<At, Refusal> {
        let http_1_1 = self.version == HTTP_1_1;
        // RFC 9112, section 3.2: one `Host`; section 6.1: never both lengths, nor chunks before HTTP/1.1.
        let hosts_fit = self.hosts == 1 || (self.hosts == 0 && !http_1_1);
        let length_fits = !self.chunked || (self.content_length.is_none() && http_1_1);
        if !hosts_fit || !length_fits {
            return Err(Refusal::Malformed);
        }
        Ok(match self.content_length {
            _ if self.chunked => At::ChunkSize(0, 0),
            None | Some(0) => At::Between,
            Some(length) => At::Body(length),
        })
    }

    /// Take one byte of what stands around chunks. Extensions and trailers are refused: nothing here reads
    /// them, and servers have disagreed about where they end.
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

#[cfg(test)]
mod tests;
