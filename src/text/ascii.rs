//! Replaces signs and emoji with ASCII of the same width, for the settings `ascii` and `plain`.
//!
//! It runs over the finished frame, so that no sign is forgotten. Letters of all scripts stay, and so do signs without a
//! replacement.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use super::columns;
use crate::config::SymbolSet;

/// Replaces the signs in an area of the screen.
pub fn apply(area: Rect, buf: &mut Buffer, symbols: SymbolSet) {
    if symbols == SymbolSet::Unicode {
        return;
    }
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            // At least 1: a cluster of width 0 would stop the loop from advancing.
            let width = buf.cell((x, y)).map_or(1, |cell| columns::width(cell.symbol())).max(1) as u16;
            let replacement = buf.cell((x, y)).and_then(|cell| replacement(cell.symbol()));
            if let Some(replacement) = replacement {
                // Blanks in the rest of a wide sign keep the columns after it in place.
                let signs = replacement.chars().chain(std::iter::repeat(' '));
                for (x, sign) in (x..area.right()).zip(signs).take(usize::from(width)) {
                    if let Some(cell) = buf.cell_mut((x, y)) {
                        cell.set_char(sign);
                    }
                }
            }
            x += width;
        }
    }
}

/// Key names as `symbols` can show them: without arrows, `←` becomes `Left`. (`↓` would become `v`, which is another key.)
pub fn key_names(names: &str, symbols: SymbolSet) -> String {
    if symbols == SymbolSet::Unicode {
        return names.to_owned();
    }
    let arrows = [("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down")];
    arrows.into_iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word))
}

/// Replaces the signs in a line of output.
pub fn line<'a>(line: &'a str, symbols: SymbolSet) -> Cow<'a, str> {
    if symbols == SymbolSet::Unicode || line.is_ascii() {
        return line.into();
    }
    let mut words = String::with_capacity(line.len());
    for cluster in line.graphemes(true) {
        match replacement(cluster) {
            Some(replacement) => {
                let missing = columns::width(cluster).saturating_sub(replacement.len());
                words.push_str(&replacement);
                words.extend(std::iter::repeat_n(' ', missing));
            }
            None => words.push_str(cluster),
        }
    }
    words.into()
}

/// The ASCII replacement of a cluster, at most as wide; `None` if the cluster stays.
fn replacement(cluster: &str) -> Option<String> {
    if cluster.is_ascii() {
        return None;
    }
    let first = cluster.chars().next()?;
    if first.is_ascii() && !cluster.contains('\u{20e3}') && !cluster.contains('\u{fe0f}') {
        return None; // a letter with accents
    }
    if first.is_ascii() {
        return Some(first.to_string()); // a keycap emoji, such as 1️⃣
    }
    let sign = match first {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '‘' | '’' | '‚' | '‛' | '′' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => "\"",
        // `▾` marks an unfolded story: `-`, beside `+` for a folded one.
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '·' | '▾' => "-",
        // Three dots would be wider than the sign.
        '…' | '‥' => "~",
        '•' | '★' | '☆' | '▪' | '■' | '◆' | '✱' => "*",
        '●' | '○' => "o",
        '◐' => "c",
        '◦' | '▫' | '□' | '◇' => ".",
        '×' | '✗' | '✘' | '✕' | '✖' => "x",
        '÷' | '⁄' => "/",
        '✓' | '✔' => "v",
        'ℹ' => "i",
        '✎' => "&",
        '‹' | '◀' | '◂' | '←' | '⇐' => "<",
        '›' | '▶' | '▸' | '▹' | '→' | '⇒' | '↪' | '▎' | '▌' => ">",
        '▐' => "]",
        '▲' | '↑' | '▴' => "^",
        '▼' | '↓' => "v",
        '↗' => "@",
        '╭' | '╮' => ".",
        '╰' => "`",
        '├' => "|",
        '╯' => "'",
        '━' | '═' => "=",
        '┃' | '║' | '┏' | '┓' | '┗' | '┛' => "#",
        '─' | '┄' | '┈' | '╌' => "-",
        '│' | '┆' | '┊' | '╎' | '▏' | '▍' => "|",
        '\u{2500}'..='\u{257f}' => "+",
        '▁' => "_",
        '▂' | '░' => ".",
        '▃' => ":",
        '▄' | '▒' => "-",
        '▅' => "=",
        '▆' => "+",
        '▇' => "*",
        '\u{2580}'..='\u{259f}' => "#",
        '\u{25a0}'..='\u{25ff}' => "*",
        '\u{2190}'..='\u{21ff}' => "-",
        _ => return emoji(cluster, first),
    };
    Some(sign.to_owned())
}

