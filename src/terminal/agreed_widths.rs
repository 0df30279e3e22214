//! Widths of grapheme clusters on which all terminals agree, and the direction of letters.

use ratatui::buffer::CellWidth;

use super::capabilities::WidthQuirks;
use crate::text::placed_pictures::PLACEHOLDER;

/// The columns that every terminal gives to a cluster. `None` if terminals differ, as they do for flags, skin tones, families of
/// emoji, combining marks, and the scripts of India and South-East Asia. Measured in xterm, st, urxvt, mlterm, kitty, alacritty,
/// VTE, konsole, tmux and screen, by asking for the position of the cursor after each character.
pub fn agreed_columns(symbol: &str) -> Option<usize> {
    if let [byte] = symbol.as_bytes() {
        return matches!(byte, b' '..=b'~').then_some(1);
    }
    if symbol.starts_with(PLACEHOLDER) {
        return Some(1);
    }
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    match c {
        '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Latin, Greek, Cyrillic
        | '\u{531}'..='\u{556}' | '\u{561}'..='\u{587}' | '\u{10d0}'..='\u{10ff}' // Armenian, Georgian
        | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203b}' | '\u{20a0}'..='\u{20bf}'
        | '\u{2190}'..='\u{2193}' | '\u{2200}'..='\u{22ff}' | '\u{2500}'..='\u{25ff}' // arrows, mathematics, boxes
        | '★' | '☆' | '✎' | '✓' | '✗' | '✱' | '↗' // symbols of the user interface
        | '\u{ff61}'..='\u{ff9d}' => Some(1), // half-width kana
        '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' // kana
        | '\u{3105}'..='\u{312f}' | '\u{3131}'..='\u{3163}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3fffd}' => Some(2),
        _ => None,
    }
}

/// The columns that a frame gives to a cluster.
pub fn frame_columns(symbol: &str) -> usize {
    agreed_columns(symbol).unwrap_or_else(|| usize::from(symbol.cell_width()))
}

/// The part of a cluster that is drawn. If the terminal gives the whole cluster more columns than a frame does: its first emoji,
/// without joined emoji and skin tone.
pub fn drawable(symbol: &str, widths: WidthQuirks) -> &str {
    let ends = |c: char| match c {
        '\u{200d}' => widths.zwj_is_wide,
        '\u{1f3fb}'..='\u{1f3ff}' => widths.skin_tone_is_wide,
        '\u{fe0f}' => widths.variation_is_wide,
        _ => false,
    };
    match symbol.find(ends) {
        Some(end @ 1..) => symbol.get(..end).unwrap_or(symbol),
        _ => symbol,
    }
}

/// The direction in which a cluster is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Hebrew, Arabic, Syriac, Thaana, N'Ko and others.
    RightToLeft,
    /// All other letters.
    LeftToRight,
    /// The direction of the surrounding text: digits, punctuation.
    Neutral,
    /// A border, which separates columns.
    Border,
}

/// The direction of a cluster, by its first character.
pub fn direction(symbol: &str) -> Direction {
    match symbol.chars().next() {
        Some('\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}') => Direction::RightToLeft,
        Some('\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}') => Direction::RightToLeft,
        Some('\u{2500}'..='\u{259f}') => Direction::Border,
        Some(c) if c.is_alphabetic() => Direction::LeftToRight,
        _ => Direction::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreed_widths() {
        for (symbol, columns) in
            [("a", 1), ("é", 1), ("┃", 1), ("●", 1), ("…", 1), ("Я", 1), ("ｶ", 1), ("字", 2), ("한", 2)]
        {
            assert_eq!(agreed_columns(symbol), Some(columns), "{symbol}");
        }
        for symbol in ["の", "ー", "、", "，", "！", "　", "㐀", "𠀀", "ㄅ", "豈"] {
            assert_eq!(agreed_columns(symbol), Some(2), "{symbol}");
        }
        for symbol in [
            "",
            "e\u{301}",
            "❤\u{fe0f}",
            "👩",
            "🇫🇷",
            "क्षि",
            "ก็",
            "שׁ",
            "①",
            "\u{fdfd}",
            "⚡",
            "ｶﾞ",
            "か\u{3099}",
            "ति",
            "👍🏽",
        ] {
            assert_eq!(agreed_columns(symbol), None, "{symbol}");
        }
    }

    #[test]
    fn agreed_widths_are_those_of_frames() {
        let mut count = 0;
        for c in ('\0'..='\u{3fffd}').filter(|c| c.is_alphanumeric()) {
            let symbol = c.to_string();
            if let Some(columns) = agreed_columns(&symbol) {
                assert_eq!(columns, usize::from(symbol.cell_width()), "{symbol} {:x}", c as u32);
                count += 1;
            }
        }
        assert!(count > 30_000, "{count}");
    }

    #[test]
    fn only_the_first_emoji_is_drawn_if_the_terminal_adds_up_the_others() {
        let none = WidthQuirks::default();
        let joined = WidthQuirks { zwj_is_wide: true, ..none };
        let all = WidthQuirks { skin_tone_is_wide: true, variation_is_wide: true, ..joined };
        for (symbol, widths, expected) in [
            ("👨\u{200d}👩\u{200d}👧", none, "👨\u{200d}👩\u{200d}👧"),
            ("👨\u{200d}👩\u{200d}👧", joined, "👨"),
            ("👩🏽\u{200d}🚀", joined, "👩🏽"),
            ("👩🏽\u{200d}🚀", all, "👩"),
            ("👍🏽", joined, "👍🏽"),
            ("👍🏽", all, "👍"),
            ("❤\u{fe0f}", joined, "❤\u{fe0f}"),
            ("🏳\u{fe0f}\u{200d}🌈", joined, "🏳\u{fe0f}"),
            ("🏽", all, "🏽"),
            ("ति", all, "ति"),
            ("🇫🇷", all, "🇫🇷"),
        ] {
            assert_eq!(drawable(symbol, widths), expected, "{symbol} {widths:?}");
        }
    }

    #[test]
    fn directions() {
        use Direction::{Border, LeftToRight, Neutral, RightToLeft};
        for (symbols, expected) in
            [("שعپހߊࠀ\u{fb2a}ﷺﻻ", RightToLeft), ("aéЖ字한कไ", LeftToRight), ("1 .—…[●★", Neutral), ("│┃▌▎╭", Border)]
        {
            for symbol in symbols.chars().map(String::from) {
                let expected = if symbol == "●" { Neutral } else { expected };
                assert_eq!(direction(&symbol), expected, "{symbol}");
            }
        }
    }
}
