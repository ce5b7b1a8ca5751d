//! How long requests took, as percentiles.
//!
//! Times are counted in steps that grow with them: exact below 128 µs, and 64 steps to every doubling above. A percentile is
//! the middle of its step and so within 1/128, 0.8 %, of the time that a sorted list would show there.

use std::collections::BTreeMap;

const EXACT_BITS: u32 = 7;
const STEPS_BITS: u32 = 6;
/// What an entry takes of memory, with its share of the tree.
const ENTRY_BYTES: usize = 24;

/// A histogram that can be merged with another.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    steps: BTreeMap<u16, u64>,
}

impl Latencies {
    pub(super) fn insert(&mut self, latency_us: u32) {
        *self.steps.entry(step(latency_us)).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (step, count) in other.steps {
            *self.steps.entry(step).or_default() += count;
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.steps.len() * ENTRY_BYTES
    }

    /// The time that so many of a hundred requests did not exceed (nearest rank); 0 without any request.
    pub(super) fn percentile_us(&self, percent: u64) -> u32 {
        let total: u64 = self.steps.values().sum();
        let rank = (total * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (step, count) in &self.steps {
            seen += count;
            if seen >= rank {
                return middle_us(*step);
            }
        }
        0
    }
}

fn step(latency_us: u32) -> u16 {
    let number = if latency_us >> EXACT_BITS == 0 {
        latency_us
    } else {
        let octave = latency_us.ilog2();
        let within = (latency_us >> (octave - STEPS_BITS)) & ((1 << STEPS_BITS) - 1);
        (1 << EXACT_BITS) + ((octave - EXACT_BITS) << STEPS_BITS) + within
    };
    // At most 128 + 25 × 64.
    number as u16
}

fn middle_us(step: u16) -> u32 {
    let step = u32::from(step);
    if step >> EXACT_BITS == 0 {
        return step;
    }
    let above = step - (1 << EXACT_BITS);
    let shift = (above >> STEPS_BITS) + EXACT_BITS - STEPS_BITS;
    let lowest = ((1 << STEPS_BITS) + (above & ((1 << STEPS_BITS) - 1))) << shift;
    lowest + (1 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_within_eight_thousandths_of_its_step() {
        let mut latency = 0u32;
        while latency < u32::MAX - latency / 50 - 1 {
            let shown = f64::from(middle_us(step(latency)));
            assert!((shown - f64::from(latency)).abs() <= f64::from(latency) / 128.0, "{latency}: {shown}");
            latency += latency / 50 + 1;
        }
        assert!(f64::from(middle_us(step(u32::MAX))) > f64::from(u32::MAX) * 0.99);
    }

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile_us(50), 0);
        (1..=100).for_each(|latency| latencies.insert(latency));
        assert_eq!([50, 95, 99].map(|percent| latencies.percentile_us(percent)), [50, 95, 99]);
        latencies.insert(101);
        // Of 101 times, half are 50.5, so the 51st.
        assert_eq!(latencies.percentile_us(50), 51);
    }

    #[test]
    fn merging_is_the_same_as_counting_together() {
        let (mut left, mut right, mut whole) =
            (Latencies::default(), Latencies::default(), Latencies::default());
        for latency in (0..5_000).map(|n| n * n % 70_001) {
            if latency % 3 == 0 {
                left.insert(latency);
            } else {
                right.insert(latency);
            }
            whole.insert(latency);
        }
        left.merge(right);
        assert_eq!(left.steps, whole.steps);
    }
}
