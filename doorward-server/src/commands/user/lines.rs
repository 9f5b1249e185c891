//! Reads the lines of a file of any size, in bounded memory.

use std::io::{self, BufRead, Read as _};

/// The longest line that is read.
const LONGEST: usize = 64 * 1024;

/// A line and its number; `None` in place of one that is too long.
type Numbered<'a> = (u64, Option<&'a [u8]>);

/// Lines, numbered from 1.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
    read: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0, read: 0 }
    }

    /// Reads the next line that is not blank.
    pub(super) fn next(&mut self) -> io::Result<Option<Numbered<'_>>> {
        loop {
            self.line.clear();
            let length = self.input.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut self.line)?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            self.read += length as u64;
            if length > LONGEST {
                if self.line.last() != Some(&b'\n') {
                    self.read += self.input.skip_until(b'\n')? as u64;
                }
                return Ok(Some((self.number, None)));
            }
            // Some programs begin a UTF-8 file with a byte order mark.
            let marked = self.number == 1 && self.line.starts_with(b"\xef\xbb\xbf");
            let start = if marked { 3 } else { 0 };
            if !self.line[start..].trim_ascii().is_empty() {
                return Ok(Some((self.number, Some(&self.line[start..]))));
            }
        }
    }

    /// Returns the number of bytes read so far.
    pub(super) fn read(&self) -> u64 {
        self.read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_counted_and_long_ones_skipped() {
        let long = "x".repeat(LONGEST * 3);
        let fits = "y".repeat(LONGEST - 1);
        let text = format!("\u{feff}a\r\n\n  \nb\n{long}\n{fits}\n{fits}z\nc");
        let mut lines = Lines::new(io::BufReader::with_capacity(100, text.as_bytes()));
        let mut seen = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            seen.push((number, line.map(|line| String::from_utf8(line.trim_ascii().to_vec()).unwrap())));
        }
        let expected =
            [(1, Some("a")), (4, Some("b")), (5, None), (6, Some(&*fits)), (7, None), (8, Some("c"))];
        assert_eq!(seen, expected.map(|(number, line)| (number, line.map(str::to_owned))));
        assert_eq!(lines.read(), text.len() as u64);
    }

    #[test]
    fn nothing_has_no_lines() {
        assert!(Lines::new(&b""[..]).next().unwrap().is_none());
        assert!(Lines::new(&b"\n \n\n"[..]).next().unwrap().is_none());
    }
}
