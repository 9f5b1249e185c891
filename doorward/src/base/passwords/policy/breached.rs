//! The file of breached passwords: its format, and the look-up of a password.
//!
//! The file holds a binary fuse filter (Graf and Lemire, <https://arxiv.org/abs/2201.01174>) with fingerprints of 16
//! bits over the first 64 bits of the SHA-1 of each password. Every password on the list is found. Of all other
//! passwords, one in 65,536 is found by mistake. It takes about 2.5 bytes a password.
//!
//! The filter is cut into blocks by the first bits of the hash, about 12,000 passwords each, so that a look-up reads
//! one block of some 30 KiB and the rest stays on the disk. All numbers are little-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `DWBREACH` |
//! | 4 | the version of the format, 1 |
//! | 4 | the number of blocks, a power of two |
//! | 8 | the number of passwords |
//! | 8 | the length of the file |
//! | 4 | the CRC-32 of everything before it and of the index |
//! | 16 a block | the index: where the block starts (8), its length (4), its CRC-32 (4) |
//! | | the blocks: seed (8), length of a segment (4), length of all segments that are counted (4), fingerprints (2 each); a block without passwords is empty |
//!
//! The index is checked when the file is opened, and a block each time it is read. The file is not mapped into memory, which
//! would need `unsafe`. A look-up takes about 10 µs from the page cache.

use std::{fs::File, io, path::Path};

use sha1::{Digest, Sha1};
use xorf::{BinaryFuse16, Descriptor, Filter};

pub(super) const MAGIC: &[u8; 8] = b"DWBREACH";
pub(super) const VERSION: u32 = 1;
/// The bytes before the index, the last four of which are the checksum.
pub(super) const HEADER: usize = 36;
/// The bytes of a block in the index.
pub(super) const ENTRY: usize = 16;
/// The bytes of a block before its fingerprints.
const DESCRIPTOR: usize = 16;
/// The most blocks: 256 MiB of index, for 200 billion passwords.
pub(super) const MOST_BLOCKS: u32 = 1 << 24;

/// An open file of breached passwords. It keeps reading the file that it opened, even if another takes its name.
pub(super) struct Breached {
    file: File,
    index: Vec<Block>,
}

/// The place of a block in the file.
pub(super) struct Block {
    pub(super) start: u64,
    pub(super) length: u32,
    pub(super) checksum: u32,
}

/// Reads and checks the whole file at `path`.
///
/// [`Auth::open_with`](crate::Auth::open_with) checks only the start of the file. Damage in the rest is found when a
/// password is looked up there. That password then counts as not breached, with a warning in the log. Reading takes
/// about a second per gigabyte.
///
/// # Errors
/// The file cannot be read, was not made by [`build`](super::build), has another version, is cut off or is damaged.
pub fn check(path: &Path) -> io::Result<()> {
    let breached = Breached::open(path)?;
    (0..breached.index.len()).try_for_each(|block| breached.block(block).map(drop))
}

impl Breached {
    #[expect(clippy::disallowed_methods, reason = "a setting names the file")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let header: [u8; HEADER] = read(&file, 0, HEADER)?.try_into().map_err(|_| damaged())?;
        let number =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let long = |at: usize| u64::from(number(at)) | u64::from(number(at + 4)) << 32;
        if header[..8] != *MAGIC {
            return Err(bad("it was not made by `doorward breached build`"));
        }
        if number(8) != VERSION {
            return Err(bad("it is of another version: make it again with `doorward breached build`"));
        }
        let blocks = number(12);
        if !blocks.is_power_of_two() || !(2..=MOST_BLOCKS).contains(&blocks) {
            return Err(damaged());
        }
        if length < long(24) {
            return Err(cut_off());
        }
        let index = read(&file, HEADER as u64, blocks as usize * ENTRY)?;
        if length != long(24) || number(32) != checksum(&header[..32], &index) {
            return Err(damaged());
        }
        let index = index.chunks_exact(ENTRY).map(Block::read).collect();
        Ok(Self { file, index })
    }

    /// Returns `true` if the password is in the file, and by mistake for one in 65,536 others.
    pub(super) fn contains(&self, password: &str) -> io::Result<bool> {
        let sha1: [u8; 20] = Sha1::digest(password).into();
        let key = key(&sha1);
        let block = self.block(block_of(key, self.index.len()))?;
        Ok(block.is_some_and(|filter| filter.contains(&key)))
    }

    /// Reads the filter of a block; `None` if the block is empty.
    pub(super) fn block(&self, number: usize) -> io::Result<Option<BinaryFuse16>> {
        let block = &self.index[number];
        if block.length == 0 {
            return Ok(None);
        }
        let bytes = read(&self.file, block.start, block.length as usize)?;
        if crc32fast::hash(&bytes) != block.checksum {
            return Err(damaged());
        }
        decode(&bytes).map(Some).ok_or_else(damaged)
    }
}

