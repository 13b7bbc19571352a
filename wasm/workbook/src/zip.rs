//! Which parts does the archive hold, and may it be opened at all? Its list of entries is read and judged before anything
//! is unpacked.
//!
//! Only parts of a workbook that are XML are ever unpacked; pictures, macros and archives inside the archive stay shut.

use crate::bytes::Bytes;
use crate::refuse::{damaged, locked, suspicious, too_much};
use marquetry::error::{Code, Error, Result};
use std::collections::BTreeSet;
use std::ops::Range;

/// Entries of one archive.
const MOST_ENTRIES: u64 = 10_000;
/// Unpacked bytes of one part, and of all.
const MOST_PART: u64 = 1 << 30;
const MOST_TOTAL: u64 = 2 << 30;
/// Packed bytes may grow to so many times their number, once a part is larger than a small one.
const MOST_RATIO: u64 = 200;
const SMALL_PART: u64 = 10 << 20;

/// One part of the archive.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its path, in lower case and with `/`: this is how parts are looked up.
    pub(crate) path: String,
    /// Whether it is packed by deflate, or stored as it is.
    pub(crate) deflated: bool,
    /// Where its packed bytes lie.
    pub(crate) data: Range<usize>,
    /// How many bytes it claims to have when unpacked.
    pub(crate) size: u64,
}

/// The entries of an archive, each of them allowed to be unpacked.
///
/// # Errors
/// `bad-workbook`, `password-protected`, `limit-exceeded`, or `unsupported` for Excel's binary format.
pub(crate) fn entries(bytes: &Bytes) -> Result<Vec<Entry>> {
    let directory = directory(bytes)?;
    let (mut at, mut found, mut paths, mut total) = (directory.start, Vec::new(), BTreeSet::new(), 0);
    for _ in 0..directory.entries {
        let head = bytes.get(at..at + 46).filter(|head| head.starts_with(b"PK\x01\x02")).ok_or_else(cut)?;
        let [name, extra, comment] = [28, 30, 32].map(|field| usize::from(u16_at(head, field)));
        let tail = bytes.get(at + 46..at + 46 + name + extra + comment).ok_or_else(cut)?;
        at += 46 + name + extra + comment;
        let path = String::from_utf8_lossy(&tail[..name]).replace('\\', "/").to_ascii_lowercase();
        if path.split('/').any(|step| step == "..") || path.starts_with('/') || path.contains(':') {
            return Err(suspicious("one of its parts has a path that leads out of it"));
        }
        if !paths.insert(path.clone()) {
            return Err(suspicious("two of its parts have the same name"));
        }
        if u16_at(head, 8) & 1 == 1 {
            return Err(locked());
        }
        let (packed, size, start) = sizes(head, &tail[name..name + extra])?;
        let data = body(bytes, start, packed)?;
        if path.ends_with("/workbook.bin") {
            let message = "This is a binary Excel workbook (.xlsb), which cannot be read here. Save it as .xlsx.";
            return Err(Error::new(Code::Unsupported, message).hint("Save it as .xlsx."));
        }
        if path.ends_with('/') || !is_text(&path) {
            continue;
        }
        total += size;
        may_unpack(&path, packed, size)?;
        if total > MOST_TOTAL {
            return Err(too_much("The parts of the workbook", "bytes", MOST_TOTAL));
        }
        let deflated = match u16_at(head, 10) {
            0 => false,
            8 => true,
            _ => return Err(suspicious("its parts are packed in an unusual way")),
        };
        found.push(Entry { path, deflated, data, size });
    }
    Ok(found)
}

/// Parts that are XML. A sheet that has another ending is never read.
fn is_text(path: &str) -> bool {
    path.ends_with(".xml") || path.ends_with(".rels")
}

