//! Cells as CSV: quoted where they must be, and harmless to spreadsheet programs.

/// How cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Between cells.
    pub delimiter: char,
    /// In computed numbers; cells of the file stay as they were.
    pub decimal: char,
    /// Whether a cell that a spreadsheet would take for a formula gets a leading apostrophe.
    pub escape_formulas: bool,
}

/// Writes one row, ended by CRLF as RFC 4180 has it. Absent cells are empty.
pub fn write_row<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Option<&'a str>>, style: Style) {
    let before = out.len();
    let mut count = 0;
    for cell in cells {
        if count > 0 {
            let mut buffer = [0; 4];
            out.extend_from_slice(style.delimiter.encode_utf8(&mut buffer).as_bytes());
        }
        count += 1;
        write_cell(out, cell.unwrap_or(""), style);
    }
    if count == 1 && out.len() == before {
        out.extend_from_slice(b"\"\"");
    }
    out.extend_from_slice(b"\r\n");
}

fn write_cell(out: &mut Vec<u8>, cell: &str, style: Style) {
    if is_plain(cell.as_bytes(), style) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    let guard = style.escape_formulas && looks_like_formula(cell);
    let quote = cell.contains([style.delimiter, '"', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ');
    if quote {
        out.push(b'"');
    }
    if guard {
        out.push(b'\'');
    }
    if quote {
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// Most cells need neither quotes nor disarming, and bytes tell: a letter or digit first, no blank last, and nothing between
/// that separates, quotes, computes or lies outside ASCII.
fn is_plain(cell: &[u8], style: Style) -> bool {
    let special =
        |byte: &u8| matches!(byte, b'"' | b'\n' | b'\r' | b'=' | 0x80..) || char::from(*byte) == style.delimiter;
    cell.first().is_none_or(u8::is_ascii_alphanumeric) && cell.last() != Some(&b' ') && !cell.iter().any(special)
}

/// Whether a spreadsheet might run the cell: past blanks, quotes and separators it begins with `=`, `+`, `-` or `@` (also
/// in full width) without being a plain number or telephone number, it begins with a tab or line break, or an equals sign stands before
/// the first letter.
pub fn looks_like_formula(cell: &str) -> bool {
    if cell.starts_with(['\t', '\r', '\n', '\0']) {
        return true;
    }
    let is_dressing = |c: char| c.is_whitespace() || c.is_control() || "\u{feff}\u{200b}\"';,|".contains(c);
    let bare = cell.trim_start_matches(is_dressing);
    if bare.chars().count() == 1 {
        return false; // a lone sign stands for "none" in many files and computes nothing
    }
    if bare.chars().take_while(|c| !c.is_alphabetic()).any(|c| matches!(c, '=' | '＝')) {
        return true;
    }
    match bare.chars().next() {
        Some('@' | '＠' | '＋' | '－') => true,
        Some('+' | '-') => !is_number_or_phone(bare),
        _ => false,
    }
}

/// A sign, then digits with points, commas, blanks and brackets as numbers and telephone numbers have them, no second sign
/// but an exponent's or the dashes of a telephone number that begins with `+`.
fn is_number_or_phone(text: &str) -> bool {
    let rest = &text[1..];
    let is_digits = |part: &str| {
        part.chars().any(|c| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || ".,' \u{a0}\u{202f}%€$£".contains(c))
    };
    let number = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => is_digits(mantissa) && is_digits(exponent.trim_start_matches(['+', '-'])),
        None => is_digits(rest),
    };
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let phone =
        text.starts_with('+') && digits >= 7 && rest.chars().all(|c| c.is_ascii_digit() || " ()-.\u{a0}".contains(c));
    number || phone
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAFE: Style = Style { delimiter: ',', decimal: '.', escape_formulas: true };

    fn row(cells: &[Option<&str>], style: Style) -> String {
        let mut out = Vec::new();
        write_row(&mut out, cells.iter().copied(), style);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_short_way_writes_what_the_long_way_writes() {
        for style in [SAFE, Style { delimiter: ';', ..SAFE }, Style { escape_formulas: false, ..SAFE }] {
            for cell in
                ["", "a", "12.5", "a;b", "a,b", "a=b", "e b", "b ", "x\"y", "1\n2", "zoë", "a＝b", "2024-01-05", "A-B"]
            {
                if is_plain(cell.as_bytes(), style) {
                    assert!(!(style.escape_formulas && looks_like_formula(cell)), "{cell}");
                    assert!(!cell.contains([style.delimiter, '"', '\n', '\r']) && cell.trim() == cell, "{cell}");
                }
            }
        }
        assert!(is_plain(b"A-B 12.5", SAFE) && !is_plain(b"a=b", SAFE));
    }

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        assert_eq!(row(&[Some("a"), None, Some("b,c"), Some("say \"hi\"")], SAFE), "a,,\"b,c\",\"say \"\"hi\"\"\"\r\n");
        assert_eq!(row(&[None], SAFE), "\"\"\r\n");
        assert_eq!(row(&[Some("two\nlines"), Some(" x")], SAFE), "\"two\nlines\",\" x\"\r\n");
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_left_alone() {
        for dangerous in [
            "=1+1",
            "+1+1",
            "-2+cmd|' /C calc'!A0",
            "@SUM(1)",
            "\t=1",
            " =1+1",
            "\u{feff}=1",
            "＝1",
            "\";=1+1",
            "%09=1+1",
            "-A1",
        ] {
            assert!(looks_like_formula(dangerous), "{dangerous:?}");
        }
        for harmless in [
            "-12.50",
            "+49 30 1234567",
            "-1.5e-7",
            "-1.234,50 €",
            "a=b",
            "12@example.com",
            "x",
            "",
            "+1 (555) 010-9999",
        ] {
            assert!(!looks_like_formula(harmless), "{harmless:?}");
        }
        assert_eq!(row(&[Some("=A1"), Some("=\"x\"")], SAFE), "'=A1,\"'=\"\"x\"\"\"\r\n");
        assert_eq!(row(&[Some("=A1")], Style { escape_formulas: false, ..SAFE }), "=A1\r\n");
    }
}
