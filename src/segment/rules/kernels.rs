//! How do the comparisons of rules run over whole columns? Each is one of three kernels, or its opposite.
//!
//! Nothing here knows of missing values: a row without a value gets some bit, and the caller masks it.

use crate::math::masks::{self, Order};
use crate::segment::rules::tree::Comparison;
use crate::table::bitmap::Bitmap;
use crate::table::column::Column;

/// A type of values that kernels compare.
pub trait Comparable: Copy + PartialOrd + 'static {
    /// A bit for each value that compares so with one value.
    fn with(values: &[Self], order: Order, than: Self) -> Vec<u64>;
    /// The same of a column's values, where it knows a way that reads less.
    fn in_slices(_column: &Column, _order: Order, _than: Self) -> Option<Vec<u64>> {
        None
    }
    /// A bit for each value that compares so with the other's in the same row.
    fn pairs(left: &[Self], order: Order, right: &[Self]) -> Vec<u64>;
}

macro_rules! comparable {
    ($value:ty, $with:ident, $pairs:ident $(, $quick:item)?) => {
        impl Comparable for $value {
            $($quick)?

            fn with(values: &[$value], order: Order, than: $value) -> Vec<u64> {
                masks::$with(values, order, than)
            }

            fn pairs(left: &[$value], order: Order, right: &[$value]) -> Vec<u64> {
                masks::$pairs(left, order, right)
            }
        }
    };
}

comparable!(
    f64,
    numbers,
    number_pairs,
    fn in_slices(column: &Column, order: Order, than: f64) -> Option<Vec<u64>> {
        column.slices()?.compared(order, than, column.len())
    }
);
comparable!(i32, days, day_pairs);
comparable!(i64, moments, moment_pairs);

/// The rows whose value compares so with one value; the column is theirs, where they are one's.
pub fn compare<T: Comparable>(values: &[T], column: Option<&Column>, comparison: Comparison, with: T) -> Bitmap {
    let (order, opposite) = order_of(comparison);
    let quick = column.and_then(|column| T::in_slices(column, order, with));
    bitmap(quick.unwrap_or_else(|| T::with(values, order, with)), values.len(), opposite)
}

/// The rows whose two values compare so.
pub fn compare_pairs<T: Comparable>(left: &[T], comparison: Comparison, right: &[T]) -> Bitmap {
    let (order, opposite) = order_of(comparison);
    bitmap(T::pairs(left, order, right), left.len(), opposite)
}

/// A set from a kernel's words, or the rows not in it.
pub fn bitmap(mut words: Vec<u64>, rows: usize, opposite: bool) -> Bitmap {
    if opposite {
        words.iter_mut().for_each(|word| *word = !*word);
    }
    Bitmap::from_words(words, rows)
}

/// The kernel of a comparison, and whether its opposite is meant.
fn order_of(comparison: Comparison) -> (Order, bool) {
    match comparison {
        Comparison::Equal => (Order::Equal, false),
        Comparison::NotEqual => (Order::Equal, true),
        Comparison::Less => (Order::Less, false),
        Comparison::AtLeast => (Order::Less, true),
        Comparison::AtMost => (Order::AtMost, false),
        Comparison::Greater => (Order::AtMost, true),
    }
}

/// The comparison that says the same when its sides change places.
pub fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Greater => Comparison::Less,
        Comparison::AtLeast => Comparison::AtMost,
        same => same,
    }
}

/// Whether two values compare so.
pub fn holds<T: PartialOrd + ?Sized>(left: &T, comparison: Comparison, right: &T) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Greater => left > right,
        Comparison::AtLeast => left >= right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_is_a_kernel_or_its_opposite() {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
        for length in [0usize, 1, 64, 65, 200] {
            let left: Vec<i32> = (0..length as i32).map(|i| i * 7 % 5).collect();
            let right: Vec<i32> = (0..length as i32).map(|i| i * 3 % 5).collect();
            for comparison in [Equal, NotEqual, Less, AtMost, Greater, AtLeast] {
                let one = Bitmap::from_fn(length, |row| holds(&left[row], comparison, &2));
                assert_eq!(compare(&left, None, comparison, 2), one);
                assert_eq!(
                    compare(&left, None, mirrored(comparison), 2),
                    Bitmap::from_fn(length, |row| holds(&2, comparison, &left[row]))
                );
                let two = Bitmap::from_fn(length, |row| holds(&left[row], comparison, &right[row]));
                assert_eq!(compare_pairs(&left, comparison, &right), two);
            }
        }
        assert_eq!(compare(&[0.0, -0.0, 1.0], None, Equal, -0.0).count(), 2);
    }
}
