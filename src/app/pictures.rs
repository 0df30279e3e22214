//! The pictures of the session: whether they are shown, and where those are that were fetched.

use std::path::PathBuf;

use crate::config::{PictureDrawing, RemotePictures};

/// How the session shows pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// What the settings say.
    setting: PictureDrawing,
    /// What the user has chosen since, until the setting changes.
    is_on: Option<bool>,
    /// The folder of fetched pictures.
    cache: Option<PathBuf>,
}

impl Pictures {
    /// Shows pictures as the settings say; `cache` is the folder of fetched ones.
    pub fn new(setting: PictureDrawing, cache: Option<PathBuf>) -> Pictures {
        Pictures { setting, is_on: None, cache }
    }

    /// Takes a setting, which ends the choice of the user if it is another one.
    pub fn take_setting(&mut self, setting: PictureDrawing) {
        if setting != self.setting {
            (self.setting, self.is_on) = (setting, None);
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

    /// The folder of fetched pictures, if there is a place for them.
    pub fn cache(&self) -> Option<&PathBuf> {
        self.cache.as_ref()
    }

    /// Whether the key that shows pictures fetches those on other computers, with this setting.
    pub fn can_fetch(remote: &RemotePictures) -> bool {
        cfg!(all(feature = "sync", feature = "pictures")) && *remote != RemotePictures::Never
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
        let mut pictures = Pictures::new(PictureDrawing::Blocks, None);
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
