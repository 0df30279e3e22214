//! Text folding: reduces texts to the form in which they are compared. It removes case, diacritics and ligatures, and unifies
//! blanks, quotes and dashes, so that typing plain letters finds all spellings.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

use crate::feed::clean;

/// Folds a text to one line without blanks at its ends. Folding is idempotent.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded text to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    let mut writer = FoldWriter { start: out.len(), out, blank: false };
    let mut rest = text;
    while !rest.is_empty() {
        // An accent after an ASCII letter is in another run than its letter. That is safe: it is dropped in either case.
        let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        for byte in rest.as_bytes()[..ascii].iter() {
            writer.ascii(*byte);
        }
        rest = &rest[ascii..];
        let other = rest.bytes().position(|byte| byte.is_ascii()).unwrap_or(rest.len());
        writer.run(&rest[..other]);
        rest = &rest[other..];
    }
}

/// A folded text with the origin of each byte.
pub struct FoldedText {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`: start and end, in bytes, of the grapheme cluster of the original that it was folded from.
    from: Vec<(u32, u32)>,
}

impl FoldedText {
    /// Folds a text, one grapheme cluster at a time.
    pub fn new(original: &str) -> FoldedText {
        let text = String::with_capacity(original.len());
        let mut folded = FoldedText { text, from: Vec::with_capacity(original.len()) };
        let (mut at, mut folded_cluster) = (0, String::new());
        while let Some(rest) = original.get(at..).filter(|rest| !rest.is_empty()) {
            // An ASCII character before another one is a cluster: this fast path covers most of most texts.
            let end = match rest.as_bytes() {
                [byte] | [byte, 0..=0x7f, ..] if byte.is_ascii() => {
                    ascii(*byte).into_iter().for_each(|c| folded.add(c, at, at + 1));
                    at + 1
                }
                _ => {
                    let cluster = rest.graphemes(true).next().unwrap_or(rest);
                    folded_cluster.clear();
                    // `fold_into` drops blanks at the ends of a text, and here the cluster is the whole text.
                    match cluster.chars().all(is_blank) {
                        true => folded_cluster.push(' '),
                        false => fold_into(cluster, &mut folded_cluster),
                    }
                    folded_cluster.chars().for_each(|c| folded.add(c, at, at + cluster.len()));
                    at + cluster.len()
                }
            };
            at = end;
        }
        folded.text.truncate(folded.text.trim_end().len());
        folded.from.truncate(folded.text.len());
        folded
    }

    /// Appends a folded character, unless it is a blank at the start or after another blank.
    fn add(&mut self, c: char, start: usize, end: usize) {
        if c != ' ' || !(self.text.is_empty() || self.text.ends_with(' ')) {
            self.text.push(c);
            self.from.resize(self.text.len(), (start as u32, end as u32));
        }
    }

    /// The byte range of the original from which `start..end` of the folded text was made.
    pub fn original(&self, start: usize, end: usize) -> Option<std::ops::Range<usize>> {
        let from = self.from.get(start)?.0 as usize;
        let to = self.from.get(end.checked_sub(1)?)?.1 as usize;
        Some(from..to)
    }
}

/// An ASCII character folded; `None` for control characters.
fn ascii(byte: u8) -> Option<char> {
    match byte {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => Some(' '),
        0..=0x1f | 0x7f => None,
        // Double quotes delimit phrases in queries, so folded text never contains them.
        b'"' => Some('\''),
        _ => Some(char::from(byte.to_ascii_lowercase())),
    }
}

/// Writes folded characters. A blank is written only when something follows it, so the text does not end with one.
struct FoldWriter<'a> {
    start: usize,
    out: &'a mut String,
    blank: bool,
}

impl FoldWriter<'_> {
    fn ascii(&mut self, byte: u8) {
        match ascii(byte) {
            Some(' ') => self.blank = true,
            Some(c) => self.write(c),
            None => {}
        }
    }

    fn write(&mut self, c: char) {
        if std::mem::take(&mut self.blank) && self.out.len() > self.start {
            self.out.push(' ');
        }
        self.out.push(c);
    }

    /// Folds a run without ASCII. Combining marks that are not diacritics stay composed with their letter.
    fn run(&mut self, run: &str) {
        // Remove invisible characters first: between a letter and its mark they would prevent composition.
        if run.contains(clean::is_hidden) {
            return self.run(&run.replace(clean::is_hidden, ""));
        }
        if is_nfc_quick(run.chars()) == IsNormalized::Yes {
            run.chars().for_each(|c| self.letter(c));
        } else {
            run.nfc().for_each(|c| self.letter(c));
        }
    }

    fn letter(&mut self, c: char) {
        if is_diacritic(c) {
            return;
        }
        // 18 characters is the longest compatibility decomposition in Unicode (U+FDFA).
        let (mut keeps, mut length, mut parts) = (false, 0, ['\0'; 18]);
        decompose_compatible(c, |part| {
            // Letters with marks that are not diacritics stay composed, and so do Hangul syllables, which would decompose into
            // jamo.
            keeps |= is_combining_mark(part) && !is_diacritic(part) || matches!(part, '\u{1100}'..='\u{11ff}');
            if let Some(slot) = parts.get_mut(length) {
                *slot = part;
            }
            length += 1;
        });
        let composed = [c];
        let parts = if keeps { &composed[..] } else { parts.get(..length).unwrap_or(&composed) };
        for part in parts.iter().filter(|part| !is_diacritic(**part)) {
            part.to_lowercase().for_each(|lower| self.lower(lower));
        }
    }

    fn lower(&mut self, c: char) {
        match c {
            c if c.is_ascii() => self.ascii(c as u8),
            c if is_diacritic(c) => {}
            c if is_blank(c) => self.blank = true,
            c if clean::is_hidden(c) => {}
            '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '«' | '»' | '′' | '″' => {
                self.write('\'')
            }
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => self.write('-'),
            // Final sigma is the same letter.
            'ς' => self.write('σ'),
            c => match ascii_spelling(c) {
                Some(letters) => letters.chars().for_each(|letter| self.write(letter)),
                None => self.write(c),
            },
        }
    }
}

/// ASCII spelling of Latin letters that have no decomposition in Unicode, as in passports, web addresses and file names.
fn ascii_spelling(c: char) -> Option<&'static str> {
    if !('ß'..='ⱶ').contains(&c) {
        return None;
    }
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ⱥ' => "a",
        'ƀ' | 'ƃ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' => "c",
        'ð' | 'đ' | 'ƌ' | 'ɖ' | 'ɗ' => "d",
        'ǝ' | 'ə' | 'ɇ' | 'ɛ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' => "g",
        'ħ' | 'ɦ' | 'ⱨ' => "h",
        'ı' | 'ɨ' | 'ɩ' => "i",
        'ɉ' | 'ɟ' => "j",
        'ƙ' | 'ⱪ' => "k",
        'ł' | 'ƚ' | 'ɫ' | 'ⱡ' => "l",
        'ŋ' | 'ƞ' | 'ɲ' => "n",
        'ø' | 'ɔ' | 'ɵ' => "o",
        'ƥ' => "p",
        'ĸ' => "q",
        'ɍ' => "r",
        'ȿ' => "s",
        'ŧ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'ʉ' => "u",
        'ʋ' => "v",
        'ⱳ' => "w",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' | 'ɀ' | 'ⱬ' => "z",
        _ => return None,
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Marks that users leave out when they type: accents, and the vowel signs of Hebrew and Arabic. In other scripts, marks belong
/// to the letter.
fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Byte offsets of all occurrences of `letters` in `text`, also overlapping ones. Both are folded.
pub fn occurrences<'a>(text: &'a str, letters: &'a str) -> impl Iterator<Item = usize> + 'a {
    let step = letters.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(letters)?;
        from = at + step;
        Some(at)
    })
}

/// Whether a word starts at byte `at` of a folded text. In scripts without blanks, every character starts a word; so does a
/// character that is not a letter or digit.
pub fn starts_word(text: &[u8], at: usize) -> bool {
    let Some(first) = char_at(text, at) else { return true };
    !first.is_alphanumeric()
        || is_unspaced_script(first)
        || char_before(text, at).is_none_or(|before| !before.is_alphanumeric() || is_unspaced_script(before))
}

/// Whether a word ends at byte `at` of a folded text, by the rules of [`starts_word`].
pub fn ends_word(text: &[u8], at: usize) -> bool {
    let Some(last) = char_before(text, at) else { return true };
    !last.is_alphanumeric()
        || is_unspaced_script(last)
        || char_at(text, at).is_none_or(|next| !next.is_alphanumeric() || is_unspaced_script(next))
}

/// The longest character of UTF-8 in bytes.
const LONGEST_CHAR: usize = 4;

/// The character that starts at byte `at`.
fn char_at(text: &[u8], at: usize) -> Option<char> {
    let rest = text.get(at..)?;
    let bytes = rest.get(..LONGEST_CHAR).unwrap_or(rest);
    bytes.utf8_chunks().next()?.valid().chars().next()
}

/// The character that ends at byte `at`.
fn char_before(text: &[u8], at: usize) -> Option<char> {
    let before = text.get(at.saturating_sub(LONGEST_CHAR)..at)?;
    // The bytes of the character before it may be cut.
    let start = before.iter().rposition(|byte| !matches!(byte, 0x80..0xc0))?;
    std::str::from_utf8(before.get(start..)?).ok()?.chars().next()
}

/// Whether a character belongs to a script that is written without blanks between words.
pub fn is_unspaced_script(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_removes_what_users_do_not_type() {
        for (text, folded) in [
            ("Rust", "rust"),
            ("  Café \n au\tlait ", "cafe au lait"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("Fußball FUẞBALL FUSSBALL", "fussball fussball fussball"),
            ("Łódź Øystein Đorđe Għarb", "lodz oystein dorde gharb"),
            ("Ærø ǽ Œuvre Þór Guðrún", "aero ae oeuvre thor gudrun"),
            ("IŞIK ışık Diyarbakır", "isik isik diyarbakir"),
            ("Ŧ ŋ Bakı Ə ɓ ɗ ƙ ƴ ɛ ɔ ⱥ", "t n baki e b d k y e o a"),
            ("Ǿ ǿ ﬀ ﬆ ſ", "o o ff st s"),
            ("да Ґ ґ ё", "да ґ ґ е"),
            ("“Don’t” — 1–2", "'don't' - 1-2"),
            ("naïve ﬁne", "naive fine"),
            ("İstanbul", "istanbul"),
            ("한국어", "한국어"),
            ("ガ か\u{3099}", "ガ が"),
            ("कि की", "कि की"),
            ("שָׁלוֹם", "שלום"),
            ("ที่", "ที่"),
            ("soft\u{ad}hyphen zero\u{200b}width", "softhyphen zerowidth"),
            ("a\u{a0}b\u{3000}c", "a b c"),
            ("か\u{200d}\u{3099}", "が"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn folding_again_changes_nothing_for_most_characters_in_use() {
        fold_twice(0..=0x33ff);
    }

    #[test]
    #[ignore = "heavy"]
    fn folding_again_changes_nothing_for_any_character() {
        fold_twice(0..=0x0010_ffff);
    }

    fn fold_twice(characters: std::ops::RangeInclusive<u32>) {
        for c in characters.filter_map(char::from_u32) {
            let once = fold(&format!("a{c}b {c}"));
            assert_eq!(fold(&once), once, "{c:?} {:x}", c as u32);
            assert!(!once.contains(['\n', '"']), "{c:?}");
        }
    }

    #[test]
    fn words_start_and_end() {
        let at = |text: &str, word: &str| {
            let text = fold(text);
            let starts: Vec<(bool, bool)> = text
                .match_indices(word)
                .map(|(at, _)| (starts_word(text.as_bytes(), at), ends_word(text.as_bytes(), at + word.len())))
                .collect();
            starts
        };
        assert_eq!(at("in Rust we trust, rusty", "rust"), [(true, true), (false, true), (true, false)]);
        assert_eq!(at("人工知能の研究", "知能"), [(true, true)]);
        assert_eq!(at("c++ and c+++", "c++"), [(true, true), (true, true)]);
        assert_eq!(at("open-source", "source"), [(true, true)]);
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_by_clusters_equals_folding(text in "[a-zA-Z éÉñ’“”çßẞæÆœþŁøđħı한국かがЙ\\n\\t-]{0,20}") {
            let folded = FoldedText::new(&text);
            prop_assert_eq!(&folded.text, &fold(&text));
            for (at, c) in folded.text.char_indices() {
                let range = folded.original(at, at + c.len_utf8()).expect("a part");
                prop_assert!(text.get(range).is_some());
            }
        }

        #[test]
        fn the_original_range_covers_exactly_the_letters_that_were_folded(
            text in "[a-eA-Eéß-þẞÆŒœŁłøđħıﬁ日]{1,24}",
            ends in any::<(prop::sample::Index, prop::sample::Index)>(),
        ) {
            let folded = FoldedText::new(&text);
            let bounds: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).chain([folded.text.len()]).collect();
            let (a, b) = (ends.0.index(bounds.len()), ends.1.index(bounds.len()));
            prop_assume!(a != b);
            let (start, end) = (bounds[a.min(b)], bounds[a.max(b)]);
            let range = folded.original(start, end).expect("a part");
            let length = |part: &str| fold(part).len();
            // Without its first or its last letter, the range would no longer cover the part.
            let first = text[range.clone()].chars().next().map_or(0, char::len_utf8);
            let last = text[range.clone()].chars().next_back().map_or(0, char::len_utf8);
            prop_assert!(length(&text[..range.start]) <= start && start < length(&text[..range.start + first]));
            prop_assert!(end <= length(&text[..range.end]) && length(&text[..range.end - last]) < end);
        }
    }
}
