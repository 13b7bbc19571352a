//! Which encoding do these bytes have? Found from the first bytes only, with a confidence and its evidence.
//!
//! Nothing is decoded here except to try: the platform's decoder does that, by the label that is given. UTF-8 that is
//! valid is certain enough to go on; the single-byte encodings cannot be told apart for sure, so that the Latin
//! ones stay below 0.9 and the table carries a question.

use crate::error::{Code, Error, Result};
use crate::read::binary;
use crate::read::charset::{Guess, guess};
use crate::read::options::ReadOptions;
use crate::table::figures::grouped;
use crate::table::finding::Question;

/// A guess at how bytes become characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    /// Label as the platform's decoder knows it (`utf-8`, `utf-16le`, `windows-1252` …); `utf-32` or `binary` for what no
    /// decoder takes, which [`Encoding::check`] refuses.
    pub name: String,
    /// How sure that is, 0 to 1; 1 when the user said so or a byte-order mark does.
    pub confidence: f64,
    /// Bytes of the byte-order mark at the start of the file.
    pub bom: usize,
    /// Why, for a person.
    pub evidence: String,
}

/// Below this confidence the user is asked.
pub const SURE: f64 = 0.9;

impl Encoding {
    fn new(name: &str, confidence: f64, bom: usize, evidence: impl Into<String>) -> Encoding {
        Encoding { name: name.into(), confidence, bom, evidence: evidence.into() }
    }

    /// UTF-8 beyond doubt: for text that comes from a string, and for tests.
    pub fn utf8() -> Encoding {
        Encoding::new("utf-8", 1.0, 0, "The text was given as text.")
    }

    /// Refuses what no decoder can turn into text.
    ///
    /// # Errors
    /// `not-text` naming what the bytes are, `unsupported` for UTF-32.
    pub fn check(&self) -> Result<()> {
        match self.name.as_str() {
            "binary" => Err(Error::new(
                Code::NotText,
                format!("{} It is not a text table. Save the data as CSV and load that.", self.evidence),
            )
            .hint("Open it in the program it comes from and export CSV.")),
            "utf-32" => Err(Error::new(
                Code::Unsupported,
                "The file is written in UTF-32, which browsers cannot read. Save it again as UTF-8.",
            )
            .hint("Save the file as CSV in UTF-8.")),
            _ => Ok(()),
        }
    }

    /// What to ask the user when the encoding is not sure.
    pub fn question(&self) -> Option<Question> {
        (self.confidence < SURE).then(|| Question {
            code: "encoding".into(),
            column: None,
            // What was taken stands first.
            choices: std::iter::once(self.name.as_str())
                .chain(CHOICES.split(' ').filter(|label| *label != self.name))
                .map(String::from)
                .collect(),
            taken: self.name.clone(),
            evidence: self.evidence.clone(),
        })
    }
}

/// Encodings offered when the file's own is not sure, the usual ones first.
const CHOICES: &str = "utf-8 windows-1252 windows-1250 windows-1251 windows-1253 windows-1254 windows-1255 windows-1256 \
windows-1257 windows-1258 windows-874 iso-8859-2 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-15 koi8-r koi8-u ibm866 \
macintosh x-mac-cyrillic shift_jis euc-jp iso-2022-jp euc-kr gb18030 big5 utf-16le utf-16be";

/// Guesses the encoding from the first bytes; `whole` says that they are all there are.
pub fn detect(head: &[u8], whole: bool, options: &ReadOptions) -> Encoding {
    let mark = byte_order_mark(head);
    if let Some(label) = options.encoding.as_deref() {
        let label = label.trim().to_ascii_lowercase();
        let bom = mark.as_ref().filter(|found| found.name == label).map_or(0, |found| found.bom);
        let chosen = Encoding::new(&label, 1.0, bom, "The encoding was chosen.");
        // Only UTF-8 can be seen to be wrong.
        let found = if label == "utf-8" && mark.is_none() { single_bytes(head, whole) } else { return chosen };
        return if found.name == label { chosen } else { Encoding { name: label, confidence: 0.5, ..found } };
    }
    if let Some(found) = mark {
        return found;
    }
    if let Some(what) = binary::name_of(head) {
        return Encoding::new("binary", 1.0, 0, format!("This is {what}."));
    }
    if head.contains(&0) {
        if let Some(found) = wide_units(head, whole) {
            return found;
        }
        let strange = head.iter().filter(|&&byte| is_control(byte)).count();
        if strange * 20 > head.len() {
            return Encoding::new("binary", 0.95, 0, "The file holds bytes that no text has.");
        }
    }
    single_bytes(head, whole)
}

