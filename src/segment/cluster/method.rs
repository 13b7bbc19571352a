//! Which way of finding clusters, with what only it needs.

use crate::features::select::Takes;

/// The shape of a mixture's bells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Covariance {
    /// Round, each of its own size.
    Spherical,
    /// Stretched along the features, each in its own way.
    Diagonal,
    /// Any ellipse, the same for all.
    Tied,
    /// Any ellipse, each its own.
    #[default]
    Full,
}

/// A method and its own options.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Lloyd's k-means on numbers.
    KMeans,
    /// Huang's k-prototypes on numbers and categories.
    KPrototypes {
        /// What a different category counts against a squared difference of numbers; half the mean deviation of the scaled
        /// numbers when not said.
        gamma: Option<f64>,
    },
    /// Gaussian mixtures on numbers.
    Gaussian(Covariance),
    /// Latent classes: every feature is a category.
    LatentClass,
    /// HDBSCAN on numbers: finds the number of clusters itself.
    Hdbscan {
        /// Fewer rows than this are no cluster.
        min_cluster_size: Option<usize>,
    },
    /// Ward's agglomeration on numbers.
    Ward,
}

impl Method {
    /// The spelling in options and results.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::KMeans => "kmeans",
            Method::KPrototypes { .. } => "kprototypes",
            Method::Gaussian(_) => "gaussian",
            Method::LatentClass => "latent-class",
            Method::Hdbscan { .. } => "hdbscan",
            Method::Ward => "ward",
        }
    }

    /// What is done with categories.
    pub fn takes(self) -> Takes {
        match self {
            Method::KPrototypes { .. } => Takes::Both,
            Method::LatentClass => Takes::Categories,
            _ => Takes::Numbers,
        }
    }

    /// Whether one search costs many times what one of k-means does, so that comparisons must do with fewer.
    pub fn is_slow(self) -> bool {
        matches!(self, Method::Gaussian(_) | Method::Hdbscan { .. } | Method::Ward)
    }

    /// Whether the number of clusters comes out of the data, so that none is asked for.
    pub fn finds_k(self) -> bool {
        matches!(self, Method::Hdbscan { .. })
    }
}

/// Rows that make a cluster when `rows` of `of` rows are searched: as said, or one in a hundred, at least
/// [`LEAST_CLUSTER`]; of a sample its share, but no fewer than that unless fewer were asked for.
pub fn cluster_size(said: Option<usize>, of: usize, rows: usize) -> usize {
    let size = said.unwrap_or((of / 100).max(LEAST_CLUSTER));
    let share = (size as f64 * rows as f64 / of.max(1) as f64).round() as usize;
    share.max(size.min(LEAST_CLUSTER))
}

/// Fewer rows than this are no cluster of HDBSCAN's, unless fewer are asked for.
pub const LEAST_CLUSTER: usize = 5;
