//! The shape of the screen as the reader wants it: one pane alone, and how much of the screen the list has.

/// The shape of the screen. It is kept from session to session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneLayout {
    /// The focused pane stands alone on the whole screen.
    pub zen: bool,
    /// What the list has of the screen beside the article, or above it, in thousandths; none: what the screen gives it.
    pub share: Option<u16>,
}

impl PaneLayout {
    /// The least and the most that the list may have: the other panes stay usable.
    pub const BOUNDS: (u16, u16) = (200, 800);
    /// How much wider a key makes the list.
    pub const STEP: u16 = 40;

    /// The same shape with another share for the list, within the bounds.
    pub fn shared(self, share: u16) -> PaneLayout {
        PaneLayout { share: Some(share.clamp(PaneLayout::BOUNDS.0, PaneLayout::BOUNDS.1)), ..self }
    }

    /// The shape to draw. `percent`: the share of the list by the settings, which counts unless the reader chose another.
    pub fn with_list_percent(self, percent: Option<u16>) -> PaneLayout {
        match percent.filter(|_| self.share.is_none()) {
            Some(percent) => self.shared(percent.saturating_mul(10)),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_settings_counts_until_the_reader_chooses_another() {
        let shape = PaneLayout::default();
        assert_eq!(shape.with_list_percent(None).share, None);
        assert_eq!(shape.with_list_percent(Some(45)).share, Some(450));
        assert_eq!(shape.with_list_percent(Some(99)).share, Some(800), "the other panes stay usable");
        assert_eq!(shape.shared(300).with_list_percent(Some(45)).share, Some(300));
    }
}
