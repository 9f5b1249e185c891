//! Builds the file of breached passwords from a list of SHA-1 hashes, in bounded memory.
//!
//! The hashes are first spread over files without a name, by their first bits. Then each file is sorted and becomes
//! some blocks of the filter. So the order of the list and duplicates do not matter.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, Read, Seek as _, Write as _},
    path::Path,
};

use xorf::BinaryFuse16;

use crate::base::passwords::policy::breached::{self, Block, ENTRY, HEADER, MAGIC, MOST_BLOCKS, VERSION};

/// The number of files. Sorting a file takes 8 bytes of memory for each hash in it.
const SPOOLS: usize = 128;
/// The most hashes of a block on average.
const BLOCK: u64 = 16 * 1024;
/// The most bytes of a line.
const LINE: u64 = 128;
/// The digits of a SHA-1.
const DIGITS: usize = 40;
/// The lines between two reports of progress.
const PULSE: u64 = 64 * 1024;

/// The current step of [`build`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the list; measured in bytes.
    Reading,
    /// Building the filter; measured in parts.
    Building,
}

/// The result of [`build`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Built {
    /// The number of different hashes.
    pub entries: u64,
    /// The length of the file in bytes.
    pub length: u64,
}

/// Makes a file for [`PasswordConfig::breached_file`](crate::config::PasswordConfig::breached_file) from the list of SHA-1
/// hashes at `hashes`. Stores it at `out` and replaces a file that is there.
///
/// Each line is a hash of 40 hexadecimal digits, with or without `:` and a number. Lines may be in any order and end
/// with LF or CRLF. The folder of `out` needs 8 bytes of disk for each line; a billion lines take about 100 MiB of
/// memory.
///
/// `progress` is called with the step, the amount that is done, and the total. The total is 0 for a list of unknown
/// length.
///
/// # Errors
/// The list cannot be read or has another format (the error names the line), or the folder cannot be written.
#[expect(clippy::disallowed_methods, reason = "the caller names the file")]
pub fn build(hashes: &Path, out: &Path, mut progress: impl FnMut(Step, u64, u64)) -> io::Result<Built> {
    let list = File::open(hashes)?;
    let folder = match out.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new();
    file.prefix(".breached-");
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = file.tempfile_in(folder)?;
    let (spools, lines) = spread(list, folder, &mut progress)?;
    let built = write(spools, lines, file.as_file_mut(), &mut progress)?;
    file.as_file().sync_all()?;
    file.persist(out).map_err(|error| error.error)?;
    sync_folder(folder)?;
    Ok(built)
}

/// Spreads the hashes over the files, and counts them.
fn spread(
    list: File,
    folder: &Path,
    progress: &mut impl FnMut(Step, u64, u64),
) -> io::Result<(Vec<File>, u64)> {
    let total = list.metadata()?.len();
    let mut spools = Vec::with_capacity(SPOOLS);
    for _ in 0..SPOOLS {
        spools.push(BufWriter::with_capacity(32 * 1024, tempfile::tempfile_in(folder)?));
    }
    let mut list = BufReader::with_capacity(1 << 20, list);
    let (mut line, mut number, mut hashes, mut done) = (Vec::new(), 0_u64, 0, 0);
    loop {
        line.clear();
        let read = (&mut list).take(LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        number += 1;
        done += read as u64;
        match parse(&line) {
            Ok(Some(key)) => {
                spools[breached::block_of(key, SPOOLS)].write_all(&key.to_le_bytes())?;
                hashes += 1;
            }
            Ok(None) => {}
            Err(expected) => {
                return Err(io::Error::new(ErrorKind::InvalidData, format!("line {number}: {expected}")));
            }
        }
        if number.is_multiple_of(PULSE) {
            progress(Step::Reading, done, total);
        }
    }
    if hashes == 0 {
        return Err(io::Error::new(ErrorKind::InvalidData, "there is no hash in it"));
    }
    progress(Step::Reading, done, total);
    let spools = spools.into_iter().map(|spool| Ok(spool.into_inner()?)).collect::<io::Result<_>>()?;
    Ok((spools, hashes))
}

/// Reads the key of the hash on a line; `None` for an empty line.
fn parse(line: &[u8]) -> Result<Option<u64>, &'static str> {
    const EXPECTED: &str =
        "expected the SHA-1 of a password in 40 hexadecimal digits, alone or with : and a number";
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Ok(None);
    }
    let (digits, rest) = line.split_at_checked(DIGITS).ok_or(EXPECTED)?;
    let counted = match rest.strip_prefix(b":") {
        Some(count) => !count.is_empty() && count.iter().all(u8::is_ascii_digit),
        None => rest.is_empty(),
    };
    if !counted {
        return Err(EXPECTED);
    }
    let mut sha1 = [0; 20];
    for (byte, pair) in sha1.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16).ok_or(EXPECTED);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Ok(Some(breached::key(&sha1)))
}

