//! Repeatable chance for the demonstration: the same seed, the same year.
//!
//! SplitMix64 (Steele, Lea and Flood, 2014): fast, and good enough to look natural. Nothing secret is drawn from it.

/// A stream of numbers that its seed decides.
pub(super) struct Dice(u64);

impl Dice {
    /// Streams of one seed with other names do not move each other.
    pub(super) fn new(seed: u64, name: u64) -> Self {
        let mut dice = Self(seed ^ name.wrapping_mul(0xd134_2543_de82_ef95));
        dice.next();
        dice
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From 0 up to, and without, 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 up to, and without, `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Around 0, by a standard deviation of 1: the sum of twelve.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    pub(super) fn pick<'a, T>(&mut self, among: &'a Weighted<T>) -> &'a T {
        let at = self.unit() * among.total;
        let place = among.items.partition_point(|(until, _)| *until <= at);
        &among.items[place.min(among.items.len() - 1)].1
    }
}

/// Things that are drawn as often as they weigh.
pub(super) struct Weighted<T> {
    /// Each with the sum of the weights up to and with its own.
    items: Vec<(f64, T)>,
    total: f64,
}

impl<T> Weighted<T> {
    /// At least one thing, each with its weight.
    pub(super) fn new(weighed: impl IntoIterator<Item = (f64, T)>) -> Self {
        let mut total = 0.0;
        let items: Vec<(f64, T)> = weighed
            .into_iter()
            .map(|(weight, item)| {
                total += weight;
                (total, item)
            })
            .collect();
        Self { items, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_name_decide_every_number() {
        let first = |seed, name| Dice::new(seed, name).next();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }

    #[test]
    fn things_are_drawn_as_often_as_they_weigh() {
        let (weighted, mut dice) = (Weighted::new([(1.0, 'a'), (0.0, 'b'), (3.0, 'c')]), Dice::new(7, 0));
        let drawn: String = (0..40_000).map(|_| *dice.pick(&weighted)).collect();
        let share = |letter| drawn.matches(letter).count() as f64 / 40_000.0;
        assert!((share('a') - 0.25).abs() < 0.01, "{}", share('a'));
        assert_eq!(share('b'), 0.0);
        assert!((0..1_000).all(|_| dice.below(3) < 3 && (0.0..1.0).contains(&dice.unit())));
    }
}
