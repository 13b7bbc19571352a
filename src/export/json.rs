//! Documents as JSON. Equal numbers are the same text: whole ones stand without a fraction, as JavaScript writes them.

use serde_json::Value;

/// The largest number up to which all whole numbers are exact.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// The document, indented, ended by a line break.
pub fn document(mut value: Value) -> Vec<u8> {
    shorten(&mut value);
    format!("{value:#}\n").into_bytes()
}

/// The document on one line, ended by a line break: for those that no person reads.
pub fn compact(mut value: Value) -> Vec<u8> {
    shorten(&mut value);
    format!("{value}\n").into_bytes()
}

/// Makes 1.0 a 1.
fn shorten(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(whole) = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT) {
                *number = (whole as i64).into();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(values) => values.values_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_numbers_are_the_same_text() {
        let text = |value: Value| String::from_utf8(compact(value)).unwrap();
        assert_eq!(text(json!([1.0, 1, -0.0, 0.5, { "a": 2.0 }])), "[1,1,0,0.5,{\"a\":2}]\n");
        assert_eq!(text(json!([1e300, 9_007_199_254_740_991.0])), "[1e+300,9007199254740991]\n");
    }
}