/// Writes the whole file.
fn write(
    spools: Vec<File>,
    lines: u64,
    file: &mut File,
    progress: &mut impl FnMut(Step, u64, u64),
) -> io::Result<Built> {
    let blocks =
        (lines / BLOCK + 1).next_power_of_two().clamp(SPOOLS as u64, u64::from(MOST_BLOCKS)) as usize;
    let mut length = (HEADER + blocks * ENTRY) as u64;
    let mut index = Vec::with_capacity(blocks * ENTRY);
    let mut entries = 0;
    let parts = spools.len() as u64;
    file.seek(io::SeekFrom::Start(length))?;
    let mut output = BufWriter::with_capacity(1 << 20, &mut *file);
    for (part, spool) in spools.into_iter().enumerate() {
        progress(Step::Building, part as u64, parts);
        let keys = sorted(spool)?;
        entries += keys.len() as u64;
        let mut rest = &keys[..];
        for block in part * blocks / SPOOLS..(part + 1) * blocks / SPOOLS {
            let (keys, others) =
                rest.split_at(rest.partition_point(|key| breached::block_of(*key, blocks) == block));
            rest = others;
            let bytes = match keys {
                [] => Vec::new(),
                keys => breached::encode(&BinaryFuse16::try_from(keys).map_err(io::Error::other)?),
            };
            let size = u32::try_from(bytes.len()).map_err(io::Error::other)?;
            Block { start: length, length: size, checksum: crc32fast::hash(&bytes) }.append_to(&mut index);
            output.write_all(&bytes)?;
            length += u64::from(size);
        }
    }
    output.flush()?;
    drop(output);
    let mut header = Vec::with_capacity(HEADER);
    header.extend(MAGIC);
    header.extend(VERSION.to_le_bytes());
    header.extend((blocks as u32).to_le_bytes());
    header.extend(entries.to_le_bytes());
    header.extend(length.to_le_bytes());
    header.extend(breached::checksum(&header, &index).to_le_bytes());
    file.rewind()?;
    file.write_all(&header)?;
    file.write_all(&index)?;
    progress(Step::Building, parts, parts);
    Ok(Built { entries, length })
}

