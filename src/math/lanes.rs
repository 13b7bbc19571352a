//! Eight numbers at once, in 128-bit registers on every target: the same operations in the same order give the same bits
//! natively and in WebAssembly. No fused multiply-add, no relaxed instructions.

use std::ops::{Add, Mul, Sub};
use wide::{f32x8, f64x8};

/// Numbers in a register's worth of work.
pub const LANES: usize = 8;

/// A floating type and its eight-fold form.
pub trait Scalar: Copy + Default + PartialEq + PartialOrd + Into<f64> + std::fmt::Debug + 'static {
    /// Eight of them.
    type Lanes: Lanes<Self>;
    /// Centres whose running scores fit into registers together.
    const GROUP: usize;
    /// The nearest value of this type.
    fn narrow(value: f64) -> Self;
    /// Writes (value − center) × factor × unit for eight values after the other into every `stride`th place; lanes without a
    /// value become 0.
    fn fill(out: &mut [[Self; LANES]], stride: usize, values: &[f64], scale: (f64, f64, f64));
}

/// Eight numbers of a tile.
pub trait Lanes<T>: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// All eight equal.
    fn splat(value: T) -> Self;
    /// From memory.
    fn load(values: &[T; LANES]) -> Self;
    /// To memory.
    fn store(self) -> [T; LANES];
    /// `yes` where `self > other`, else `no`; a NaN gives `no`.
    fn where_above(self, other: Self, yes: Self, no: Self) -> Self;
    /// The larger of each two numbers, in one instruction; which of 0 and −0, and what of a NaN, is not promised.
    fn larger(self, other: Self) -> Self;
    /// The smaller of each two numbers, likewise.
    fn smaller(self, other: Self) -> Self;
    /// As 32-bit numbers.
    fn quick(self) -> f32x8;
    /// The square roots.
    fn sqrt(self) -> Self;
}

macro_rules! eight {
    ($scalar:ty, $lanes:ty, $group:literal, $quick:expr) => {
        impl Scalar for $scalar {
            type Lanes = $lanes;
            const GROUP: usize = $group;
            #[inline(always)]
            fn narrow(value: f64) -> $scalar {
                value as $scalar
            }
            fn fill(
                out: &mut [[$scalar; LANES]],
                stride: usize,
                values: &[f64],
                (center, factor, unit): (f64, f64, f64),
            ) {
                let (whole, rest) = values.as_chunks::<LANES>();
                let scaled = |value: f64| ((value - center) * factor * unit) as $scalar;
                let mut places = out.iter_mut().step_by(stride);
                for (values, place) in whole.iter().zip(places.by_ref()) {
                    *place = values.map(scaled);
                }
                if let Some(place) = places.next().filter(|_| !rest.is_empty()) {
                    *place = [0.0; LANES];
                    place.iter_mut().zip(rest).for_each(|(place, &value)| *place = scaled(value));
                }
            }
        }

        impl Lanes<$scalar> for $lanes {
            #[inline(always)]
            fn splat(value: $scalar) -> $lanes {
                <$lanes>::splat(value)
            }
            #[inline(always)]
            fn load(values: &[$scalar; LANES]) -> $lanes {
                <$lanes>::new(*values)
            }
            #[inline(always)]
            fn store(self) -> [$scalar; LANES] {
                self.to_array()
            }
            #[inline(always)]
            fn where_above(self, other: $lanes, yes: $lanes, no: $lanes) -> $lanes {
                self.simd_gt(other).bitselect(yes, no)
            }
            #[inline(always)]
            fn larger(self, other: $lanes) -> $lanes {
                self.fast_max(other)
            }
            #[inline(always)]
            fn smaller(self, other: $lanes) -> $lanes {
                self.fast_min(other)
            }
            #[inline(always)]
            fn quick(self) -> f32x8 {
                $quick(self)
            }
            #[inline(always)]
            fn sqrt(self) -> $lanes {
                <$lanes>::sqrt(self)
            }
        }
    };
}

eight!(f32, f32x8, 5, |lanes: f32x8| lanes);
eight!(f64, f64x8, 2, |lanes: f64x8| f32x8::new(lanes.to_array().map(|value| value as f32)));
