//! How many different visitors: exactly while they are few, by a sketch once they are many.
//!
//! Up to [`VISITORS_EXACT_MAX`] in a group every one of them is remembered. Beyond, a HyperLogLog sketch with 2^18 registers
//! takes over, whose standard error is 1.04 / 512 = 0.2 %, so that an error of 1 % is five of them away. Which of the two
//! answers depends on the visitors alone, not on how the rows happened to be cut up.

use crate::Uniques;

/// Visitors of one group that are counted exactly. Their table is at most 512 KiB then, which a core has close by.
pub const VISITORS_EXACT_MAX: usize = 40_000;

const PRECISION: u32 = 18;
const REGISTERS: usize = 1 << PRECISION;
/// Bits of a hash that are left for a register to count zeros in.
const REST: u32 = 64 - PRECISION;

/// A set of visitors that can be counted, and merged with another.
#[derive(Debug)]
pub(super) enum Visitors {
    /// Open addressing; 0 marks a free slot and is no visitor.
    Exact {
        slots: Vec<u64>,
        len: usize,
    },
    Sketch(Vec<u8>),
}

impl Default for Visitors {
    fn default() -> Self {
        Self::Exact { slots: Vec::new(), len: 0 }
    }
}

impl Visitors {
    /// Room for so many rows' visitors at once, where their number is known before.
    pub(super) fn reserve(&mut self, rows: usize) {
        if let Self::Exact { slots, len } = self {
            let wanted = (rows.min(VISITORS_EXACT_MAX) * 8 / 5 + 1).next_power_of_two();
            if *len == 0 && wanted > slots.len() {
                *slots = vec![0; wanted];
            }
        }
    }

    /// Adds one; 0 stands for whoever is not to be told apart, and is left out.
    #[inline]
    pub(super) fn insert(&mut self, visitor: u64) {
        match self {
            Self::Exact { slots, len } => {
                if visitor == 0 {
                    return;
                }
                if *len * 8 >= slots.len() * 5 {
                    grow(slots);
                }
                *len += usize::from(put(slots, visitor));
                if *len > VISITORS_EXACT_MAX {
                    self.become_sketch();
                }
            }
            Self::Sketch(registers) => note(registers, visitor),
        }
    }