/// Reads the keys of a file, sorted and without duplicates.
fn sorted(mut spool: File) -> io::Result<Vec<u64>> {
    let length = spool.stream_position()?;
    spool.rewind()?;
    let mut keys = Vec::with_capacity((length / 8) as usize);
    let mut spool = BufReader::with_capacity(1 << 18, spool);
    for _ in 0..length / 8 {
        let mut key = [0; 8];
        spool.read_exact(&mut key)?;
        keys.push(u64::from_le_bytes(key));
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Makes the new name durable.
#[expect(clippy::disallowed_methods, reason = "the caller names the folder")]
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests read the files that they make")]
mod tests {
    use sha1::{Digest as _, Sha1};
    use xorf::Filter as _;

    use super::{super::breached::Breached, *};

    const PASSWORD: &[u8] = b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";

    #[test]
    fn a_line_is_a_hash_with_or_without_a_count() {
        for end in ["", "\n", "\r\n", ":1", ":9659365\n", ":3\r\n"] {
            for hash in [PASSWORD.to_vec(), PASSWORD.to_ascii_lowercase()] {
                let line = [&hash, end.as_bytes()].concat();
                assert_eq!(parse(&line), Ok(Some(0x5baa_61e4_c9b9_3f3f)), "{end:?}");
            }
        }
        assert_eq!(parse(b"\r\n"), Ok(None));
        for end in [":", ": 1", ":x", ":-1", " ", "0", "0000000000000000000000000000000000000000", ",1"] {
            assert!(parse(&[PASSWORD, end.as_bytes()].concat()).is_err(), "{end:?}");
        }
        for line in [&PASSWORD[1..], b"password", b"G", &[b'z'; 40], &[b'+'; 40], &[0xff; 40]] {
            assert!(parse(line).is_err(), "{line:?}");
        }
    }

    /// The password of this number, as a line of the list.
    fn line(number: u32) -> String {
        let digits: String = sha1(number).iter().map(|byte| format!("{byte:02X}")).collect();
        format!("{digits}:{}\n", number % 7 + 1)
    }

    fn sha1(number: u32) -> [u8; 20] {
        Sha1::digest(format!("password {number}")).into()
    }

    fn built(folder: &Path, list: &str) -> Vec<u8> {
        let (hashes, out) = (folder.join("list"), folder.join("out"));
        std::fs::write(&hashes, list).unwrap();
        build(&hashes, &out, |_, _, _| {}).unwrap();
        std::fs::read(out).unwrap()
    }

    #[test]
    fn all_of_a_long_list_is_found_and_hardly_anything_else() {
        const LISTED: u32 = 200_000;
        let folder = tempfile::tempdir().unwrap();
        let mut lines: Vec<_> = (0..LISTED).map(line).collect();
        let file = built(folder.path(), &lines.concat());
        assert!(file.len() < 600_000, "{}", file.len());

        let path = folder.path().join("out");
        breached::check(&path).unwrap();
        let breached = Breached::open(&path).unwrap();
        let filters: Vec<_> = (0..SPOOLS).map(|block| breached.block(block).unwrap().unwrap()).collect();
        let found = |number: &u32| {
            let key = breached::key(&sha1(*number));
            filters[breached::block_of(key, filters.len())].contains(&key)
        };
        assert!((0..LISTED).all(|number| found(&number)));
        // One in 65,536 gives about six. Twenty-five would happen once in some ten million lists.
        let wrong = (LISTED..LISTED * 3).filter(found).count();
        assert!(wrong < 25, "{wrong}");
        assert!((0..100).all(|number| breached.contains(&format!("password {number}")).unwrap()));

        // The order of the lines, their ends and their counts do not matter.
        lines.sort();
        assert!(built(folder.path(), &lines.concat()) == file);
        lines.reverse();
        let bare = lines.iter().map(|line| line[..DIGITS].to_lowercase() + "\r\n").collect::<String>();
        assert!(built(folder.path(), &bare) == file);
    }

    #[test]
    fn a_hash_that_comes_twice_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let once: String = (0..1000).map(line).collect();
        let file = built(folder.path(), &once);
        assert!(built(folder.path(), &(once.clone() + &once)) == file);
    }

    #[test]
    fn nothing_is_left_but_the_file() {
        let folder = tempfile::tempdir().unwrap();
        built(folder.path(), &line(1));
        std::fs::write(folder.path().join("list"), line(1) + "rubbish\n").unwrap();
        let before = std::fs::read(folder.path().join("out")).unwrap();
        let error = build(&folder.path().join("list"), &folder.path().join("out"), |_, _, _| {}).unwrap_err();
        assert!(error.to_string().starts_with("line 2: expected the SHA-1"), "{error}");
        assert!(std::fs::read(folder.path().join("out")).unwrap() == before);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
