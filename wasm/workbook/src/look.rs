//! May the workbook be opened, and what is in it? Every XML part is unpacked once, through a small window, before anything
//! is taken for it: sizes are measured, not believed.

use crate::bytes::Bytes;
use crate::refuse::{damaged, locked};
use crate::tally::Tally;
use crate::xml::Scanner;
use crate::zip::{Entry, entries, may_unpack};
use flate2::{Decompress, FlushDecompress, Status};
use marquetry::error::{Code, Error, Result};
use marquetry::job::{Job, Progress, Step};
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of the file that are held; more are refused.
const MOST_BYTES: usize = 512 << 20;
/// Unpacked bytes looked at in one go, and in one step.
const WINDOW: usize = 64 << 10;
const STEP: u64 = 2 << 20;
/// Unpacked bytes of a sheet that are enough for a preview.
const ENOUGH: u64 = 2 << 20;

/// A workbook that may be opened: its bytes, and what is known of each part by its path.
#[derive(Debug)]
pub struct Safe {
    pub(crate) bytes: Bytes,
    pub(crate) parts: BTreeMap<String, Tally>,
}

/// Refuses a workbook of too many bytes.
///
/// # Errors
/// `limit-exceeded`.
pub fn may_hold(bytes: usize) -> Result<()> {
    if bytes > MOST_BYTES {
        return Err(crate::refuse::too_much("The workbook", "bytes", MOST_BYTES as u64));
    }
    Ok(())
}

/// Looks at every part of a workbook.
#[derive(Debug)]
pub struct Look {
    bytes: Bytes,
    /// Parts still to be looked at, the next one last.
    entries: Vec<Entry>,
    part: Option<Part>,
    parts: BTreeMap<String, Tally>,
    window: Vec<u8>,
    seen: u64,
    total: u64,
    brief: bool,
}

#[derive(Debug)]
struct Part {
    entry: Entry,
    inflate: Option<Box<Decompress>>,
    used: usize,
    unpacked: u64,
    scanner: Scanner,
    tally: Tally,
}

impl Look {
    /// Reads the archive's list of parts.
    ///
    /// # Errors
    /// `unsupported` for Excel's older and binary formats, `password-protected`, `bad-workbook`, `limit-exceeded`.
    pub fn new(bytes: Bytes) -> Result<Look> {
        may_hold(bytes.len())?;
        let first = bytes.beginning(0..bytes.len());
        if first.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(old(first));
        }
        let mut entries = entries(&bytes)?;
        if !entries.iter().any(|entry| matches!(entry.path.as_str(), "_rels/.rels" | "content.xml")) {
            let message = "This is a ZIP archive, but no workbook. Unpack it and load the file inside.";
            return Err(Error::new(Code::NotText, message).hint("Unpack it and load the file inside."));
        }
        // The next one stands last; that parts are encrypted must be known before they are looked at.
        entries.reverse();
        entries.sort_by_key(|entry| entry.path == "meta-inf/manifest.xml");
        let total = entries.iter().map(|entry| entry.size).sum();
        let window = vec![0; WINDOW];
        Ok(Look { bytes, entries, part: None, parts: BTreeMap::new(), window, seen: 0, total, brief: false })
    }

    /// Looks only at the beginning of long sheets and estimates the rest: for a preview, which reads no further either.
    pub fn brief(self) -> Look {
        Look { brief: true, ..self }
    }

    /// Looks at the next window of a part; gives whether the part is over.
    fn look(&mut self, part: &mut Part) -> Result<bool> {
        let Range { start, end } = part.entry.data;
        let rest = self.bytes.beginning(start + part.used..end);
        if rest.is_empty() && start + part.used < end {
            return Err(damaged("one of its parts is not all here"));
        }
        let (piece, over) = match &mut part.inflate {
            None => {
                let piece = &rest[..rest.len().min(WINDOW)];
                part.used += piece.len();
                (piece, start + part.used == end)
            }
            Some(inflate) => {
                let (taken, given) = (inflate.total_in(), inflate.total_out());
                let status = inflate
                    .decompress(rest, &mut self.window, FlushDecompress::None)
                    .map_err(|_| damaged("one of its parts cannot be unpacked"))?;
                let (taken, given) = (inflate.total_in() - taken, inflate.total_out() - given);
                let over = status == Status::StreamEnd || start == end;
                if !over && taken + given == 0 {
                    return Err(damaged("one of its parts cannot be unpacked"));
                }
                part.used += taken as usize;
                (&self.window[..given as usize], over)
            }
        };
        part.unpacked += piece.len() as u64;
        may_unpack(&part.entry.path, (end - start) as u64, part.unpacked)?;
        if part.unpacked > part.entry.size || over && part.unpacked < part.entry.size {
            return Err(damaged("one of its parts has another size than it claims"));
        }
        let tally = &mut part.tally;
        part.scanner.feed(piece, &mut |event| tally.take(event))?;
        Ok(over)
    }
}

impl Job for Look {
    type Output = Safe;

    fn step(&mut self) -> Result<Step<Safe>> {
        let goal = self.seen + STEP;
        while self.seen < goal {
            let mut part = match self.part.take() {
                Some(part) => part,
                None => match self.entries.pop() {
                    Some(entry) => Part::new(entry),
                    None => {
                        let parts = std::mem::take(&mut self.parts);
                        return Ok(Step::Done(Safe { bytes: self.bytes.clone(), parts }));
                    }
                },
            };
            let before = part.unpacked;
            let over = self.look(&mut part)?;
            self.seen += part.unpacked - before;
            if over {
                // A part that is really empty says nothing.
                if part.unpacked > 0 {
                    part.scanner.finish()?;
                }
                part.tally.finish()?;
                self.parts.insert(part.entry.path, part.tally);
            } else if self.brief && part.unpacked >= ENOUGH && part.tally.estimate(part.unpacked, part.entry.size) {
                self.parts.insert(part.entry.path, part.tally);
            } else {
                self.part = Some(part);
            }
        }
        let ratio = self.seen as f64 / self.total.max(1) as f64;
        Ok(Step::Working(Progress { phase: "checking", ratio, rows: 0 }))
    }
}

impl Part {
    fn new(entry: Entry) -> Part {
        let inflate = entry.deflated.then(|| Box::new(Decompress::new(false)));
        let (scanner, tally) = (Scanner::default(), Tally::default());
        Part { entry, inflate, used: 0, unpacked: 0, scanner, tally }
    }
}

/// What the older container holds: a workbook with a password, or Excel's format of before 2007.
fn old(bytes: &[u8]) -> Error {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memchr::memmem::find(bytes, &name).is_some() {
        return locked();
    }
    let message = "This is a workbook of an older Excel (.xls), which cannot be read here. Save it as .xlsx.";
    Error::new(Code::Unsupported, message).hint("Save it as .xlsx.")
}