impl Block {
    pub(super) fn append_to(&self, index: &mut Vec<u8>) {
        index.extend(self.start.to_le_bytes());
        index.extend(self.length.to_le_bytes());
        index.extend(self.checksum.to_le_bytes());
    }

    fn read(entry: &[u8]) -> Self {
        let number = |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
        Self {
            start: u64::from(number(0)) | u64::from(number(4)) << 32,
            length: number(8),
            checksum: number(12),
        }
    }
}

/// Returns the key of a password: the first eight bytes of its SHA-1.
pub(super) fn key(sha1: &[u8; 20]) -> u64 {
    sha1[..8].iter().fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// Returns the block of a key. The number of blocks is a power of two and at least 2.
pub(super) fn block_of(key: u64, blocks: usize) -> usize {
    (key >> (64 - blocks.ilog2())) as usize
}

/// The CRC-32 of the header and the index.
pub(super) fn checksum(header: &[u8], index: &[u8]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(header);
    checksum.update(index);
    checksum.finalize()
}

/// Writes a filter as the bytes of a block.
pub(super) fn encode(filter: &BinaryFuse16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(DESCRIPTOR + filter.fingerprints.len() * 2);
    bytes.extend(filter.descriptor.seed.to_le_bytes());
    bytes.extend(filter.descriptor.segment_length.to_le_bytes());
    bytes.extend(filter.descriptor.segment_count_length.to_le_bytes());
    bytes.extend(filter.fingerprints.iter().flat_map(|fingerprint| fingerprint.to_le_bytes()));
    bytes
}

/// Reads a filter from the bytes of a block. Returns `None` if its numbers do not match, so that a look-up stays
/// within the fingerprints.
fn decode(bytes: &[u8]) -> Option<BinaryFuse16> {
    let (seed, rest) = bytes.split_first_chunk()?;
    let (segment_length, rest) = rest.split_first_chunk()?;
    let (segment_count_length, rest) = rest.split_first_chunk()?;
    let segment_length = u32::from_le_bytes(*segment_length);
    let descriptor = Descriptor {
        seed: u64::from_le_bytes(*seed),
        segment_length,
        segment_length_mask: segment_length.checked_sub(1)?,
        segment_count_length: u32::from_le_bytes(*segment_count_length),
    };
    let fingerprints: Box<[u16]> =
        rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let needed = u64::from(descriptor.segment_count_length) + 2 * u64::from(segment_length);
    let whole = segment_length.is_power_of_two() && fingerprints.len() as u64 == needed;
    whole.then_some(BinaryFuse16 { descriptor, fingerprints })
}

/// Reads `length` bytes from `start`. Other threads may read at the same time.
fn read(file: &File, start: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    read_at(file, &mut bytes, start).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => cut_off(),
        _ => error,
    })?;
    Ok(bytes)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, start)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                start += read as u64;
            }
        }
    }
    Ok(())
}

fn bad(cause: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

fn cut_off() -> io::Error {
    bad("it is cut off: make it again with `doorward breached build`")
}

fn damaged() -> io::Error {
    bad("it is damaged: make it again with `doorward breached build`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_the_order_of_the_hashes() {
        assert_eq!(key(&Sha1::digest("password").into()), 0x5baa_61e4_c9b9_3f3f);
        assert_eq!(block_of(0, 2), 0);
        assert_eq!(block_of(u64::MAX, 2), 1);
        assert_eq!(block_of(0x8000_0000_0000_0000, 128), 64);
        assert_eq!(block_of(u64::MAX, MOST_BLOCKS as usize), MOST_BLOCKS as usize - 1);
    }

    #[test]
    fn a_filter_of_any_size_is_the_same_after_writing_and_reading() {
        for size in (1..70).chain([100, 1000, 20_000]) {
            let keys: Vec<u64> = (0..size).map(|n: u64| key(&Sha1::digest(n.to_le_bytes()).into())).collect();
            let filter = BinaryFuse16::try_from(&keys).unwrap();
            let read = decode(&encode(&filter)).unwrap();
            assert_eq!(
                (read.descriptor.clone(), &read.fingerprints),
                (filter.descriptor, &filter.fingerprints)
            );
            assert!(keys.iter().all(|key| read.contains(key)), "{size}");
        }
    }

    #[test]
    fn numbers_that_do_not_match_are_refused() {
        let bytes = encode(&BinaryFuse16::try_from(&[1, 2, 3][..]).unwrap());
        assert!(decode(&bytes).is_some());
        for length in 0..bytes.len() - 1 {
            assert!(decode(&bytes[..length]).is_none(), "{length}");
        }
        for at in 8..16 {
            let mut other = bytes.clone();
            other[at] ^= 0x15;
            assert!(decode(&other).is_none(), "{at}");
        }
    }
}