/// Refuses parts that would unpack to more than they may; asked before unpacking and while it goes on.
pub(crate) fn may_unpack(path: &str, packed: u64, unpacked: u64) -> Result<()> {
    if unpacked > MOST_PART {
        return Err(too_much(&format!("The part “{path}” of the workbook"), "bytes", MOST_PART));
    }
    if unpacked > SMALL_PART && unpacked / MOST_RATIO > packed {
        return Err(suspicious(&format!("its part “{path}” unpacks to more than {MOST_RATIO} times its size")));
    }
    Ok(())
}

struct Directory {
    start: usize,
    entries: u64,
}

/// The list of entries stands at the end, behind it a mark of its own, behind that a comment.
fn directory(bytes: &Bytes) -> Result<Directory> {
    let (from, tail) = bytes.last();
    let lowest = tail.len().saturating_sub(22 + 0xFFFF);
    let last = tail.len().checked_sub(22).ok_or_else(cut)?;
    let end = (lowest..=last)
        .rev()
        .find(|&at| {
            tail[at..].starts_with(b"PK\x05\x06")
                && from + at + 22 + usize::from(u16_at(&tail[at..], 20)) == bytes.len()
        })
        .ok_or_else(cut)?;
    let mark = &tail[end..];
    let (mut entries, mut size, mut start) =
        (u64::from(u16_at(mark, 10)), u64::from(u32_at(mark, 12)), u64::from(u32_at(mark, 16)));
    let mut stop = (from + end) as u64;
    // Large archives keep the true numbers in a second mark, found by a pointer before the first.
    if let Some(at) = end.checked_sub(20).filter(|&at| tail[at..].starts_with(b"PK\x06\x07")) {
        stop = u64_at(&tail[at..], 8);
        let mark = usize::try_from(stop).ok().and_then(|at| bytes.get(at..at.checked_add(56)?)).ok_or_else(cut)?;
        if !mark.starts_with(b"PK\x06\x06") {
            return Err(cut());
        }
        (entries, size, start) = (u64_at(mark, 32), u64_at(mark, 40), u64_at(mark, 48));
    }
    if entries > MOST_ENTRIES {
        return Err(too_much("The workbook's archive", "entries", MOST_ENTRIES));
    }
    // Something before the archive, or between its list and its end, is read differently by different programs.
    if start.checked_add(size) != Some(stop) {
        return Err(damaged("the list of its parts is not where it should be"));
    }
    Ok(Directory { start: start as usize, entries })
}

/// Packed size, unpacked size and offset of an entry; too large ones stand among the extra fields.
fn sizes(head: &[u8], extra: &[u8]) -> Result<(u64, u64, u64)> {
    let mut values = [u32_at(head, 24), u32_at(head, 20), u32_at(head, 42)].map(u64::from);
    if values.contains(&0xFFFF_FFFF) {
        let mut rest = extra;
        let mut large: &[u8] = loop {
            let (id, length) = match rest {
                [a, b, c, d, ..] => (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d]))),
                _ => return Err(cut()),
            };
            let field = rest.get(4..4 + length).ok_or_else(cut)?;
            if id == 1 {
                break field;
            }
            rest = &rest[4 + length..];
        };
        for value in values.iter_mut().filter(|value| **value == 0xFFFF_FFFF) {
            (*value, large) = (u64_at(large.get(..8).ok_or_else(cut)?, 0), &large[8..]);
        }
    }
    Ok((values[1], values[0], values[2]))
}

/// Where the packed bytes of an entry lie: behind its own head, which repeats the name.
fn body(bytes: &Bytes, start: u64, packed: u64) -> Result<Range<usize>> {
    let start = usize::try_from(start).map_err(|_| cut())?;
    let head = start.checked_add(30).and_then(|end| bytes.get(start..end)).ok_or_else(cut)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(damaged("one of its parts is not where the list says"));
    }
    let from = start + 30 + usize::from(u16_at(head, 26)) + usize::from(u16_at(head, 28));
    let to = usize::try_from(packed).ok().and_then(|packed| from.checked_add(packed));
    to.filter(|&to| to <= bytes.len()).map(|to| from..to).ok_or_else(cut)
}

fn cut() -> Error {
    damaged("it is cut off, as after a download that broke off")
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
