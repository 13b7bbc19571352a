//! How far apart are the members of one cluster from each other?

use super::lanes::{Lanes, Scalar};
use super::order::arranged;
use super::tiles::{TILE, Tiles};

/// The sum over the clusters of the mean distance of their members: of all ordered pairs, divided by the cluster's size. Rows
/// whose label is not below `clusters` count nowhere; 0 for none.
pub fn within(tiles: &Tiles<f32>, labels: &[u32], clusters: usize) -> f64 {
    type Eight = <f32 as Scalar>::Lanes;
    let features = tiles.features();
    let order = arranged(tiles.rows(), &|a, b| labels[a].cmp(&labels[b]));
    let mut total = 0.0;
    for members in order.chunk_by(|&a, &b| labels[a] == labels[b]) {
        if labels[members[0]] as usize >= clusters {
            continue;
        }
        let own = tiles.select(members);
        let mut sum = 0.0;
        for member in 0..members.len() {
            let row: Vec<f32> = (0..features).map(|j| own.get(member, j)).collect();
            for (at, tile) in own.values().chunks_exact(features).enumerate() {
                let mut squares = Eight::splat(0.0);
                for (values, &there) in tile.iter().zip(&row) {
                    let difference = Eight::load(values) - Eight::splat(there);
                    squares += difference * difference;
                }
                let distances = Lanes::<f32>::sqrt(squares).store();
                sum += distances.iter().take(members.len() - at * TILE).map(|&one| f64::from(one)).sum::<f64>();
            }
        }
        total += sum / members.len() as f64;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_one_cluster_count_and_no_others() {
        let tiles = Tiles::from_rows(&[0.0, 3.0, 7.0, 100.0, 104.0, 9e9], 1);
        assert_eq!(within(&tiles, &[0, 0, 0, 1, 1, u32::MAX], 2), (2.0 * (3.0 + 7.0 + 4.0)) / 3.0 + 2.0 * 4.0 / 2.0);
        let long: Vec<f64> = (0..11).map(f64::from).collect();
        let expected: f64 = (0..11).flat_map(|a| (0..11).map(move |b| f64::from(i32::abs(a - b)))).sum();
        assert!((within(&Tiles::from_rows(&long, 1), &[0; 11], 1) - expected / 11.0).abs() < 1e-5);
    }
}
