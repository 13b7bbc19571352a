//! Where do rows lie close together, whatever the shape? HDBSCAN* (Campello, Moulavi and Sander 2013): a row is reached from
//! another at the distance that makes both dense; what hangs together at a distance is a tree over all distances, from which
//! those clusters are taken that last longest (excess of mass). Rows in none are not clustered.
//!
//! Prim's algorithm visits the rows of every cluster of every distance one after the other, so a cluster is a stretch of the
//! visit, and the tree follows from the gaps between visits alone. Equal gaps are joined at once: the result does not depend
//! on the order of the rows. One cluster of everything is never an answer.

use crate::error::Result;
use crate::features::matrix::Matrix;
use crate::math::measured::NO_CLUSTER;
use crate::math::order::arranged;
use crate::math::reach::{Spanning, nth_nearest};
use crate::segment::cluster::budget::Budget;
use crate::segment::cluster::found::Found;
use crate::segment::cluster::prototypes::Condensing;

/// The search in the making.
#[derive(Clone, Debug)]
pub struct Density {
    /// Fewer rows are no cluster; a dense row has so many rows near it, itself included.
    size: usize,
    rows: usize,
    /// Squared core distances.
    cores: Vec<f32>,
    /// Rows as they are visited, and the squared gap before each but the first.
    visited: Vec<usize>,
    gaps: Vec<f32>,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Cores,
    Visiting(Spanning),
    Condensing(Condensing),
}

impl Density {
    /// For clusters of at least `size` rows (at least 2).
    pub fn new(matrix: &Matrix, size: usize) -> Density {
        Density {
            size: size.max(2),
            rows: matrix.rows(),
            cores: Vec::new(),
            visited: Vec::new(),
            gaps: Vec::new(),
            stage: Stage::Cores,
        }
    }

    /// Share that is done.
    pub fn ratio(&self) -> f64 {
        (self.cores.len() + self.visited.len()) as f64 / (2 * self.rows).max(1) as f64
    }

    /// Works until the budget is spent.
    ///
    /// # Errors
    /// None for a matrix of which everything is kept.
    pub fn step(&mut self, matrix: &Matrix, budget: &mut Budget) -> Result<Option<Found>> {
        let work = matrix.rows() * (matrix.features() + 2);
        loop {
            match &mut self.stage {
                Stage::Cores => {
                    while self.cores.len() < self.rows {
                        if budget.is_spent() {
                            return Ok(None);
                        }
                        self.cores.push(nth_nearest(matrix.fast(), self.cores.len(), self.size));
                        budget.spend(work);
                    }
                    self.visited.push(0);
                    self.stage = Stage::Visiting(Spanning::new(&self.cores));
                }
                Stage::Visiting(spanning) => {
                    if budget.is_spent() {
                        return Ok(None);
                    }
                    budget.spend(work);
                    let last = self.visited.last().copied().unwrap_or(0);
                    match spanning.take(matrix.fast(), last) {
                        Some((row, gap)) => {
                            self.visited.push(row);
                            self.gaps.push(gap);
                        }
                        None => {
                            let stretches = stretches(&self.gaps, self.size);
                            let mut labels = vec![NO_CLUSTER; self.rows];
                            for (label, (start, end)) in stretches.into_iter().enumerate() {
                                self.visited[start..end].iter().for_each(|&row| labels[row] = label as u32);
                            }
                            self.stage = Stage::Condensing(Condensing::new(matrix, labels));
                        }
                    }
                }
                Stage::Condensing(condensing) => {
                    return Ok(condensing.step(matrix, budget)?.map(|(model, labels)| Found::new(model, labels)));
                }
            }
        }
    }
}

/// A set of rows that hangs together over some stretch of distances, with at least as many rows as a cluster needs.
struct Cluster {
    start: usize,
    end: usize,
    /// Sum over its rows of 1 / distance at which each leaves it.
    lasting: f64,
    /// The two or more clusters into which it falls, and how long the best below it last together.
    parts: Vec<usize>,
    below: f64,
    /// Whether it lasts longer than what is below.
    lasts: bool,
}

