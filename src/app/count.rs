//! The count before a command: the 5 of `5j`.

/// The number typed before a command. Without one, a command runs once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(Option<u32>);

impl Count {
    /// The largest count; larger ones are this one. No list and no article has more rows, and a product with a page cannot overflow.
    pub const MAX: u32 = 9_999_999;

    /// A count; 0 is none.
    pub fn of(number: u32) -> Count {
        Count((number > 0).then_some(number.min(Count::MAX)))
    }

    /// The number, if one was typed.
    pub fn typed(self) -> Option<usize> {
        self.0.and_then(|number| usize::try_from(number).ok())
    }

    /// How often the command runs, at least 1.
    pub fn times(self) -> usize {
        self.typed().unwrap_or(1)
    }

    /// The same, as a number of steps.
    pub fn steps(self) -> isize {
        isize::try_from(self.times()).unwrap_or(isize::MAX)
    }

    /// The count with another digit typed after it.
    pub fn with_digit(self, digit: u32) -> Count {
        Count::of(self.0.unwrap_or(0).saturating_mul(10).saturating_add(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_make_a_number_with_a_limit() {
        let typed = |digits: &[u32]| digits.iter().fold(Count::default(), |count, digit| count.with_digit(*digit));
        assert_eq!((typed(&[]).typed(), typed(&[]).times(), typed(&[]).steps()), (None, 1, 1));
        assert_eq!(typed(&[4, 0, 2]).typed(), Some(402));
        assert_eq!(typed(&[0]), Count::default());
        assert_eq!(typed(&[9; 7]).typed(), Some(9_999_999));
        assert_eq!(typed(&[1; 500]).typed(), Some(9_999_999), "and it stays there");
    }
}
