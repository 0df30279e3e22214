//! The progress bar of a job: 10 cells, and the percentage.

/// Cells of the bar.
pub const CELLS: usize = 10;
/// A cell of the part that is done.
pub const FULL: &str = "█";
/// A cell of the part that is left.
pub const REST: &str = "░";

/// The bar for `done` of `all`, rounded down: it is full only when everything is done.
pub fn bar(done: usize, all: usize) -> String {
    // `u128`, because another process may report any 64-bit number as its total.
    let full = (done.min(all) as u128 * CELLS as u128 / all.max(1) as u128) as usize;
    FULL.repeat(full) + &REST.repeat(CELLS - full)
}

/// `done` in percent of `all`, rounded down.
pub fn percent(done: usize, all: usize) -> usize {
    (done.min(all) as u128 * 100 / all.max(1) as u128) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_ten_cells_and_round_down() {
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
