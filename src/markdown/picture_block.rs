//! The pictures in the text of a block, until it is known whether the text has anything else.

use std::ops::Range;

use ratatui::style::Style;

use crate::feed::Link;
use crate::feed::article_pictures;
use crate::feed::clean::{self, SafeText};
use crate::text::Captions;

/// Parts of the addresses of pictures that only show a word, such as "passing".
const BADGES: [&str; 3] = ["img.shields.io", "badge", "travis-ci."];

/// A picture of the text.
pub struct TextPicture {
    /// Where it is.
    pub link: Link,
    /// The bytes of the source.
    pub source: Range<usize>,
    /// The numbers of its link and of the links around it, with their styles.
    pub numbers: Vec<(usize, Style)>,
    written: String,
    title: SafeText,
    alt: String,
}

impl TextPicture {
    /// Its title, else the text in place of it, else the name of its file.
    pub fn words(&self) -> SafeText {
        if self.title.is_empty() { article_pictures::words(&self.alt, &self.written) } else { self.title.clone() }
    }

    fn is_badge(&self) -> bool {
        BADGES.iter().any(|badge| self.written.contains(badge))
    }
}

/// The pictures in the text of a block.
pub struct TextPictures<'a> {
    /// What their captions depend on.
    pub captions: Captions<'a>,
    found: Vec<TextPicture>,
    /// The text in place of the last one is not complete.
    is_open: bool,
    /// A picture is open that has no text in its place so far.
    awaits_words: bool,
}

impl<'a> TextPictures<'a> {
    /// The beginning of a body.
    pub fn new(captions: Captions<'a>) -> TextPictures<'a> {
        TextPictures { captions, found: Vec::new(), is_open: false, awaits_words: false }
    }

    /// True once after a picture began: the text in place of it begins.
    pub fn begin_words(&mut self) -> bool {
        std::mem::take(&mut self.awaits_words)
    }

    /// A picture begins.
    pub fn begin(&mut self, written: &str, title: &str, source: Range<usize>) {
        let (link, title) = (Link::read(written), clean::plain_line(title));
        let (written, alt) = (written.to_owned(), String::new());
        self.found.push(TextPicture { link, source, numbers: Vec::new(), written, title, alt });
        (self.is_open, self.awaits_words) = (true, true);
    }

    /// Text of the block, which may be in place of a picture.
    pub fn push_text(&mut self, text: &str) {
        if let Some(last) = self.found.last_mut().filter(|_| self.is_open) {
            last.alt.push_str(text);
        }
    }

    /// The picture ends.
    pub fn end(&mut self) {
        (self.is_open, self.awaits_words) = (false, false);
    }

    /// A link of the last picture, or one around it, has ended, which has this number.
    pub fn add_number(&mut self, number: usize, style: Style) {
        if let Some(last) = self.found.last_mut() {
            last.numbers.push((number, style));
        }
    }

    /// Takes the pictures of a block that has nothing else. None if they are words of a text.
    pub fn take_alone(&mut self, is_alone: bool) -> Vec<TextPicture> {
        let found = std::mem::take(&mut self.found);
        if is_alone && !found.iter().any(TextPicture::is_badge) { found } else { Vec::new() }
    }
}
