//! The kinds of figure: each knows the changes behind it.

use serde::Serialize;

/// How many changes, and which.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many.
    pub value: usize,
    /// Their numbers, in order.
    pub of: Vec<String>,
}

impl Count {
    pub(crate) fn new(of: impl IntoIterator<Item = String>) -> Self {
        let of: Vec<_> = of.into_iter().collect();
        Self { value: of.len(), of }
    }
}

/// A share of changes in others, and which they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Share {
    /// The share, `0.0..=1.0`; none where nothing could have a share.
    pub value: Option<f64>,
    /// The numbers of the changes that are counted, in order.
    pub part: Vec<String>,
    /// The numbers of all that they are a share of, in order.
    pub whole: Vec<String>,
}

impl Share {
    pub(crate) fn new(
        part: impl IntoIterator<Item = String>,
        whole: impl IntoIterator<Item = String>,
    ) -> Self {
        let (part, whole): (Vec<_>, Vec<_>) = (part.into_iter().collect(), whole.into_iter().collect());
        let value = (!whole.is_empty()).then(|| number(part.len()) / number(whole.len()));
        Self { value, part, whole }
    }

    /// Whether both are the same share exactly, or which is smaller; none where one of them is no share.
    pub fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        if self.whole.is_empty() || other.whole.is_empty() {
            return None;
        }
        let ours = self.part.len().saturating_mul(other.whole.len());
        let theirs = other.part.len().saturating_mul(self.whole.len());
        Some(ours.cmp(&theirs))
    }
}

/// How long one change took.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Timed {
    /// Whole minutes.
    pub minutes: u32,
    /// The change.
    pub sp_no: String,
}

/// How long changes took.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Times {
    /// The median in minutes; between two middle ones their mean.
    pub median: Option<f64>,
    /// The smallest number of minutes that nine in ten did not exceed.
    pub p90: Option<u32>,
    /// Each of them, the shortest first.
    pub of: Vec<Timed>,
}

impl Times {
    pub(crate) fn new(mut of: Vec<Timed>) -> Self {
        of.sort();
        let minutes = |place: usize| of.get(place).map(|timed| timed.minutes);
        let upper = minutes(of.len() / 2);
        let lower = minutes(of.len().saturating_sub(1) / 2);
        let median = lower
            .zip(upper)
            .map(|(lower, upper)| f64::midpoint(f64::from(lower), f64::from(upper)));
        let p90 = minutes((of.len() * 9).div_ceil(10).saturating_sub(1));
        Self { median, p90, of }
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(minutes: &[u32]) -> Times {
        Times::new(
            minutes
                .iter()
                .map(|&minutes| Timed {
                    minutes,
                    sp_no: String::new(),
                })
                .collect(),
        )
    }

    #[test]
    fn median_and_ninth_tenth_are_those_of_the_textbook() {
        for (minutes, median, p90) in [
            (&[][..], None, None),
            (&[7], Some(7.0), Some(7)),
            (&[9, 4], Some(6.5), Some(9)),
            (&[3, 1, 2], Some(2.0), Some(3)),
            (&[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], Some(55.0), Some(90)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Some(6.0), Some(10)),
            (&[u32::MAX, u32::MAX], Some(f64::from(u32::MAX)), Some(u32::MAX)),
        ] {
            let times = times(minutes);
            assert_eq!((times.median, times.p90), (median, p90), "{minutes:?}");
        }
    }

    #[test]
    fn a_share_of_nothing_is_no_share() {
        let none = Share::new([], []);
        assert_eq!(none.value, None);
        assert_eq!(none.compare(&Share::new([], ["1".to_owned()])), None);
    }
}
