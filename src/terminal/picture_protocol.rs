//! The choice of a protocol for pictures, by what the terminal replies.

use super::multiplexer::Multiplexer;
use crate::picture::{Graphics, ScreenGraphics, Size};

/// What the terminal has replied about pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphicsReplies {
    /// It draws pictures by kitty's protocol.
    pub kitty: bool,
    /// Its name and version.
    pub name: Option<String>,
    /// It draws sixels.
    pub sixel: bool,
    /// The number of colours of a picture in sixels.
    pub sixel_colours: Option<u32>,
    /// The size of a cell in pixels.
    pub cell: Option<Size>,
}

/// What a protocol needs beside the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Nothing.
    Name,
    /// A version, at least this one.
    Version(u32, u32),
    /// The reply that it draws pictures by kitty's protocol.
    Kitty,
    /// The reply that it draws sixels.
    Sixel,
}

/// Terminals by the beginnings of their names, with what they need. The first row that fits decides. A terminal that is not here
/// draws by the protocol that it says to have.
// WezTerm, Konsole, Warp and iTerm2 reply that they have kitty's protocol, but draw placeholders wrongly or not at all.
const TERMINALS: [(&str, Needs, Graphics); 11] = [
    ("kitty(", Needs::Version(0, 28), Graphics::Placeholders),
    ("kitty(", Needs::Kitty, Graphics::Placed),
    ("ghostty", Needs::Kitty, Graphics::Placeholders),
    ("WezTerm", Needs::Name, Graphics::Iterm),
    ("iTerm2", Needs::Name, Graphics::Iterm),
    // Visual Studio Code, with its setting for pictures.
    ("xterm.js", Needs::Sixel, Graphics::Iterm),
    ("Konsole", Needs::Kitty, Graphics::Placed),
    ("foot", Needs::Sixel, Graphics::Sixel),
    ("XTerm", Needs::Sixel, Graphics::Sixel),
    // It draws sixels itself, since 3.4.
    ("tmux", Needs::Sixel, Graphics::Sixel),
    ("contour", Needs::Sixel, Graphics::Sixel),
];

/// Variables of terminals with placeholders that a multiplexer passes on, because it replies with its own name.
const WITH_PLACEHOLDERS: [&str; 2] = ["KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR"];

impl GraphicsReplies {
    /// How to draw, by the replies. `has_variable`: whether an environment variable is set.
    pub fn graphics(&self, has_variable: impl Fn(&str) -> bool) -> Graphics {
        let is_multiplexed = Multiplexer::of(&has_variable) != Multiplexer::None;
        let name = self.name.as_deref().unwrap_or_default();
        let has = |needs: Needs| match needs {
            Needs::Name => true,
            Needs::Version(major, minor) => self.kitty && version(name) >= Some((major, minor)),
            Needs::Kitty => self.kitty,
            Needs::Sixel => self.sixel,
        };
        let named = TERMINALS.iter().find(|(start, needs, _)| name.starts_with(start) && has(*needs));
        match named {
            Some((_, _, graphics)) => *graphics,
            // Only placeholders move with the text of a multiplexer.
            None if is_multiplexed && self.kitty && WITH_PLACEHOLDERS.iter().any(|name| has_variable(name)) => {
                Graphics::Placeholders
            }
            None if is_multiplexed => Graphics::Blocks,
            None if self.kitty => Graphics::Placed,
            None if self.sixel => Graphics::Sixel,
            None => Graphics::Blocks,
        }
    }

    /// How to draw by kitty's protocol, if the user wants it whatever the terminal replied.
    pub fn kitty_graphics(&self) -> Graphics {
        let name = self.name.as_deref().unwrap_or_default();
        let is_placed = |(start, needs, graphics): &(&str, Needs, Graphics)| {
            name.starts_with(start) && *needs == Needs::Kitty && *graphics == Graphics::Placed
        };
        let is_new = version(name) >= Some((0, 28));
        if TERMINALS.iter().any(is_placed) && !is_new { Graphics::Placed } else { Graphics::Placeholders }
    }

    /// The size of a cell: as the system says, else as the terminal replied, else the usual one.
    pub fn cell(&self, of_system: Option<Size>) -> Size {
        of_system.or(self.cell).unwrap_or(ScreenGraphics::USUAL_CELL)
    }
}

