//! smartcore's k-means, asked from JavaScript: values one by one, then the fit, then labels. It takes no starting centres.

use smartcore::cluster::kmeans::{KMeans, KMeansParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;
use std::sync::Mutex;

static VALUES: Mutex<Vec<f64>> = Mutex::new(Vec::new());
static LABELS: Mutex<Vec<i32>> = Mutex::new(Vec::new());
static MATRIX: Mutex<Option<DenseMatrix<f64>>> = Mutex::new(None);

/// Takes one value more, row by row.
#[unsafe(no_mangle)]
pub extern "C" fn push(value: f64) {
    VALUES.lock().unwrap().push(value);
}

/// Makes the matrix smartcore wants, outside of its time.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(features: usize) {
    let values = std::mem::take(&mut *VALUES.lock().unwrap());
    *MATRIX.lock().unwrap() = DenseMatrix::new(values.len() / features, features, values, false).ok();
}

/// Its whole call.
#[unsafe(no_mangle)]
pub extern "C" fn fit(k: usize, iterations: usize) {
    let matrix = MATRIX.lock().unwrap();
    let matrix = matrix.as_ref().unwrap();
    let parameters = KMeansParameters::default().with_k(k).with_max_iter(iterations);
    let fitted: KMeans<f64, i32, DenseMatrix<f64>, Vec<i32>> = KMeans::fit(matrix, parameters).unwrap();
    *LABELS.lock().unwrap() = fitted.predict(matrix).unwrap();
}

/// The cluster of a row.
#[unsafe(no_mangle)]
pub extern "C" fn label(row: usize) -> i32 {
    LABELS.lock().unwrap()[row]
}
