//! Which of the old encodings do these bytes have? Told by which of them make letters that a language uses.
//!
//! Each language is a model: its letters as bytes of an encoding. A text's likelihood under a model is the product over
//! its bytes beyond ASCII; the shares below are rough on purpose, since a few names must be enough. Encodings of two bytes
//! a character are weighed by the blocks in which their common characters lie.

/// The encoding that explains the bytes best, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// Label as the platform's decoder knows it.
    pub name: &'static str,
    /// The next best one.
    pub next: &'static str,
    /// 0 to 1.
    pub confidence: f64,
}

/// Letters of a language in an encoding: small ones, then capitals. A `-` stands between the ends of a range.
struct Model(&'static str, &'static [u8], &'static [u8]);

const W1252: &str = "windows-1252";
const W1250: &str = "windows-1250";
const W1257: &str = "windows-1257";
const LATIN2: &str = "iso-8859-2";
const MAC: &str = "macintosh";

/// Languages written in Latin letters, then (from [`JOINED`] on) those in whose words every letter is beyond ASCII.
const MODELS: [Model; 43] = [
    Model(W1252, b"\xE4\xF6\xFC\xDF", b"\xC4\xD6\xDC"),
    Model(W1252, b"\xE9\xE8\xE0\xE7\xEA\xF4\xEE\xEF\xFB\xF9\xE2\xEB\x9C", b"\xC9\xC8\xC0\xC7\xCA"),
    Model(W1252, b"\xE1\xE9\xED\xF3\xFA\xF1\xFC", b"\xC1\xC9\xCD\xD3\xDA\xD1\xBF\xA1"),
    Model(W1252, b"\xE3\xE1\xE7\xE9\xED\xF3\xEA\xE2\xF5\xFA\xF4\xE0", b"\xC1\xC9\xC7\xD3\xC3"),
    Model(W1252, b"\xE0\xE8\xE9\xEC\xF2\xF9", b"\xC0\xC8\xC9"),
    Model(W1252, b"\xE5\xE4\xF6\xE6\xF8\xE9", b"\xC5\xC4\xD6\xC6\xD8"),
    Model(W1252, b"\xE1\xE9\xED\xF3\xFA\xFD\xFE\xF0\xE6\xF6", b"\xC1\xDE\xD6\xC6\xD3\xCD"),
    // English has its quotes and dashes.
    Model(W1252, b"\x92\x93\x94\x96\x97\x85\xE9\xA3\x80\x91", b"\xA0\xB0"),
    // Western languages side by side.
    Model(
        W1252,
        b"\xE9\xE8\xE0\xE1\xE2\xE4\xE5\xE7\xEA\xED\xF1\xF3\xF4\xF6\xF8\xFA\xFC\xDF",
        b"\xC9\xC4\xD6\xDC\xC1\xC7\xC5\xD1\xD3\xD8",
    ),
    Model(W1250, b"\xB9\xE6\xEA\xB3\xF1\xF3\x9C\x9F\xBF", b"\xA3\x8C\xAF\xA5\xC6\xCA\xD1\xD3\x8F"),
    Model(
        W1250,
        b"\xE1\xE8\xEF\xE9\xEC\xED\xF2\xF3\xF8\x9A\x9D\xFA\xF9\xFD\x9E\xBE\xE4\xF4",
        b"\xC8\x8A\x8E\xD8\xC1\xCF\xCD\xDA\xBC",
    ),
    Model(W1250, b"\xE1\xE9\xED\xF3\xF6\xF5\xFA\xFC\xFB", b"\xC1\xC9\xCD\xD3\xD6\xD5\xDA\xDC\xDB"),
    Model(W1250, b"\xE8\xE6\x9A\x9E\xF0", b"\xC8\xC6\x8A\x8E\xD0"),
    Model(W1250, b"\xE3\xE2\xEE\xBA\xFE", b"\xC3\xC2\xCE\xAA\xDE"),
    Model(LATIN2, b"\xB1\xE6\xEA\xB3\xF1\xF3\xB6\xBC\xBF", b"\xA3\xA6\xAF\xA1\xC6\xCA\xD1\xD3\xAC"),
    Model(
        LATIN2,
        b"\xE1\xE8\xEF\xE9\xEC\xED\xF2\xF3\xF8\xB9\xBB\xFA\xF9\xFD\xBE\xB5\xE4\xF4",
        b"\xC8\xA9\xAE\xD8\xC1\xCF\xCD\xDA\xA5",
    ),
    Model(LATIN2, b"\xE8\xE6\xB9\xBE\xF0", b"\xC8\xC6\xA9\xAE\xD0"),
    Model("windows-1254", b"\xFD\xFE\xF0\xFC\xF6\xE7", b"\xDD\xDE\xD0\xDC\xD6\xC7"),
    Model(W1257, b"\xE0\xE8\xE6\xEB\xE1\xF0\xF8\xFB\xFE", b"\xC8\xD0\xDE\xCB\xC1\xD8\xDB"),
    Model(W1257, b"\xE2\xE8\xE7\xEC\xEE\xED\xEF\xF2\xF0\xFB\xFE", b"\xC2\xC8\xC7\xCC\xCE\xCD\xCF\xD2\xD0\xDB\xDE"),
    Model(W1257, b"\xE4\xF6\xF5\xFC\xF0\xFE", b"\xC4\xD6\xD5\xDC\xD0\xDE"),
    Model(MAC, b"\x8A\x9A\x9F\xA7", b"\x80\x85\x86"),
    Model(MAC, b"\x8E\x8F\x88\x8D\x90\x99\x94\x95\x9E\x9D\x89\x91\xCF", b"\x83\xE9\xCB\x82\xE6"),
    Model(MAC, b"\x87\x8E\x92\x97\x9C\x96\x9F", b"\xE7\x83\xEA\xEE\xF2\x84\xC0\xC1"),
    Model(MAC, b"\x8B\x87\x8D\x8E\x92\x97\x90\x89\x9B\x9C\x99\x88", b"\xE7\x83\x82\xEE\xCC"),
    Model(MAC, b"\x88\x8F\x8E\x93\x98\x9D", b"\xCB\xE9\x83"),
    Model(MAC, b"\x8C\x8A\x9A\xBE\xBF\x8E", b"\x81\x80\x85\xAE\xAF"),
    Model(
        MAC,
        b"\x8E\x8F\x88\x87\x89\x8A\x8C\x8D\x90\x92\x96\x97\x99\x9A\xBF\x9C\x9F\xA7",
        b"\x83\x80\x85\x86\xE7\x82\x81\x84\xEE\xAF",
    ),
    Model("windows-1251", b"\xE0-\xFF\xB8", b"\xC0-\xDF\xA8"),
    Model("windows-1251", b"\xE0-\xFA\xFC\xFE\xFF\xB3\xBF\xBA\xB4", b"\xC0-\xDF\xB2\xAF\xAA"),
    Model("koi8-r", b"\xC0-\xDF\xA3", b"\xE0-\xFF\xB3"),
    Model("koi8-u", b"\xC0-\xDA\xDC\xDF\xD1\xA6\xA7\xA4\xAD", b"\xE0-\xFF\xB6\xB7\xB4"),
    Model("iso-8859-5", b"\xD0-\xEF\xF1", b"\xB0-\xCF\xA1"),
    Model("ibm866", b"\xA0-\xAF\xE0-\xEF\xF1", b"\x80-\x9F\xF0"),
    Model("x-mac-cyrillic", b"\xE0-\xFE\xDF\xDE", b"\x80-\x9F\xDD"),
    Model("windows-1253", b"\xE1-\xFE\xDC-\xDF\xC0\xE0", b"\xC1-\xD9\xA2\xB8-\xBA\xBC"),
    Model("iso-8859-7", b"\xE1-\xFE\xDC-\xDF\xC0\xE0", b"\xC1-\xD9\xB6\xB8-\xBA\xBC"),
    Model("windows-1255", b"\xE0-\xFA", b"\xC0-\xCF"),
    Model("windows-1256", b"\xC7\xC8\xCA-\xD6\xD8-\xDB\xDD-\xDF\xE1\xE3-\xE6\xED\xC9\xEC", b"\xC1-\xC6"),
    Model("iso-8859-6", b"\xC7\xC8\xCA-\xDA\xE1-\xE8\xEA\xC9\xE9", b"\xC1-\xC6"),
    Model("windows-874", b"\xA1-\xDA\xE0-\xE6\xE8\xE9", b"\xDF\xE7\xEA-\xEE\xF0-\xF9"),
    Model("windows-1258", b"\xE2\xE3\xEA\xF4\xF5\xFD\xF0\xCC\xEC\xDE\xD2\xF2", b"\xC2\xD0\xCA\xD4\xD5\xDD"),
    Model("iso-8859-4", b"\xE0\xE8\xEA\xEC\xE7\xB9\xF9\xFE\xBE\xB3\xB6\xF1", b"\xC0\xC8\xA9\xAE\xDE"),
];
/// Place of the first language in whose words every letter is beyond ASCII.
const JOINED: std::ops::Range<usize> = 28..41;

/// Signs that stand in any text: quotes, dashes, the euro, a blank that does not break.
fn signs(name: &str) -> &'static [u8] {
    match name {
        MAC => b"\xC7-\xCA\xD0-\xD5\xDB\xA1\xA4",
        "windows-1251" => b"\x84\x85\x88\x91-\x97\xA0\xA7\xAB\xB0\xB9\xBB",
        _ if name.starts_with("windows") => b"\x80\x84\x85\x91-\x97\xA0\xA7\xAB\xB0\xB4\xBB",
        _ if name.starts_with("iso") => b"\xA0\xA4\xA7\xAB\xB0\xBB",
        _ => b"",
    }
}