/// The first two numbers of a version in brackets: `kitty(0.32.2)`.
fn version(name: &str) -> Option<(u32, u32)> {
    let (_, version) = name.split_once('(')?;
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(name: &str, kitty: bool, sixel: bool) -> GraphicsReplies {
        let name = (!name.is_empty()).then(|| name.to_owned());
        GraphicsReplies { kitty, name, sixel, ..GraphicsReplies::default() }
    }

    #[test]
    fn a_terminal_draws_by_the_protocol_that_it_draws_well() {
        for (name, kitty, sixel, expected) in [
            ("kitty(0.28.0)", true, false, Graphics::Placeholders),
            ("kitty(1.0.0)", true, false, Graphics::Placeholders),
            ("kitty(0.26.5)", true, false, Graphics::Placed),
            ("kitty(nonsense)", true, false, Graphics::Placed),
            ("kitty(0.40.0)", false, false, Graphics::Blocks),
            ("ghostty 1.1.3", true, false, Graphics::Placeholders),
            ("WezTerm 20240203", true, true, Graphics::Iterm),
            ("iTerm2 3.5.0", true, true, Graphics::Iterm),
            ("xterm.js(5.5.0)", false, true, Graphics::Iterm),
            ("xterm.js(5.5.0)", false, false, Graphics::Blocks),
            ("Konsole 24.02", true, true, Graphics::Placed),
            ("Konsole 22.12", false, true, Graphics::Sixel),
            ("foot(1.13.1)", false, true, Graphics::Sixel),
            ("XTerm(379)", false, true, Graphics::Sixel),
            ("XTerm(379)", false, false, Graphics::Blocks),
            ("", true, true, Graphics::Placed),
            ("", false, true, Graphics::Sixel),
            ("", false, false, Graphics::Blocks),
        ] {
            assert_eq!(replies(name, kitty, sixel).graphics(|_| false), expected, "{name} {kitty} {sixel}");
        }
    }

    #[test]
    fn in_a_multiplexer_only_placeholders_and_its_own_sixels_are_drawn() {
        for (name, kitty, sixel, variables, expected) in [
            ("tmux 3.3a", true, false, &["TMUX", "KITTY_WINDOW_ID"][..], Graphics::Placeholders),
            ("tmux 3.3a", true, false, &["TMUX", "GHOSTTY_RESOURCES_DIR"], Graphics::Placeholders),
            ("tmux 3.3a", false, false, &["TMUX", "KITTY_WINDOW_ID"], Graphics::Blocks),
            // Another terminal, which replied through tmux.
            ("tmux 3.3a", true, false, &["TMUX"], Graphics::Blocks),
            ("tmux 3.4", false, true, &["TMUX"], Graphics::Sixel),
            ("", true, false, &["STY"], Graphics::Blocks),
            ("", false, true, &["STY"], Graphics::Blocks),
        ] {
            let has = |name: &str| variables.contains(&name);
            assert_eq!(replies(name, kitty, sixel).graphics(has), expected, "{name} {variables:?}");
        }
    }

    #[test]
    fn the_setting_for_kittys_protocol_holds_whatever_the_terminal_replied() {
        for (name, expected) in [
            ("kitty(0.26.5)", Graphics::Placed),
            ("kitty(0.36.1)", Graphics::Placeholders),
            ("Konsole 24.02", Graphics::Placed),
            ("tmux 3.3a", Graphics::Placeholders),
            ("", Graphics::Placeholders),
        ] {
            assert_eq!(replies(name, false, false).kitty_graphics(), expected, "{name}");
        }
    }

    #[test]
    fn the_size_of_a_cell_is_that_of_the_system_before_that_of_the_terminal() {
        let (small, large) = (Size::new(6, 13), Size::new(14, 30));
        let replied = GraphicsReplies { cell: Some(small), ..GraphicsReplies::default() };
        assert_eq!(replied.cell(Some(large)), large);
        assert_eq!(replied.cell(None), small);
        assert_eq!(GraphicsReplies::default().cell(None), ScreenGraphics::USUAL_CELL);
    }
}
