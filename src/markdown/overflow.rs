//! What happens to lines of code and to tables that are wider than the page.

/// How lines of code and tables that are wider than the page are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// Lines of code are wrapped; a table becomes a list of its cells.
    #[default]
    Wrap,
    /// They stay as wide as they are, and their blocks can scroll sideways.
    Sideways,
}