fn byte_order_mark(head: &[u8]) -> Option<Encoding> {
    let marks: [(&[u8], &str); 5] = [
        (&[0xFF, 0xFE, 0, 0], "utf-32"),
        (&[0, 0, 0xFE, 0xFF], "utf-32"),
        (&[0xEF, 0xBB, 0xBF], "utf-8"),
        (&[0xFF, 0xFE], "utf-16le"),
        (&[0xFE, 0xFF], "utf-16be"),
    ];
    let (mark, name) = marks.iter().find(|(mark, _)| head.starts_with(mark))?;
    Some(Encoding::new(name, 1.0, mark.len(), "The file begins with the mark of this encoding."))
}

/// UTF-16 or UTF-32 without a mark: every unit must be a character that text has.
fn wide_units(head: &[u8], whole: bool) -> Option<Encoding> {
    if head.len() >= 8 && (!whole || head.len().is_multiple_of(4)) {
        let quads = || head.chunks_exact(4).map(|quad| [quad[0], quad[1], quad[2], quad[3]]);
        let is_text = |code: u32| char::from_u32(code).is_some_and(|letter| !is_strange(letter));
        if quads().all(|quad| is_text(u32::from_le_bytes(quad)))
            || quads().all(|quad| is_text(u32::from_be_bytes(quad)))
        {
            return Some(Encoding::new("utf-32", 0.95, 0, "Every character takes four bytes."));
        }
    }
    if whole && !head.len().is_multiple_of(2) {
        return None;
    }
    // Separators found, if nearly all units are characters of text; a cut pair at the end of a head is one that is not.
    let reads = |unit: fn([u8; 2]) -> u16| {
        let (mut letters, mut separators, mut strange) = (0, 0, 0);
        for letter in char::decode_utf16(head.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]))) {
            letters += 1;
            match letter {
                Ok('\n' | '\r' | '\t' | ',' | ';' | '|') => separators += 1,
                Ok(letter) => strange += usize::from(is_strange(letter)),
                Err(_) => strange += 1,
            }
        }
        if strange * 20 > letters { 0 } else { separators }
    };
    let (little, big) = (reads(u16::from_le_bytes), reads(u16::from_be_bytes));
    let name = match little.cmp(&big) {
        std::cmp::Ordering::Greater => "utf-16le",
        std::cmp::Ordering::Less => "utf-16be",
        std::cmp::Ordering::Equal => return None,
    };
    Some(Encoding::new(name, 0.95, 0, "Every character takes two bytes."))
}

/// UTF-8, or one of the encodings in which a character beyond ASCII is a byte or two of its own kind.
fn single_bytes(head: &[u8], whole: bool) -> Encoding {
    if head.windows(3).any(|window| window == b"\x1B$B" || window == b"\x1B$@" || window == b"\x1B(J") {
        return Encoding::new("iso-2022-jp", 0.95, 0, "The file switches alphabets the way Japanese e-mail does.");
    }
    let (sequences, broken) = count_utf8(head, whole);
    if broken == 0 {
        let evidence =
            if sequences == 0 { "Only plain ASCII so far." } else { "All bytes seen so far are valid UTF-8." };
        return Encoding::new("utf-8", if sequences == 0 { 0.95 } else { 0.99 }, 0, evidence);
    }
    if sequences > 10 * broken {
        let evidence = format!("{sequences} characters are UTF-8, but {broken} bytes are not: the file seems damaged.");
        return Encoding::new("utf-8", 0.7, 0, evidence);
    }
    let Guess { name, next, confidence } = guess(head);
    let first = head.iter().position(|byte| *byte >= 0x80).unwrap_or(0);
    let line = head[..first].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let evidence = format!(
        "The bytes are not UTF-8 ({} do not fit, the first in line {}). Their letters make most sense as {name}, then as {next}; look at names with accents.",
        grouped(broken as u64),
        grouped(line as u64)
    );
    Encoding::new(name, confidence, 0, evidence)
}

