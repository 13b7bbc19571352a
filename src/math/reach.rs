//! In what order does one cloud of rows fill, always taking the nearest row next? The kernels of density clustering and of
//! choosing points that stand for others: one row against all.

use super::lanes::{Lanes, Scalar};
use super::order;
use super::tiles::{TILE, Tiles};

type Eight = <f32 as Scalar>::Lanes;

/// Squared distances of all rows from a point, one entry a tile; lanes past the last row say nothing.
pub fn squares(tiles: &Tiles<f32>, point: &[f32], out: &mut [[f32; TILE]]) {
    for (tile, out) in tiles.values().chunks_exact(point.len().max(1)).zip(out) {
        *out = square(tile, point).store();
    }
}

#[inline(always)]
fn square(tile: &[[f32; TILE]], point: &[f32]) -> Eight {
    let mut square = Eight::splat(0.0);
    for (values, &value) in tile.iter().zip(point) {
        let difference = Eight::load(values) - Eight::splat(value);
        square += difference * difference;
    }
    square
}

/// One row's values.
pub fn point(tiles: &Tiles<f32>, row: usize) -> Vec<f32> {
    (0..tiles.features()).map(|feature| tiles.get(row, feature)).collect()
}

/// The squared distance of a row from its `nth` nearest row, itself counted as the first; from the farthest when there are
/// fewer. `nth` is at least 1.
pub fn nth_nearest(tiles: &Tiles<f32>, row: usize, nth: usize) -> f32 {
    let point = point(tiles, row);
    let nth = nth.min(tiles.rows());
    // What may be among the nearest, as keys: squares are not negative, so their bits order as they do. When there are many,
    // all but the nearest go, and what is not nearer than those is not kept any more.
    let most = 4 * nth + 8 * TILE;
    let mut kept = vec![0u64; most + TILE];
    let (mut count, mut bound) = (0, f32::INFINITY);
    for (index, tile) in tiles.values().chunks_exact(point.len().max(1)).enumerate() {
        let squares = square(tile, &point);
        if !Eight::splat(bound).simd_gt(squares).any() {
            continue;
        }
        for &square in squares.store().iter().take(tiles.rows() - index * TILE) {
            // Written in any case: a branch would be guessed wrong too often.
            kept[count] = u64::from(square.to_bits());
            count += usize::from(square < bound);
        }
        if count >= most {
            bound = f32::from_bits(order::nth(&mut kept[..count], nth - 1) as u32);
            count = nth;
        }
    }
    // Distances that are no numbers are not kept.
    if count < nth { f32::INFINITY } else { f32::from_bits(order::nth(&mut kept[..count], nth - 1) as u32) }
}

/// Prim's minimum spanning tree of all rows under Campello's mutual reachability: the largest of both rows' core distances
/// and their own distance. All distances are squared.
#[derive(Clone, Debug)]
pub struct Spanning {
    /// Core distances, ∞ for rows that are in the tree.
    core: Vec<[f32; TILE]>,
    /// From the tree, ∞ for rows that are in it.
    reach: Vec<[f32; TILE]>,
}

impl Spanning {
    /// With the squared core distance of each row.
    pub fn new(cores: &[f32]) -> Spanning {
        let mut core = vec![[f32::INFINITY; TILE]; cores.len().div_ceil(TILE)];
        core.as_flattened_mut()[..cores.len()].copy_from_slice(cores);
        Spanning { reach: vec![[f32::INFINITY; TILE]; core.len()], core }
    }

    /// Takes a row into the tree; gives the row to be taken next and its distance from the tree, or nothing when all are in
    /// it. Ties go to the lower row.
    pub fn take(&mut self, tiles: &Tiles<f32>, row: usize) -> Option<(usize, f32)> {
        let point = point(tiles, row);
        let own = Eight::splat(self.core[row / TILE][row % TILE]);
        self.core[row / TILE][row % TILE] = f32::INFINITY;
        self.reach[row / TILE][row % TILE] = f32::INFINITY;
        let (mut least, mut at) = (Eight::splat(f32::INFINITY), Eight::splat(-1.0));
        let tiles = tiles.values().chunks_exact(point.len().max(1));
        for (index, ((tile, reach), core)) in tiles.zip(&mut self.reach).zip(&self.core).enumerate() {
            let through = square(tile, &point).fast_max(own).fast_max(Eight::load(core));
            let near = through.fast_min(Eight::load(reach));
            *reach = near.store();
            at = Lanes::<f32>::where_above(least, near, Eight::splat(index as f32), at);
            least = near.fast_min(least);
        }
        let (least, at) = (least.store(), at.store());
        let mut next: Option<(usize, f32)> = None;
        for lane in (0..TILE).filter(|&lane| at[lane] >= 0.0) {
            let row = at[lane] as usize * TILE + lane;
            if next.is_none_or(|(other, so_far)| least[lane] < so_far || (least[lane] == so_far && row < other)) {
                next = Some((row, least[lane]));
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_tree_is_as_long_as_kruskals() {
        let mut rng = Rng::new(3);
        for (rows, nth) in [(1, 1), (2, 1), (9, 3), (60, 5), (61, 80), (300, 4)] {
            let values: Vec<f64> = (0..rows * 2).map(|_| (rng.unit() * 12.0).floor()).collect();
            let tiles = Tiles::<f32>::from_rows(&values, 2);
            let square = |a: usize, b: usize| {
                (0..2).map(|j| (values[a * 2 + j] - values[b * 2 + j]).powi(2)).sum::<f64>() as f32
            };
            let cores: Vec<f32> = (0..rows)
                .map(|row| {
                    let mut all: Vec<f32> = (0..rows).map(|other| square(row, other)).collect();
                    all.sort_by(f32::total_cmp);
                    all[nth.min(rows) - 1]
                })
                .collect();
            let found: Vec<f32> = (0..rows).map(|row| nth_nearest(&tiles, row, nth)).collect();
            assert_eq!(found, cores);
            let mut edges: Vec<(f32, usize, usize)> = Vec::new();
            for a in 0..rows {
                edges.extend((0..a).map(|b| (square(a, b).max(cores[a]).max(cores[b]), a, b)));
            }
            edges.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut part: Vec<usize> = (0..rows).collect();
            let mut kruskal = Vec::new();
            for (length, a, b) in edges {
                let (from, to) = (part[a], part[b]);
                if from != to {
                    part.iter_mut().filter(|part| **part == from).for_each(|part| *part = to);
                    kruskal.push(length);
                }
            }
            let (mut spanning, mut row, mut lengths) = (Spanning::new(&cores), 0, Vec::new());
            while let Some((next, length)) = spanning.take(&tiles, row) {
                lengths.push(length);
                row = next;
            }
            lengths.sort_by(f32::total_cmp);
            assert_eq!(lengths, kruskal);
        }
    }
}
