//! Which columns speak of what the law protects? By name, in seven languages: English, German, French, Spanish, Italian,
//! Portuguese, Dutch.

/// What is protected, and the words that name it.
const ATTRIBUTES: [(&str, &str); 8] = [
    ("gender", "gender sex geschlecht sexe genre sexo genero género sesso genere geslacht anrede civilité salutation"),
    (
        "age",
        "age alter edad idade età eta leeftijd dob birthdate birthday birthyear yearofbirth dateofbirth geburtsdatum geburtstag \
         geburtsjahr naissance nacimiento nascita nascimento geboortedatum altersgruppe agegroup seniorcitizen",
    ),
    ("religion", "religion religious konfession glaube religione religião religiao religie faith church kirche"),
    (
        "ethnic origin",
        "ethnic ethnie ethnicity race rasse raza razza raça etnia etnisch etniciteit skincolor nationality staatsangehörigkeit \
         staatsangehoerigkeit nationalität nationalitaet nationalité nacionalidad nazionalità nacionalidade nationaliteit migration",
    ),
    (
        "health",
        "health illness disease diagnos disability disabled medical pregnan gesundheit krankheit behindert behinderung schwanger \
         santé maladie handicap grossesse salud enfermedad discapacidad embarazo salute malattia disabilità saúde doença deficiência \
         gezondheid ziekte beperking zwanger",
    ),
    ("sexual orientation", "orientation sexuelle sexualorient orientación orientamento orientação geaardheid"),
    ("political opinion", "political politik politique político politico partei partymember stemgedrag"),
    ("trade union membership", "tradeunion unionmember gewerkschaft syndicat sindicato sindacato vakbond"),
];

/// What a column of this name is about, where the law protects it.
pub fn protected(name: &str) -> Option<&'static str> {
    ATTRIBUTES.iter().find(|(_, words)| speaks(name, words)).map(|(attribute, _)| *attribute)
}

/// Whether a name says one of some words: words of five letters or more count wherever they stand in it, shorter ones only as
/// a word of their own.
pub fn speaks(name: &str, words: &str) -> bool {
    let spaced: String = cut(name);
    let joined = spaced.replace(' ', "");
    words.split_ascii_whitespace().any(|word| match word.chars().count() {
        ..5 => spaced.split(' ').any(|own| own == word),
        _ => joined.contains(word),
    })
}

/// Lower-case words parted by single blanks; `CustomerAge` and `customer_age` are the same two.
fn cut(name: &str) -> String {
    let (mut text, mut small) = (String::new(), false);
    for letter in name.chars().take(200) {
        if !letter.is_alphanumeric() || letter.is_uppercase() && small {
            text.push(' ');
        }
        if letter.is_alphanumeric() {
            text.extend(letter.to_lowercase());
        }
        small = letter.is_lowercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_headers_are_told_apart() {
        for (name, attribute) in [
            ("Gender", "gender"),
            ("customer_sex", "gender"),
            ("CustomerAge", "age"),
            ("Geburtsdatum", "age"),
            ("SeniorCitizen", "age"),
            ("Konfession", "religion"),
            ("Staatsangehörigkeit", "ethnic origin"),
            ("date_naissance", "age"),
            ("Handicap", "health"),
            ("has disability", "health"),
            ("orientación_sexual", "sexual orientation"),
            ("Gewerkschaftsmitglied", "trade union membership"),
        ] {
            assert_eq!(protected(name), Some(attribute), "{name}");
        }
        for name in ["message", "average_order", "page", "Essex", "traces", "package", "amount", "country", "stage", ""]
        {
            assert_eq!(protected(name), None, "{name}");
        }
    }
}
