//! The pictures of the session: whether they are shown.

use crate::config::PictureDrawing;

/// How the session shows pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// What the settings say.
    setting: PictureDrawing,
    /// What the user has chosen since, until the setting changes.
    is_on: Option<bool>,
}

impl Pictures {
    /// Shows pictures as the settings say.
    pub fn new(setting: PictureDrawing) -> Pictures {
        Pictures { setting, is_on: None }
    }

    /// Takes a setting, which ends the choice of the user if it is another one.
    pub fn take_setting(&mut self, setting: PictureDrawing) {
        if setting != self.setting {
            *self = Pictures::new(setting);
        }
    }

    /// Shows pictures, or none.
    pub fn switch(&mut self, is_on: bool) {
        self.is_on = Some(is_on);
    }

    /// How pictures are drawn.
    pub fn drawing(&self) -> PictureDrawing {
        match self.is_on {
            Some(false) => PictureDrawing::Off,
            Some(true) if self.setting == PictureDrawing::Off => PictureDrawing::Auto,
            _ => self.setting,
        }
    }

    /// Whether pictures are shown.
    pub fn is_on(&self) -> bool {
        self.drawing() != PictureDrawing::Off
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_of_the_user_lasts_until_the_setting_changes() {
        let mut pictures = Pictures::new(PictureDrawing::Blocks);
        pictures.switch(false);
        assert_eq!(pictures.drawing(), PictureDrawing::Off);
        pictures.take_setting(PictureDrawing::Blocks);
        assert_eq!(pictures.drawing(), PictureDrawing::Off, "the same setting");
        pictures.switch(true);
        assert_eq!(pictures.drawing(), PictureDrawing::Blocks);
        pictures.take_setting(PictureDrawing::Off);
        assert!(!pictures.is_on());
        pictures.switch(true);
        assert_eq!(pictures.drawing(), PictureDrawing::Auto);
    }
}
