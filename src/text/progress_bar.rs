//! A gauge: how far long work is, as a bar of a few cells.

/// Cells of the bar.
pub const CELLS: usize = 10;
/// A cell of what is done.
pub const FULL: &str = "█";
/// A cell of what is left.
pub const REST: &str = "░";

/// The bar of so much that is done, of so much. It is full only when all is.
pub fn bar(done: usize, all: usize) -> String {
    let full = (done.min(all) as u128 * CELLS as u128 / all.max(1) as u128) as usize;
    FULL.repeat(full) + &REST.repeat(CELLS - full)
}

/// What is done in hundredths.
pub fn percent(done: usize, all: usize) -> usize {
    (done.min(all) as u128 * 100 / all.max(1) as u128) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_as_many_cells_whatever_it_shows() {
        for (done, all, drawn, hundredths) in [
            (0, 0, "░░░░░░░░░░", 0),
            (0, 100, "░░░░░░░░░░", 0),
            (9, 100, "░░░░░░░░░░", 9),
            (10, 100, "█░░░░░░░░░", 10),
            (999, 1000, "█████████░", 99),
            (100, 100, "██████████", 100),
            (usize::MAX, 7, "██████████", 100),
            (usize::MAX - 1, usize::MAX, "█████████░", 99),
        ] {
            assert_eq!((bar(done, all).as_str(), percent(done, all)), (drawn, hundredths), "{done} of {all}");
        }
    }
}