/// Valid sequences beyond ASCII, and bytes that belong to none. A sequence cut off by the end of a head is neither.
fn count_utf8(head: &[u8], whole: bool) -> (usize, usize) {
    let (mut sequences, mut broken) = (0, 0);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        sequences += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        let cut = chunks.peek().is_none()
            && !whole
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        broken += if cut { 0 } else { chunk.invalid().len() };
    }
    (sequences, broken)
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A | 0x1B) || byte == 0x7F
}

/// Characters that decoded text does not have: controls, private use, values that are no characters.
fn is_strange(letter: char) -> bool {
    let code = u32::from(letter);
    code < 0x80 && is_control(code as u8)
        || matches!(code, 0x80..=0x9F | 0xE000..=0xF8FF | 0xFFF0..=0xFFFB)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &[u8]) -> Encoding {
        detect(head, true, &ReadOptions::default())
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn marks_and_patterns_tell_the_unicode_encodings() {
        assert_eq!(found(b"a,b\n1,2\n").name, "utf-8");
        assert_eq!((found(b"\xEF\xBB\xBFa").name.as_str(), found(b"\xEF\xBB\xBFa").bom), ("utf-8", 3));
        for text in ["a,b\n1,2\n", "名前,値段\n太郎,1\n", "größe;x\n1;2\n"] {
            assert_eq!(found(&utf16(text, false)).name, "utf-16le");
            assert_eq!(found(&utf16(text, true)).name, "utf-16be");
        }
        let wide: Vec<u8> = "a,b\n1,2\n".chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
        assert_eq!(found(&wide).check().unwrap_err().code, Code::Unsupported);
    }

    #[test]
    fn legacy_bytes_are_taken_as_western_and_asked_about() {
        let guess = found(b"name,ort\nM\xFCller,K\xF6ln\n");
        assert_eq!(guess.name, "windows-1252");
        assert!(guess.confidence >= 0.5 && guess.question().is_some());
        let cyrillic = found(&[b"name\n".as_slice(), &[0xC8, 0xE2, 0xE0, 0xED, 0xEE, 0xE2], b"\n"].concat());
        assert!(cyrillic.name == "windows-1251" && cyrillic.confidence < SURE, "{cyrillic:?}");
    }

    #[test]
    fn a_choice_stands_and_is_asked_about_where_the_bytes_speak_against_it() {
        let options: ReadOptions = serde_json::from_str(r#"{"encoding": "UTF-8"}"#).unwrap();
        let chosen = |head: &[u8]| detect(head, true, &options);
        assert!(chosen("name\nMüller\n".as_bytes()).question().is_none());
        let wrong = chosen(b"name\nM\xFCller\n");
        assert_eq!((wrong.name.as_str(), wrong.question().unwrap().taken.as_str()), ("utf-8", "utf-8"));
        assert!(wrong.evidence.contains("windows-1252"), "{}", wrong.evidence);
    }

    #[test]
    fn a_character_cut_off_by_the_head_is_no_damage() {
        let bytes = "é".as_bytes();
        assert_eq!(detect(&bytes[..1], false, &ReadOptions::default()).name, "utf-8");
        assert_eq!(detect(&bytes[..1], true, &ReadOptions::default()).name, "windows-1252");
    }

    #[test]
    fn files_that_are_no_text_are_named() {
        let error = found(b"PK\x03\x04\x14\0\x06\0xl/workbook.xml").check().unwrap_err();
        assert_eq!(error.code, Code::NotText);
        assert!(error.message.contains("Excel"));
        assert_eq!(found(&[0, 1, 2, 3, 4, 5, 6, 0, 0, 1]).name, "binary");
    }
}
