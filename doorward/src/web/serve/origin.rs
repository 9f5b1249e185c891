//! Finds the `Origin` of a head that is refused, so that a page of a listed origin can read the refusal.
//!
//! The line with `Origin` may come after the line that is refused: Chromium sends the headers of a script first. So the
//! rest of the head is searched too, if it arrives soon. The origin decides nothing else here. A browser compares the
//! origin in the answer with that of its page.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    time::timeout,
};

/// The longest line that can hold an origin.
const LINE: usize = 512;
/// The most bytes that are read after the refused ones.
const REST: usize = 64 * 1024;
/// How long to wait for the rest of a head. The client has usually sent it already.
const WAIT: Duration = Duration::from_millis(500);

/// The `Origin` of one head, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    value: Vec<u8>,
    /// The beginning of the present line of the rest, and its length.
    line: Vec<u8>,
    length: usize,
    /// The rest of the head need not be searched.
    ended: bool,
}

impl Origin {
    /// Takes the value of a well-formed line. Two values count as none.
    pub(crate) fn of(value: &[u8]) -> Self {
        Self { value: value.to_vec(), ended: true, ..Self::default() }
    }

    /// Returns the origin, or no bytes.
    pub(crate) fn value(&self) -> &[u8] {
        &self.value
    }

    /// Takes bytes of a head that is refused.
    pub(crate) fn search(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.ended {
                return;
            }
            if byte != b'\n' {
                self.length += 1;
                if self.line.len() < LINE {
                    self.line.push(byte);
                }
                continue;
            }
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_ascii();
        self.ended = line.is_empty();
        if self.length < LINE
            && let Some((name, value)) = line.split_at_checked(b"origin:".len())
            && name.eq_ignore_ascii_case(b"origin:")
        {
            self.value = value.trim_ascii().to_vec();
            self.ended = true;
        }
        self.line.clear();
        self.length = 0;
    }

    /// Reads on until the origin is found, the head ends, or nothing more comes.
    pub(crate) async fn search_rest(&mut self, stream: &mut (impl AsyncRead + Unpin)) {
        let search = async {
            let (mut bytes, mut left) = ([0; 1024], REST);
            while !self.ended && left > 0 {
                match stream.read(&mut bytes).await {
                    Ok(count @ 1..) => {
                        self.search(&bytes[..count]);
                        left = left.saturating_sub(count);
                    }
                    _ => return,
                }
            }
        };
        let _ = timeout(WAIT, search).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rest: &str, size: usize) -> String {
        let mut origin = Origin::default();
        rest.as_bytes().chunks(size).for_each(|bytes| origin.search(bytes));
        String::from_utf8(origin.value).unwrap()
    }

    #[test]
    fn an_origin_is_found_in_the_rest_of_a_head() {
        let long = "x".repeat(20_000);
        for (rest, origin) in [
            ("Origin: https://app.example.org\r\n", "https://app.example.org"),
            (
                "baggage: y\r\norigin:https://app.example.org \r\nAccept: */*\r\n\r\n",
                "https://app.example.org",
            ),
            (&format!("{long}\r\nORIGIN: tauri://localhost\r\n"), "tauri://localhost"),
            ("x\r\n\r\nOrigin: https://app.example.org\r\n", ""),
            ("Origin: https://app.example.org", ""),
            ("X-Origin: https://app.example.org\r\n", ""),
            (&format!("Origin: {long}\r\n"), ""),
            ("", ""),
        ] {
            for size in [1, 7, 1 << 16] {
                assert_eq!(found(rest, size), origin, "{rest:.60} in pieces of {size}");
            }
        }
    }
}
