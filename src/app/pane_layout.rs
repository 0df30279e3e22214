//! The layout that the user chose: one pane alone (zen), the navigation pane, and the list's share of the screen.

use crate::config::NavigationSetting;

/// The layout of the panes. The bookmark keeps it from session to session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneLayout {
    /// Zen: only the focused pane is shown.
    pub zen: bool,
    /// The share of the screen that the list has beside the article or above it, in thousandths. `None`: the default for the
    /// size of the screen.
    pub share: Option<u16>,
    /// Whether the navigation pane is on. `None`: the width of the screen decides.
    pub navigation: Option<bool>,
}

impl PaneLayout {
    /// Minimum and maximum share of the list, in thousandths: all panes stay usable.
    pub const BOUNDS: (u16, u16) = (200, 800);
    /// How much a key changes the share, in thousandths.
    pub const STEP: i16 = 40;

    /// The layout with another share for the list, limited to [`PaneLayout::BOUNDS`].
    pub fn with_share(self, share: u16) -> PaneLayout {
        PaneLayout { share: Some(share.clamp(PaneLayout::BOUNDS.0, PaneLayout::BOUNDS.1)), ..self }
    }

    /// From this many columns on, the navigation pane is on without a choice of the user.
    pub const NAVIGATION_COLUMNS: u16 = 140;

    /// Whether the navigation pane is on at a width of the screen.
    pub fn has_navigation(self, columns: u16) -> bool {
        !self.zen && self.navigation.unwrap_or(columns >= PaneLayout::NAVIGATION_COLUMNS)
    }

    /// The layout to draw. The setting applies unless the user has switched the navigation pane on or off.
    pub fn with_navigation(self, setting: NavigationSetting) -> PaneLayout {
        PaneLayout { navigation: self.navigation.or(setting.choice()), ..self }
    }

    /// The layout to draw. `percent` is the share of the list from the settings; it applies unless the user chose another.
    pub fn with_list_percent(self, percent: Option<u16>) -> PaneLayout {
        match percent.filter(|_| self.share.is_none()) {
            Some(percent) => self.with_share(percent.saturating_mul(10)),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_settings_applies_until_the_user_chooses_another() {
        let layout = PaneLayout::default();
        assert_eq!(layout.with_list_percent(None).share, None);
        assert_eq!(layout.with_list_percent(Some(45)).share, Some(450));
        assert_eq!(layout.with_list_percent(Some(99)).share, Some(800), "the other panes stay usable");
        assert_eq!(layout.with_share(300).with_list_percent(Some(45)).share, Some(300));
    }
}