/// Emoji become emoticons, flags their country code.
fn emoji(cluster: &str, first: char) -> Option<String> {
    if !cluster.chars().any(is_emoji) {
        return None;
    }
    if matches!(first, '\u{1f1e6}'..='\u{1f1ff}') {
        let letter = |c: char| char::from_u32(u32::from(c).checked_sub(0x1f1e6)? + u32::from('A'));
        return Some(cluster.chars().filter_map(letter).filter(char::is_ascii_uppercase).take(2).collect());
    }
    let words = match first {
        '❤'
        | '♥'
        | '\u{1f493}'..='\u{1f49f}'
        | '\u{1f5a4}'
        | '\u{1f90d}'..='\u{1f90e}'
        | '\u{1f9e1}'
        | '\u{1fa75}'..='\u{1fa77}' => "<3",
        '\u{2639}' | '\u{1f61e}'..='\u{1f62d}' | '\u{1f641}' => ":(",
        '☺' | '\u{1f600}'..='\u{1f64f}' | '\u{1f910}'..='\u{1f92f}' | '\u{1f970}'..='\u{1f97a}' => ":)",
        _ => "()",
    };
    // Some, such as `♥`, have one column unless U+FE0F follows.
    Some(if columns::width(cluster) < words.len() { "*".to_owned() } else { words.to_owned() })
}

/// Whether a character is a picture, or turns the one before it into a picture. Digits, `©` and `™` are not.
pub fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{200d}' | '\u{203c}' | '\u{2049}' | '\u{20e3}' | '\u{231a}' | '\u{231b}' | '\u{2328}' | '\u{23cf}'
        | '\u{23e9}'..='\u{23fa}' | '\u{2600}'..='\u{27bf}' | '\u{2934}' | '\u{2935}' | '\u{2b05}'..='\u{2b07}'
        | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    #[test]
    fn replacements_have_the_same_width_and_letters_stay() {
        for (text, plain) in [
            ("plain", "plain"),
            ("“It’s” – a…", "\"It's\" - a~"),
            ("▸● ★×✎ │┃╭╯┼ ━─ ▎", ">o *x& |#.'+ =- >"),
            ("Zoë, Жук, 潮汐を測る, e\u{301}", "Zoë, Жук, 潮汐を測る, e\u{301}"),
            ("😀 🔥 ❤\u{fe0f} 😭", ":) () <3 :("),
            ("❤ ⚡ ✅", "* () ()"),
            ("👩\u{200d}🚀 🇫🇷 1\u{fe0f}\u{20e3} 👍🏽", "() FR 1  ()"),
            ("€ § ½ ™ ©", "€ § ½ ™ ©"),
            ("a\u{a0}b\u{3000}c", "a b  c"),
        ] {
            let drawn = line(text, SymbolSet::Ascii);
            assert_eq!(drawn, plain);
            assert_eq!(columns::width(&drawn), columns::width(text), "{text}");
            assert_eq!(line(text, SymbolSet::Unicode), text);
        }
    }

    #[test]
    fn all_emoji_arrows_and_boxes_are_replaced() {
        let mut seen = 0;
        for c in ('\u{a0}'..='\u{1ffff}').filter(|c| !clean::is_hidden(*c)) {
            let cluster = c.to_string();
            let Some(replacement) = replacement(&cluster) else {
                assert!(!is_emoji(c) && !matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}'), "{c}");
                continue;
            };
            seen += 1;
            assert!(
                replacement.is_ascii() && replacement.len() <= columns::width(&cluster).max(1),
                "{c}: {replacement:?}"
            );
        }
        assert!(seen > 1000);
    }
}
