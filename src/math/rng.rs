//! Seeded integers: xoshiro256++ started by SplitMix64, after the public-domain descriptions by Blackman and Vigna.
//! The stream is the same on every target.

/// A seeded stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Rng {
        let mut mix = seed;
        let state = [(); 4].map(|()| {
            mix = mix.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = mix;
            z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ z >> 31
        });
        Rng { state }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        let (b, a) = (b ^ c, a ^ d);
        self.state = [a, b, c ^ self.state[1] << 17, d.rotate_left(45)];
        result
    }

    /// A number in [0, 1) with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A whole number below `bound`, every one equally likely (Lemire's multiply-and-reject). `bound` 0 gives 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(bound);
            if wide as u64 >= bound.wrapping_neg().checked_rem(bound).unwrap_or(0) {
                return (wide >> 64) as usize;
            }
        }
    }

    /// `count` different whole numbers below `n`, rising; all of them if there are fewer (Floyd's method).
    pub fn sample(&mut self, n: usize, count: usize) -> Vec<usize> {
        if count >= n {
            return (0..n).collect();
        }
        let mut chosen = vec![false; n];
        for upper in n - count..n {
            let candidate = self.below(upper + 1);
            let drawn = if chosen[candidate] { upper } else { candidate };
            chosen[drawn] = true;
        }
        (0..n).filter(|&at| chosen[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// xoshiro256++ written down a second time in its published step order.
    fn reference(state: &mut [u64; 4]) -> u64 {
        let result = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let t = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= t;
        state[3] = state[3].rotate_left(45);
        result
    }

    #[test]
    fn the_stream_is_the_published_one() {
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let mut twin = [1, 2, 3, 4];
        assert_eq!(rng.clone().next_u64(), 41_943_041);
        for _ in 0..1_000 {
            assert_eq!(rng.next_u64(), reference(&mut twin));
        }
    }

    #[test]
    fn samples_are_distinct_sorted_and_whole() {
        let mut rng = Rng::new(7);
        for count in [0, 1, 5, 99, 100, 200] {
            let sample = rng.sample(100, count);
            assert_eq!(sample.len(), count.min(100));
            assert!(sample.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert!((0..1_000).all(|_| rng.below(3) < 3 && rng.unit() < 1.0));
    }
}
