//! What is known of the pictures of an article, for their captions: size, and whether they can be shown.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::clean::SafeText;
use super::link::Link;
use crate::picture::Size;

/// What is known of a picture beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PictureState {
    /// Nothing yet, or it is neither a file nor an address.
    #[default]
    Unknown,
    /// Its file can be shown.
    Readable,
    /// It is on another computer, from which it can be fetched, and it was not fetched.
    Remote,
    /// The library has no such file.
    NotFound,
    /// It cannot be shown, and why.
    Failed(SafeText),
}

/// What is known of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureFacts {
    /// Width and height in pixels, as it is shown.
    pub size: Option<Size>,
    /// Whether it can be shown.
    pub state: PictureState,
}

/// What is known of the pictures of an article, by their links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPictures(HashMap<Box<str>, PictureFacts>);

impl KnownPictures {
    /// Nothing is known of any picture.
    pub fn none() -> &'static KnownPictures {
        static NONE: LazyLock<KnownPictures> = LazyLock::new(KnownPictures::default);
        &NONE
    }

    /// Notes what is known of a picture.
    pub fn insert(&mut self, link: &Link, facts: PictureFacts) {
        self.0.insert(link.shown().as_str().into(), facts);
    }

    /// What is known of a picture. Without anything else, its link says whether it can be fetched from another
    /// computer: only by https.
    pub fn of(&self, link: &Link) -> PictureFacts {
        let known = self.0.get(link.shown().as_str()).cloned();
        known.unwrap_or_else(|| {
            let is_remote = link.address().is_some_and(|address| address.as_str().starts_with("https:"));
            let state = if is_remote { PictureState::Remote } else { PictureState::Unknown };
            PictureFacts { size: None, state }
        })
    }

    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_link_and_else_by_where_it_is() {
        let (file, web) = (Link::read("img/boat.png"), Link::read("https://example.org/boat.png"));
        let mut known = KnownPictures::default();
        assert_eq!([known.of(&file).state, known.of(&web).state], [PictureState::Unknown, PictureState::Remote]);
        let facts = PictureFacts { size: Some(Size::new(3, 4)), state: PictureState::Readable };
        known.insert(&file, facts.clone());
        assert_eq!((known.of(&file), known.of(&web).size), (facts, None));
    }
}
