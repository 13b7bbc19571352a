//! How is an e-mail address or a telephone number written in one way? What cannot be decided is left alone.

/// An address without blanks around it, and with the host in lower case: `Ann@Shop.COM` → `Ann@shop.com`. `whole` puts the part
/// before the @ into lower case too, which the standard leaves to the host but every large provider does. Nothing where the text
/// is no address: one @, a host with a point, no blanks inside.
pub fn email(text: &str, whole: bool) -> Option<String> {
    let text = text.trim();
    let (name, host) = text.rsplit_once('@')?;
    let bad = |part: &str| {
        part.is_empty() || part.contains(|letter: char| letter.is_whitespace() || "@,;<>".contains(letter))
    };
    let (domain, top) = host.rsplit_once('.')?;
    if bad(name) || bad(domain) || top.len() < 2 || bad(top) || host.starts_with('.') || host.contains("..") {
        return None;
    }
    let name = if whole { name.to_lowercase() } else { name.to_string() };
    Some(format!("{name}@{}", host.to_lowercase()))
}

/// A country, its calling code, what stands before a number at home, and the fewest and most digits that follow the code.
type Plan = (&'static str, &'static str, &'static str, u8, u8);

#[rustfmt::skip]
const PLANS: [Plan; 47] = [
    ("US", "1", "1", 10, 10), ("CA", "1", "1", 10, 10), ("GB", "44", "0", 9, 10), ("IE", "353", "0", 7, 9),
    ("DE", "49", "0", 6, 11), ("AT", "43", "0", 7, 13), ("CH", "41", "0", 9, 9), ("LI", "423", "", 7, 9),
    ("FR", "33", "0", 9, 9), ("BE", "32", "0", 8, 9), ("NL", "31", "0", 9, 9), ("LU", "352", "", 6, 9),
    ("ES", "34", "", 9, 9), ("PT", "351", "", 9, 9), ("IT", "39", "", 6, 11), ("DK", "45", "", 8, 8),
    ("SE", "46", "0", 7, 9), ("NO", "47", "", 8, 8), ("FI", "358", "0", 6, 11), ("IS", "354", "", 7, 7),
    ("PL", "48", "", 9, 9), ("CZ", "420", "", 9, 9), ("SK", "421", "0", 9, 9), ("HU", "36", "06", 8, 9),
    ("SI", "386", "0", 8, 8), ("HR", "385", "0", 8, 9), ("RO", "40", "0", 9, 9), ("BG", "359", "0", 8, 9),
    ("GR", "30", "", 10, 10), ("TR", "90", "0", 10, 10), ("UA", "380", "0", 9, 9), ("RU", "7", "8", 10, 10),
    ("AU", "61", "0", 9, 9), ("NZ", "64", "0", 8, 10), ("IN", "91", "0", 10, 10), ("CN", "86", "0", 10, 11),
    ("JP", "81", "0", 9, 10), ("KR", "82", "0", 8, 10), ("SG", "65", "", 8, 8), ("BR", "55", "0", 10, 11),
    ("MX", "52", "", 10, 10), ("AR", "54", "0", 10, 11), ("CL", "56", "", 9, 9), ("CO", "57", "", 10, 10),
    ("ZA", "27", "0", 9, 9), ("IL", "972", "0", 8, 9), ("AE", "971", "0", 8, 9),
];

/// Whether numbers of this country (two letters) can be put into international form.
pub fn has_plan(country: &str) -> bool {
    plan_of(country).is_some()
}

fn plan_of(country: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.0.eq_ignore_ascii_case(country))
}

/// A telephone number in international form (E.164): `+` and digits. Numbers that say their country (`+49…`, `0049…`) are taken
/// by themselves; others only with a `country` of two letters. Nothing where letters stand in it, the country is not said, or the
/// number of digits does not suit the country. Whether anyone answers there is not known here.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let text = text.trim().replace("(0)", "");
    if text.contains(|letter: char| !letter.is_ascii_digit() && !" \u{a0}+-./()–".contains(letter)) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let length = |length: usize, plan: &Plan| (plan.3..=plan.4).contains(&(length as u8));
    let abroad = if text.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    if let Some(number) = abroad {
        // With a known code the length must suit; other codes only need what the standard allows.
        let mut known = PLANS.iter().filter(|plan| number.starts_with(plan.1)).peekable();
        let suits = known.peek().is_none() || known.any(|plan| length(number.len() - plan.1.len(), plan));
        return (suits && (8..=15).contains(&number.len()) && !number.starts_with('0')).then(|| format!("+{number}"));
    }
    let plan = plan_of(country?)?;
    let number = digits.strip_prefix(plan.2).unwrap_or(&digits);
    (digits.len() < 20 && length(number.len(), plan)).then(|| format!("+{}{number}", plan.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_get_one_form() {
        assert_eq!(email(" Ann.Lee@Shop.COM ", false).as_deref(), Some("Ann.Lee@shop.com"));
        for text in ["a@b.de", "a.b+c_1@x-y.example.org", "user1@shop.example"] {
            assert_eq!(email(text, true).as_deref(), Some(text));
        }
        assert_eq!(email("Ann.Lee@Shop.COM", true).as_deref(), Some("ann.lee@shop.com"));
        for text in
            ["", "ann", "ann@", "@b.de", "a b@c.de", "a@b", "a@b.c", "a@b..de", "a@@b.de", "a@.de", "a@b.de;c@d.de"]
        {
            assert_eq!(email(text, true), None, "{text}");
        }
    }

    #[test]
    fn numbers_get_the_international_form() {
        for (text, country, expected) in [
            ("030 1234567", Some("DE"), Some("+49301234567")),
            ("+49 (0)30 / 123 45-67", None, Some("+49301234567")),
            ("0049 30 1234567", None, Some("+49301234567")),
            ("(415) 555-2671", Some("us"), Some("+14155552671")),
            ("1-415-555-2671", Some("US"), Some("+14155552671")),
            ("06 12 34 56 78", Some("FR"), Some("+33612345678")),
            ("06 12345678", Some("IT"), Some("+390612345678")),
            ("06 1 234 5678", Some("HU"), Some("+3612345678")),
            ("612 345 678", Some("ES"), Some("+34612345678")),
            ("030 1234567", None, None),
            ("030 1234567", Some("XX"), None),
            ("+49 12", None, None),
            ("+33 6 12 34 56", None, None),
            ("call me", Some("DE"), None),
            ("030 1234567 ext 4", Some("DE"), None),
            ("+0 123 456 789", None, None),
            ("", Some("DE"), None),
        ] {
            assert_eq!(phone(text, country).as_deref(), expected, "{text}");
        }
        assert!(has_plan("de") && !has_plan("XX"));
    }
}
