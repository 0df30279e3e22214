//! How the screen draws pictures.

use super::pixels::Size;

/// How the screen draws pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Graphics {
    /// As coloured cells that show two pixels each.
    #[default]
    Blocks,
    /// As cells that refer to a picture in the memory of the terminal: placeholders of kitty's graphics protocol.
    Placeholders,
    /// By kitty's graphics protocol at a place of the screen, without placeholders.
    Placed,
    /// As sixels, a format of terminals since the VT240.
    Sixel,
    /// As files, by the protocol of iTerm2.
    Iterm,
}

/// How the screen draws pictures, and the size of its cells in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenGraphics {
    /// How it draws them.
    pub graphics: Graphics,
    /// The size of a cell in pixels.
    pub cell: Size,
}

impl ScreenGraphics {
    /// The size of a cell where the terminal does not say it.
    pub const USUAL_CELL: Size = Size::new(10, 20);
}

impl Default for ScreenGraphics {
    fn default() -> ScreenGraphics {
        ScreenGraphics { graphics: Graphics::default(), cell: ScreenGraphics::USUAL_CELL }
    }
}
