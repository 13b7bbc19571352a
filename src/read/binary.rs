//! Files that are no text at all, told by their first bytes, so that the message can name what was dropped.

/// What the bytes are, in words that follow "This is …", or nothing when they may be text.
pub fn name_of(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 23] = [
        (b"%PDF-", "a PDF document"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\xD0\xCF\x11\xE0", "an old Excel file (.xls) or a password-protected workbook"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!\x1A", "a RAR archive"),
        (b"\xFD7zXZ\0", "an xz archive"),
        (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
        (b"ARROW1\0", "an Arrow file"),
        (b"ORC", "an ORC file"),
        (b"Obj\x01", "an Avro file"),
        (b"{\\rtf", "a rich-text document"),
        (b"\x7FELF", "a program"),
        (b"MZ\x90\0", "a program"),
        (b"\0asm", "a program"),
        (b"RDX", "an R data file"),
        (b"$FL2", "an SPSS file"),
        (b"<stata_dta>", "a Stata file"),
    ];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let start = &head[..head.len().min(4096)];
        let holds = |needle: &[u8]| start.windows(needle.len()).any(|window| window == needle);
        return Some(if holds(b"[Content_Types].xml") || holds(b"xl/") {
            "an Excel workbook (.xlsx)"
        } else if holds(b"opendocument.spreadsheet") {
            "an OpenDocument spreadsheet (.ods)"
        } else {
            "a ZIP archive"
        });
    }
    // ORC's and bzip2's marks are plain letters: take them only where the rest is not text.
    MAGIC
        .iter()
        .find(|(mark, _)| head.starts_with(mark) && !is_plain(&head[..head.len().min(64)]))
        .map(|(_, name)| *name)
}

/// Only characters that plain text has; PDF and RTF pass this test and are told by their marks alone.
fn is_plain(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"%PDF-")
        && !bytes.starts_with(b"{\\rtf")
        && !bytes.starts_with(b"<stata_dta>")
        && bytes.iter().all(|&byte| matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_named_and_text_is_not() {
        assert_eq!(name_of(b"PK\x03\x04\x14\0\x08\0\0\0[Content_Types].xml"), Some("an Excel workbook (.xlsx)"));
        assert_eq!(name_of(b"PK\x03\x04aaaa"), Some("a ZIP archive"));
        assert_eq!(name_of(b"\x89PNG\r\n\x1A\n"), Some("a PNG picture"));
        assert_eq!(name_of(b"%PDF-1.7\n"), Some("a PDF document"));
        assert_eq!(name_of(b"ORC,amount\n1,2\n"), None);
        assert_eq!(name_of(b""), None);
    }
}