    pub(super) fn insert_all(&mut self, visitors: impl Iterator<Item = u64>) {
        for visitor in visitors {
            self.insert(visitor);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        match other {
            Self::Exact { slots: theirs, len: their_len } => {
                let mut theirs = theirs;
                if let Self::Exact { slots, len } = self
                    && *len < their_len
                {
                    // The fewer go into the more.
                    std::mem::swap(slots, &mut theirs);
                    *len = their_len;
                }
                self.insert_all(theirs.into_iter().filter(|visitor| *visitor != 0));
            }
            Self::Sketch(theirs) => {
                self.become_sketch();
                if let Self::Sketch(ours) = self {
                    for (ours, theirs) in ours.iter_mut().zip(theirs) {
                        *ours = theirs.max(*ours);
                    }
                }
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Exact { slots, .. } => slots.len() * 8,
            Self::Sketch(registers) => registers.len(),
        }
    }

    pub(super) fn uniques(&self) -> Uniques {
        match self {
            Self::Exact { len, .. } => Uniques { count: *len as u64, is_estimate: false },
            Self::Sketch(registers) => Uniques { count: estimate(registers), is_estimate: true },
        }
    }

    fn become_sketch(&mut self) {
        if let Self::Exact { slots, .. } = self {
            let mut registers = vec![0; REGISTERS];
            for visitor in slots.iter().copied().filter(|visitor| *visitor != 0) {
                note(&mut registers, visitor);
            }
            *self = Self::Sketch(registers);
        }
    }
}

/// Whether it was new.
#[inline]
fn put(slots: &mut [u64], visitor: u64) -> bool {
    let mask = slots.len() - 1;
    // The upper half of a product depends on every bit below it (Fibonacci hashing, Knuth 6.4).
    let mut at = (visitor.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask;
    loop {
        match slots[at] {
            0 => {
                slots[at] = visitor;
                return true;
            }
            known if known == visitor => return false,
            _ => at = (at + 1) & mask,
        }
    }
}

fn grow(slots: &mut Vec<u64>) {
    let old = std::mem::take(slots);
    *slots = vec![0; (old.len() * 2).max(8)];
    for visitor in old.into_iter().filter(|visitor| *visitor != 0) {
        put(slots, visitor);
    }
}

/// Visitors need not be evenly spread, registers must be: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
#[inline]
fn mixed(visitor: u64) -> u64 {
    let hash = (visitor ^ (visitor >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[inline]
fn note(registers: &mut [u8], visitor: u64) {
    if visitor == 0 {
        return;
    }
    let hash = mixed(visitor);
    let rest = hash << PRECISION | 1 << (PRECISION - 1);
    let rank = rest.leading_zeros() as u8 + 1;
    let register = &mut registers[(hash >> REST) as usize];
    *register = rank.max(*register);
}

/// The improved raw estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017),
/// algorithm 6: no bias at any size, no tables.
fn estimate(registers: &[u8]) -> u64 {
    // Four at once: most registers are alike, and an addition waits for the one before it in the same place.
    let mut histograms = [[0u32; REST as usize + 2]; 4];
    for four in registers.chunks_exact(4) {
        for (histogram, register) in histograms.iter_mut().zip(four) {
            histogram[usize::from(*register)] += 1;
        }
    }
    let of = |rank: usize| f64::from(histograms.iter().map(|histogram| histogram[rank]).sum::<u32>());
    let m = REGISTERS as f64;
    let last = REST as usize + 1;
    let mut z = m * tau(1.0 - of(last) / m);
    for rank in (1..last).rev() {
        z = 0.5 * (z + of(rank));
    }
    z += m * sigma(of(0) / m);
    (m * m / (2.0 * std::f64::consts::LN_2 * z)).round() as u64
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(visitors: impl Iterator<Item = u64>) -> Visitors {
        let mut set = Visitors::default();
        set.insert_all(visitors);
        set
    }

    #[test]
    fn up_to_the_bound_visitors_are_counted_exactly_and_one_more_is_an_estimate() {
        let bound = VISITORS_EXACT_MAX as u64;
        let exact = of((1..=bound).chain(1..=bound).chain([0]));
        assert_eq!(exact.uniques(), Uniques { count: bound, is_estimate: false });
        assert!(of(1..=bound + 1).uniques().is_estimate);
    }

    #[test]
    fn a_sketch_is_within_one_percent_from_its_first_visitor_to_ten_million() {
        // Evenly spaced visitors, as unlike random ones as they come; and each size with other ones.
        for (step, count) in [
            (1, 40_001),
            (5, 110_000),
            (3, 262_144),
            (7, 655_360),
            (11, 1_300_000),
            (2_654_435_761, 10_000_000),
        ] {
            let found = of((1..=count).map(|n: u64| n.wrapping_mul(step))).uniques();
            let error = (found.count as f64 - count as f64).abs() / count as f64;
            assert!(found.is_estimate && error < 0.01, "{count}: {} is off by {error}", found.count);
        }
    }

    #[test]
    fn the_same_visitors_give_the_same_number_however_they_were_cut_up() {
        for count in [10, 39_999, 40_000, 40_001, 400_000] {
            let whole = of(1..=count).uniques();
            let (mut left, right) = (of(1..=count / 2 + 1), of(count / 2..=count));
            left.merge(right);
            assert_eq!(left.uniques(), whole, "{count} in two halves");
            let mut many = Visitors::default();
            for start in 0..7 {
                many.merge(of((1..=count).filter(|n| n % 7 == start)));
            }
            assert_eq!(many.uniques(), whole, "{count} in seven parts");
        }
    }

    #[test]
    fn nobody_to_be_told_apart_is_nobody() {
        assert_eq!(of([0, 0, 0].into_iter()).uniques(), Uniques { count: 0, is_estimate: false });
    }
}