/// The clusters as stretches of the visit, rising. `gaps[i]` lies between the visits i and i + 1.
fn stretches(gaps: &[f32], size: usize) -> Vec<(usize, usize)> {
    let rows = gaps.len() + 1;
    // A distance of 0 would last for ever; it counts as half the smallest there is.
    let least = gaps.iter().copied().filter(|&gap| gap > 0.0).fold(f32::INFINITY, f32::min);
    let density = |gap: f32| 1.0 / f64::from(if gap > 0.0 { gap } else { least / 4.0 }).sqrt();
    let mut clusters: Vec<Cluster> = Vec::new();
    // By the first row of what hangs together: its end, and its cluster. By the last: its start.
    let mut end_of: Vec<usize> = (1..=rows).collect();
    let mut start_of: Vec<usize> = (0..rows).collect();
    let mut cluster_of: Vec<Option<usize>> = vec![None; rows];
    let order = arranged(gaps.len(), &|a, b| gaps[a].total_cmp(&gaps[b]));
    let mut at = 0;
    while at < order.len() {
        // Everything that the next equal gaps join.
        let (gap, start) = (gaps[order[at]], start_of[order[at]]);
        let mut end = end_of[start];
        let mut big: Vec<usize> = cluster_of[start].into_iter().collect();
        while at < order.len() && gaps[order[at]] == gap && order[at] + 1 == end {
            big.extend(cluster_of[end]);
            end = end_of[end];
            at += 1;
        }
        (end_of[start], start_of[end - 1]) = (end, start);
        let (now, count) = (density(gap), (end - start) as f64);
        cluster_of[start] = match big[..] {
            [] if end - start < size => None,
            [only] => {
                let cluster = &mut clusters[only];
                cluster.lasting += (count - (cluster.end - cluster.start) as f64) * now;
                (cluster.start, cluster.end) = (start, end);
                Some(only)
            }
            _ => {
                let mut below = 0.0;
                for &part in &big {
                    let part = &mut clusters[part];
                    let own = part.lasting - (part.end - part.start) as f64 * now;
                    part.lasts = part.parts.is_empty() || own >= part.below;
                    below += if part.lasts { own } else { part.below };
                }
                clusters.push(Cluster { start, end, lasting: count * now, parts: big, below, lasts: false });
                Some(clusters.len() - 1)
            }
        };
    }
    let mut found = Vec::new();
    // The last one is everything.
    let mut left: Vec<usize> = clusters.last().map(|all| all.parts.clone()).unwrap_or_default();
    while let Some(next) = left.pop() {
        let cluster = &clusters[next];
        if cluster.lasts {
            found.push((cluster.start, cluster.end));
        } else {
            left.extend(&cluster.parts);
        }
    }
    let order = arranged(found.len(), &|a, b| found[a].cmp(&found[b]));
    order.into_iter().map(|at| found[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_last_are_clusters() {
        // Two dense stretches far apart, a lone visit between them.
        let gaps = [1.0, 1.0, 1.0, 100.0, 100.0, 1.0, 4.0, 1.0];
        assert_eq!(stretches(&gaps, 3), [(0, 4), (5, 9)]);
        // Too few for a cluster each: nothing falls apart, and everything is no answer.
        assert_eq!(stretches(&gaps, 5), []);
        // 0 is a distance like others.
        assert_eq!(stretches(&[0.0, 0.0, 9.0, 0.0, 0.0], 3), [(0, 3), (3, 6)]);
        assert_eq!(stretches(&[0.0; 5], 2), []);
        assert_eq!(stretches(&[], 2), []);
    }

    #[test]
    fn what_falls_apart_late_stays_whole_unless_its_parts_last_longer() {
        let apart = |inner: f32| [1.0, 1.0, inner, 1.0, 1.0, 10_000.0, 1.0, 1.0, 1.0];
        assert_eq!(stretches(&apart(1.5), 3), [(0, 6), (6, 10)]);
        assert_eq!(stretches(&apart(900.0), 3), [(0, 3), (3, 6), (6, 10)]);
    }
}