/// Characters of two bytes: blocks of first bytes with the share of a text that lies in them and the number of their
/// characters, the common ones first.
struct Wide(&'static str, [(u8, u8, f64, f64); 6]);

const WIDE: [Wide; 6] = [
    // Kana, then the first level of kanji, signs, full-width letters, the second level.
    Wide(
        "shift_jis",
        [
            (0x82, 0x83, 0.5, 230.0),
            (0x88, 0x97, 0.4, 2965.0),
            (0x81, 0x81, 0.05, 147.0),
            (0x98, 0x9F, 0.02, 1500.0),
            (0xE0, 0xEF, 0.02, 2400.0),
            (0xFA, 0xFC, 0.005, 400.0),
        ],
    ),
    Wide(
        "euc-jp",
        [
            (0xA4, 0xA5, 0.5, 169.0),
            (0xB0, 0xCF, 0.4, 2965.0),
            (0xA1, 0xA1, 0.05, 94.0),
            (0xA3, 0xA3, 0.02, 94.0),
            (0xD0, 0xF4, 0.02, 3390.0),
            (0xA2, 0xAF, 0.002, 500.0),
        ],
    ),
    // Names and addresses have no kana.
    Wide(
        "euc-jp",
        [
            (0xB0, 0xCF, 0.93, 2965.0),
            (0xA4, 0xA5, 0.02, 169.0),
            (0xA1, 0xA1, 0.02, 94.0),
            (0xA3, 0xA3, 0.01, 94.0),
            (0xD0, 0xF4, 0.02, 3390.0),
            (0xA2, 0xAF, 0.002, 500.0),
        ],
    ),
    Wide(
        "euc-kr",
        [
            (0xB0, 0xC8, 0.94, 2350.0),
            (0xA1, 0xA1, 0.03, 94.0),
            (0xA3, 0xA3, 0.01, 94.0),
            (0xCA, 0xFD, 0.01, 4888.0),
            (0x81, 0xA0, 0.004, 5000.0),
            (0xA2, 0xC6, 0.002, 3000.0),
        ],
    ),
    Wide(
        "gb18030",
        [
            (0xB0, 0xD7, 0.9, 3755.0),
            (0xA1, 0xA1, 0.04, 94.0),
            (0xA3, 0xA3, 0.03, 94.0),
            (0xD8, 0xF7, 0.02, 3008.0),
            (0x81, 0xA0, 0.005, 6000.0),
            (0xA2, 0xFE, 0.003, 8000.0),
        ],
    ),
    Wide(
        "big5",
        [
            (0xA4, 0xC6, 0.92, 5401.0),
            (0xA1, 0xA1, 0.04, 157.0),
            (0xA2, 0xA3, 0.01, 300.0),
            (0xC9, 0xF9, 0.02, 7652.0),
            (0x87, 0xA0, 0.001, 3000.0),
            (0xFA, 0xFE, 0.001, 800.0),
        ],
    ),
];

/// What a byte costs that stands for nothing a text has, one for a rare character, and one of ASCII.
const WRONG: f64 = -14.0;
const RARE: f64 = -11.0;
const PLAIN: f64 = -4.0;
/// Bytes that are looked at, from the first one beyond ASCII on.
const LOOK: usize = 128 * 1024;

/// Weighs the encodings for bytes that are not UTF-8.
pub fn guess(head: &[u8]) -> Guess {
    let from = head.iter().position(|byte| *byte >= 0x80).unwrap_or(head.len()).saturating_sub(1);
    let bytes = &head[from..head.len().min(from + LOOK)];
    // For each byte beyond ASCII: how often it stands there, beside an ASCII letter, beside another of its kind.
    let mut counts = [[0.0f64; 3]; 128];
    for at in (0..bytes.len()).filter(|&at| bytes[at] >= 0x80) {
        let beside = [at.checked_sub(1).map(|before| bytes[before]), bytes.get(at + 1).copied()];
        let any = |test: fn(&u8) -> bool| f64::from(u8::from(beside.iter().flatten().any(test)));
        let count = &mut counts[usize::from(bytes[at] - 0x80)];
        count[0] += 1.0;
        count[1] += any(u8::is_ascii_alphabetic);
        count[2] += any(|byte| *byte >= 0x80);
    }
    let high: f64 = counts.iter().map(|count| count[0]).sum();
    let narrow =
        MODELS.iter().enumerate().map(|(at, model)| (model.0, JOINED.contains(&at), narrow(model, at, &counts)));
    let wide = WIDE.iter().map(|wide| (wide.0, true, self::wide(wide, bytes)));
    let (mut best, mut next) = ((W1252, false, f64::NEG_INFINITY), (W1252, f64::NEG_INFINITY));
    for (name, joined, value) in narrow.chain(wide) {
        if value > best.2 {
            if name != best.0 {
                next = (best.0, best.2);
            }
            best = (name, joined, value);
        } else if name != best.0 && value > next.1 {
            next = (name, value);
        }
    }
    let controls = counts[..0x20].iter().any(|count| count[0] > 0.0);
    // The euro of iso-8859-15 is a sign that nobody writes in windows-1252.
    let name = if best.0 == W1252 && !controls && counts[0x24][0] > 0.0 { "iso-8859-15" } else { best.0 };
    // Latin languages share most letters between encodings; a few letters, or poorly explained ones, prove nothing.
    let most = match best.2 / high.max(1.0) {
        ..-6.5 => 0.4,
        _ if !best.1 => 0.85,
        _ if high < 16.0 => 0.88,
        _ => 0.97,
    };
    // Encodings of two bytes use the same bytes for other characters: they need twice the proof.
    let is_wide = |name: &str| WIDE.iter().any(|wide| wide.0 == name);
    let proof = if is_wide(best.0) && is_wide(next.0) { 100.0 } else { 50.0 };
    let confidence = (0.5 + (best.2 - next.1) / proof).min(most);
    Guess { name, next: next.0, confidence }
}

/// How much rarer files in an encoding are than Western ones, which a few letters must not outweigh.
fn prior(name: &str) -> f64 {
    match name {
        W1252 => 0.0,
        "windows-1251" | "windows-1253" | "shift_jis" | "gb18030" | "big5" | "euc-kr" | "euc-jp" => -3.0,
        "iso-8859-7" => -5.0,
        MAC => -20.0,
        _ if name.starts_with("windows") => -8.0,
        _ => -9.0,
    }
}

/// Whether a set of letters has a byte.
fn holds(set: &[u8], byte: u8) -> bool {
    (0..set.len()).any(|at| match set[at] {
        b'-' => set[at - 1] <= byte && byte <= set[at + 1],
        letter => letter == byte,
    })
}

/// The likelihood of the bytes in a language, as a logarithm.
fn narrow(model: &Model, at: usize, counts: &[[f64; 3]; 128]) -> f64 {
    let Model(name, small, capital) = *model;
    let size = |set: &[u8]| (0x80..=0xFF).filter(|&byte| holds(set, byte)).count().max(1) as f64;
    let (in_small, in_capital) = (libm::log(0.9 / size(small)), libm::log(0.08 / size(capital)));
    let in_signs = libm::log(0.02 / 16.0);
    let joined = JOINED.contains(&at);
    let icelandic = name == W1252 && holds(small, 0xF0);
    let mut sum = if icelandic { 2.0 * PLAIN } else { prior(name) };
    for (byte, [all, latin, high]) in (0x80..=0xFFu8).zip(counts) {
        let letter = if holds(small, byte) {
            in_small
        } else if holds(capital, byte) {
            in_capital
        } else {
            sum += all * if holds(signs(name), byte) { in_signs } else { RARE };
            continue;
        };
        sum += all * letter - if joined { 3.0 * latin } else { 1.5 * high };
    }
    sum
}

/// The likelihood of the bytes as characters of two, as a logarithm; an ASCII byte that is a second one is not free in
/// the other encodings.
fn wide(wide: &Wide, bytes: &[u8]) -> f64 {
    let Wide(name, blocks) = wide;
    let japanese = *name == "shift_jis";
    let (mut at, mut sum) = (0, prior(name));
    while at < bytes.len() {
        let first = bytes[at];
        at += 1;
        if first < 0x80 {
            continue;
        }
        let second = bytes.get(at).copied().unwrap_or(0xA1);
        if japanese && (0xA1..=0xDF).contains(&first) {
            // Half-width kana.
            sum += libm::log(0.02 / 63.0);
            continue;
        }
        let low = match *name {
            "shift_jis" => (0x40..=0x7E).contains(&second) || (0x80..=0xFC).contains(&second),
            "gb18030" => (0x40..=0x7E).contains(&second) || second >= 0x80,
            "big5" => (0x40..=0x7E).contains(&second) || second >= 0xA1,
            "euc-kr" => second.is_ascii_alphabetic() || second >= 0x81,
            _ => second >= 0xA1,
        };
        // The double-byte sets lie above A1; what later ones added below is rare.
        let added = matches!(*name, "euc-kr" | "gb18030") && second < 0xA1;
        let block = blocks.iter().find(|block| block.0 <= first && first <= block.1).filter(|_| low);
        sum += match block {
            Some(_) if added => RARE,
            Some((_, _, share, size)) => libm::log(share / size),
            None => WRONG,
        };
        if block.is_some() {
            at += 1;
            sum -= if second < 0x80 { PLAIN } else { 0.0 };
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_tell_their_encodings() {
        for (name, text) in [
            ("windows-1252", "id;Name;Ort\n1;Jürgen Müller;Köln\n2;Björn Groß;München\n3;Käthe;Düsseldorf\n"),
            ("windows-1252", "id;nom\n1;François Lefèvre;Besançon\n2;Hélène Dupré;Orléans\n3;Benoît;Nîmes\n"),
            ("windows-1252", "id;note\n1;“quoted” – dash…\n2;it’s 5 €\n"),
            ("macintosh", "id;nombre\n1;José Núñez;Málaga\n2;Íñigo Peña;León\n3;María Rodríguez;Córdoba\n"),
            ("windows-1250", "id;imię\n1;Łukasz Żółć;Łódź\n2;Zbigniew Dąbrowski;Gdańsk\n3;Świętosław;Częstochowa\n"),
            ("iso-8859-2", "id;jméno\n1;Jiří Dvořák;Plzeň\n2;Šárka Žáková;Kroměříž\n3;Štěpán Tůma;Jičín\n"),
            ("windows-1254", "id;isim\n1;İbrahim Işık;İstanbul\n2;Ayşe Yılmaz;Muğla\n3;Çağrı Gül;Eskişehir\n"),
            ("windows-1257", "id;vardas\n1;Živilė Jonaitytė;Šiauliai\n2;Ąžuolas;Kėdainiai\n3;Rūta;Panevėžys\n"),
            ("windows-1251", "ид;имя\n1;Анна Иванова;Москва\n2;Пётр Сидоров;Казань\n3;Мария;Новосибирск\n"),
            ("koi8-r", "ид;имя\n1;Анна Иванова;Москва\n2;Пётр Сидоров;Казань\n3;Мария;Новосибирск\n"),
            ("iso-8859-5", "ид;имя\n1;Анна Иванова;Москва\n2;Пётр Сидоров;Казань\n3;Мария;Новосибирск\n"),
            ("windows-1253", "α;όνομα\n1;Γιώργος Παπαδόπουλος;Αθήνα\n2;Άννα;Θεσσαλονίκη\n"),
            ("iso-8859-7", "α;όνομα\n1;Γιώργος Παπαδόπουλος;Αθήνα\n2;Άννα;Θεσσαλονίκη\n"),
            ("windows-1255", "מזהה,שם,עיר\n1,דוד כהן,ירושלים\n2,שרה לוי,חיפה\n"),
            ("shift_jis", "顧客番号,氏名,フリガナ\n1,高橋太郎,タカハシ\n2,山田花子,ヤマダ\n3,鈴木一郎,スズキ\n"),
            ("euc-jp", "顧客番号,氏名,フリガナ\n1,高橋太郎,タカハシ\n2,山田花子,ヤマダ\n3,鈴木一郎,スズキ\n"),
            ("gb18030", "客户,姓名,城市\n1,张伟,北京\n2,王芳,上海\n3,李娜,广州\n"),
            ("big5", "客戶,姓名,城市\n1,陳大文,臺北\n2,林美玲,高雄\n3,許功蓋,臺中\n"),
            ("euc-kr", "고객,이름,도시\n1,김철수,서울\n2,이영희,부산\n3,박민준,대구\n"),
        ] {
            let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).expect("a label of the platform");
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{name} cannot write {text}");
            let found = guess(&bytes);
            assert_eq!(found.name, name, "{text}: {found:?}");
            let latin = text.bytes().next() == Some(b'i');
            assert!(found.confidence > 0.45 && (!latin || found.confidence < 0.9), "{text}: {found:?}");
        }
    }

    #[test]
    fn every_name_is_a_decoder_of_the_platform() {
        for name in MODELS.iter().map(|model| model.0).chain(WIDE.iter().map(|wide| wide.0)) {
            assert!(encoding_rs::Encoding::for_label(name.as_bytes()).is_some(), "{name}");
        }
        assert_eq!(MODELS[JOINED.start].0, "windows-1251");
        assert_eq!(MODELS[JOINED.end].0, "windows-1258");
    }

    #[test]
    fn bytes_that_make_no_sense_are_no_sure_thing() {
        let noise: Vec<u8> = (0..4_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(guess(&noise).confidence < 0.5, "{:?}", guess(&noise));
        assert!(guess(b"M\xFCller").confidence < 0.9);
    }
}
