//! How closely do two categories go together?

use super::stats::sum;

/// Cramér's V of a table of counts (rows of equal length): √(χ² / (n · (min(r, c) − 1))), 0 for none to 1 for each telling the
/// other. χ² is Pearson's without a correction for continuity, V without one for bias. Rows and columns without counts do not
/// matter; NaN where fewer than two of either are left.
pub fn cramers_v(counts: &[Vec<f64>]) -> f64 {
    let rows: Vec<f64> = counts.iter().map(|row| sum(row.iter().copied())).collect();
    let width = counts.first().map_or(0, Vec::len);
    let columns: Vec<f64> = (0..width).map(|at| sum(counts.iter().map(|row| row[at]))).collect();
    let used = |totals: &[f64]| totals.iter().filter(|total| **total > 0.0).count();
    let (n, least) = (sum(rows.iter().copied()), used(&rows).min(used(&columns)));
    if least < 2 {
        return f64::NAN;
    }
    let cells = counts.iter().zip(&rows).flat_map(|(row, total)| {
        row.iter().zip(&columns).map(move |(count, column)| {
            let expected = total * column / n;
            if expected > 0.0 { (count - expected) * (count - expected) / expected } else { 0.0 }
        })
    });
    (sum(cells) / (n * (least - 1) as f64)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textbook_tables() {
        assert!((cramers_v(&[vec![10.0, 20.0], vec![20.0, 10.0]]) - 1.0 / 3.0).abs() < 1e-12);
        assert!((cramers_v(&[vec![5.0, 0.0, 0.0], vec![0.0, 7.0, 2.0]]) - 1.0).abs() < 1e-12);
        assert_eq!(cramers_v(&[vec![2.0, 4.0], vec![1.0, 2.0], vec![0.0, 0.0]]), 0.0);
        assert!(cramers_v(&[vec![2.0, 4.0]]).is_nan() && cramers_v(&[]).is_nan());
    }
}
