//! What was measured, round by round.

use std::collections::BTreeMap;

/// What was measured, of whom: `("creates", "leadkeep")`.
pub(super) type Key = (&'static str, &'static str);

/// The values of each series, one a round.
#[derive(Debug, Default)]
pub(super) struct Figures(BTreeMap<Key, Vec<f64>>);

/// The middle of some values, and how far they lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl Spread {
    /// Of at least one value.
    pub(super) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (lowest, highest) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            0 => f64::midpoint(values[middle - 1], values[middle]),
            _ => values[middle],
        };
        Some(Self {
            median,
            lowest,
            highest,
        })
    }
}

impl Figures {
    /// Adds the value of a round, and says so.
    pub(super) fn add(&mut self, (what, whom): Key, value: f64) {
        println!("  {what:<24} {whom:<16} {value:>12.1}");
        self.0.entry((what, whom)).or_default().push(value);
    }

    /// The values of a series.
    pub(super) fn values(&self, key: Key) -> &[f64] {
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The series of a measure, in no order that means anything.
    pub(super) fn of<'a>(
        &'a self,
        what: &'a str,
    ) -> impl Iterator<Item = (&'static str, Spread)> + 'a {
        self.0
            .iter()
            .filter(move |((own, _), _)| *own == what)
            .filter_map(|((_, whom), values)| Some((*whom, Spread::of(values.clone())?)))
    }

    /// The ratio of two series, round by round, so that what slows a whole round down does not count.
    pub(super) fn ratio(&self, of: Key, to: Key) -> Option<Spread> {
        let pairs = self.values(of).iter().zip(self.values(to));
        Spread::of(pairs.map(|(of, to)| of / to).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]);
        let expected = Spread {
            median: 2.5,
            lowest: 1.0,
            highest: 4.0,
        };
        assert_eq!(spread, Some(expected));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn ratios_pair_the_values_of_one_round() {
        let mut figures = Figures::default();
        for (own, other) in [(10.0, 5.0), (1.0, 1.0), (9.0, 3.0)] {
            figures.add(("rate", "a"), own);
            figures.add(("rate", "b"), other);
        }
        let ratio = figures.ratio(("rate", "a"), ("rate", "b"));
        assert_eq!(ratio.map(|ratio| ratio.median), Some(2.0));
        assert_eq!(figures.ratio(("rate", "a"), ("rate", "c")), None);
    }
}
