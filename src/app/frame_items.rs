//! Items that a frame showed: a list without allocation, because what a frame showed is copied.

/// At most `N` items, in the order in which they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameItems<T, const N: usize> {
    items: [T; N],
    count: usize,
}

impl<T: Copy + Default, const N: usize> Default for FrameItems<T, N> {
    fn default() -> FrameItems<T, N> {
        FrameItems { items: [T::default(); N], count: 0 }
    }
}

impl<T, const N: usize> FrameItems<T, N> {
    /// Adds an item; after `N` items, none.
    pub fn push(&mut self, item: T) {
        if let Some(place) = self.items.get_mut(self.count) {
            *place = item;
            self.count += 1;
        }
    }

    /// The items, in the order in which they were added.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.items.get(..self.count).unwrap_or_default().iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_beyond_the_limit_are_left_out() {
        let mut items = FrameItems::<u8, 2>::default();
        assert_eq!(items.iter().count(), 0);
        (1..5).for_each(|item| items.push(item));
        assert_eq!(items.iter().copied().collect::<Vec<u8>>(), [1, 2]);
    }
}
