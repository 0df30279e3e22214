//! Captions of pictures: a line with words, size, number of the link, and what can be done with the picture.

use ratatui::style::Style;

use super::hyperlinks::{self, LinkSource};
use super::picture_room::PictureRoom;
use super::wrap::Piece;
use crate::config::SymbolSet;
use crate::feed::clean::{self, SafeText};
use crate::feed::picture_facts::{KnownPictures, PictureFacts, PictureState};

/// How captions are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaptionForm {
    /// `▣ A boat · 640 × 480 · [3]`
    Sign,
    /// `[image: A boat, 640 x 480] [3]`
    #[default]
    Words,
}

impl CaptionForm {
    /// The form for a screen with these symbols.
    pub fn of(symbols: SymbolSet) -> CaptionForm {
        if symbols == SymbolSet::Unicode { CaptionForm::Sign } else { CaptionForm::Words }
    }
}

/// What captions of the pictures of an article depend on.
#[derive(Clone, Copy, Debug)]
pub struct Captions<'a> {
    /// What is known of the pictures.
    pub known: &'a KnownPictures,
    /// The room of a picture, if the terminal draws it above its caption.
    pub room: Option<PictureRoom>,
    /// The key that shows a picture; empty if none does.
    pub key: &'a str,
    /// Whether the key fetches pictures from other computers.
    pub fetches: bool,
}

impl Default for Captions<'_> {
    /// For pictures that no key shows.
    fn default() -> Self {
        Captions { known: KnownPictures::none(), room: None, key: "", fetches: false }
    }
}

/// What a caption says.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// Its words; may be empty.
    pub words: &'a SafeText,
    /// The path or address of the picture, as written.
    pub written: &'a SafeText,
    /// What is known of the picture.
    pub facts: &'a PictureFacts,
    /// The numbers of its links, each with its style.
    pub numbers: &'a [(usize, Style)],
    /// The picture is drawn above it.
    pub is_drawn: bool,
}

impl Captions<'_> {
    /// The pieces of a caption. The first of its numbers is that of the picture, which a click on its words shows.
    pub fn pieces(&self, caption: Caption, form: CaptionForm, style: Style) -> Vec<Piece> {
        let state = self.state(&caption);
        let size = caption.facts.size;
        let first = caption.numbers.first().filter(|_| !self.key.is_empty());
        let style = first.map_or(style, |(number, _)| hyperlinks::tag(style, LinkSource::Picture, *number));
        let own = |text: String| Piece { text: clean::run(&text), style };
        let number = |&(number, style): &(usize, Style)| {
            let between = if form == CaptionForm::Sign { " · " } else { " " };
            [own(between.to_owned()), Piece { text: clean::run(&format!("[{number}]")), style }]
        };
        let numbers = caption.numbers.iter().flat_map(number);
        let words = caption.words.as_str();
        match form {
            CaptionForm::Sign => {
                let size = size.map(|size| format!("{} × {}", size.width, size.height));
                let facts: Vec<String> =
                    [Some(words.to_owned()), size].into_iter().flatten().filter(|words| !words.is_empty()).collect();
                let state = state.map(|state| own(format!(" · {state}")));
                std::iter::once(own(format!("{} {}", super::signs::PICTURE.sign, facts.join(" · "))))
                    .chain(numbers)
                    .chain(state)
                    .collect()
            }
            CaptionForm::Words => {
                let size = size.map(|size| format!("{} x {}", size.width, size.height));
                let facts: Vec<String> = [Some(words.to_owned()), size, state]
                    .into_iter()
                    .flatten()
                    .filter(|words| !words.is_empty())
                    .collect();
                let colon = if facts.is_empty() { "" } else { ": " };
                std::iter::once(own(format!("[image{colon}{}]", facts.join(", ")))).chain(numbers).collect()
            }
        }
    }

    /// What can be done with a picture, or why nothing can. `None` while that is not known.
    fn state(&self, caption: &Caption) -> Option<String> {
        let by_key = |verb: &str| (!self.key.is_empty()).then(|| format!("{} {verb} it", self.key));
        match &caption.facts.state {
            PictureState::Unknown => None,
            PictureState::Readable => by_key("shows").filter(|_| !caption.is_drawn),
            PictureState::Remote => by_key("fetches").filter(|_| self.fetches),
            PictureState::NotFound => Some(format!("not found: {}", caption.written)),
            PictureState::Failed(why) => Some(why.to_string()),
        }
    }
}
