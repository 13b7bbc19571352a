//! Which lines say that their order was cancelled? By a day on which it was, by yes or no, or by a word for how it stands.

use crate::table::bitmap::Bitmap;
use crate::table::cancelled::is_cancelled;
use crate::table::column::{Column, Data};

/// Words that a message names, at most.
const NAMED: usize = 10;

/// What a column says about orders that were cancelled; nothing by default.
#[derive(Debug, Default)]
pub struct Cancelled {
    /// Rows that say so.
    pub rows: Option<Bitmap>,
    /// Rows that say of themselves that they were not.
    pub kept: Option<Bitmap>,
    /// How the column says it, for a person; nothing where it is a column of texts none of which is a word for it.
    pub said: String,
}

impl Cancelled {
    /// From a column that is in memory: of days every one counts, of numbers those other than 0, of texts those that say so.
    pub fn of(column: &Column) -> Cancelled {
        let mut said = format!("“{}” says so", column.name);
        let mut words = Vec::new();
        if let Data::Text(texts) = &column.data {
            words.extend(texts.values().map(is_cancelled));
            said.clear();
            let named = texts.values().zip(&words).filter(|(_, is_word)| **is_word);
            for (at, (word, _)) in named.enumerate().take(NAMED) {
                said += &if at == 0 {
                    format!("“{}” says “{word}”", column.name)
                } else {
                    format!(", “{word}”")
                };
            }
        }
        let rows = Bitmap::from_fn(column.len(), |row| {
            column.valid.get(row)
                && match &column.data {
                    Data::Boolean(values) => values.get(row),
                    Data::Number(values) => values[row] != 0.0,
                    Data::Text(texts) => words[texts.codes()[row] as usize],
                    _ => true,
                }
        });
        Cancelled { kept: Some(column.valid.and_not(&rows)), rows: Some(rows), said }
    }
}
