//! The text of HTML: without tags, scripts and styles, with entities decoded and a line for each block.

use super::event::{Block, Event};
use super::reader::Reader;

/// The visible text of HTML. Blocks begin new lines; runs of white space are single blanks.
pub fn to_text(html: &str) -> String {
    let mut writer = TextWriter::default();
    let mut reader = Reader::new(|event: Event<'_>| writer.event(event));
    reader.read(html);
    reader.finish();
    writer.text
}

#[derive(Default)]
struct TextWriter {
    text: String,
    /// White space came since the last character.
    is_blank: bool,
    /// A block came since the last character.
    is_new_line: bool,
    is_preformatted: bool,
}

impl TextWriter {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text, _) if self.is_preformatted => self.push_preformatted(text),
            Event::Text(text, _) => self.push(text),
            Event::Start(Block::Cell(_)) => self.is_blank = true,
            Event::Start(block) => {
                self.is_new_line = true;
                self.is_preformatted |= block == Block::Preformatted;
            }
            Event::End(Block::Cell(_)) => {}
            Event::End(block) => {
                self.is_new_line = true;
                self.is_preformatted &= block != Block::Preformatted;
            }
            Event::Break | Event::Paragraph | Event::Rule | Event::DetailsStart { .. } | Event::DetailsEnd => {
                self.is_new_line = true
            }
            Event::Image(_) | Event::Embed(_) => self.is_blank = true,
            Event::Task(_) | Event::Language(_) => {}
        }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if is_blank(c) {
                self.is_blank = true;
                continue;
            }
            self.separate();
            self.text.push(c);
        }
    }

    fn push_preformatted(&mut self, text: &str) {
        for c in text.chars() {
            if c == '\n' {
                self.is_new_line = true;
                self.text.push('\n');
            } else {
                self.separate();
                self.text.push(c);
            }
        }
    }

    /// Writes the line break or the blank that is due.
    fn separate(&mut self) {
        let is_blank = std::mem::take(&mut self.is_blank);
        let is_new_line = std::mem::take(&mut self.is_new_line);
        match self.text.chars().next_back() {
            None | Some('\n') => {}
            _ if is_new_line => self.text.push('\n'),
            _ if is_blank => self.text.push(' '),
            _ => {}
        }
    }
}

/// White space as HTML knows it; a blank that does not break a line is a character.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visible_text_has_a_line_for_each_block() {
        for (html, text) in [
            ("a &amp; b&nbsp;<b>c</b>d", "a & b\u{a0}cd"),
            ("<p>one\n two<p>three<br>four", "one two\nthree\nfour"),
            ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
            ("x<script>alert('<p>')</script><style>p{}</style>y", "xy"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
            ("<pre>\na\n  b\n</pre>c", "a\n  b\nc"),
            ("a<iframe src=x />b", "ab"),
            ("a<svg><title/><text>t</text></svg>b", "ab"),
            ("a < b &lt;p&gt; & c", "a < b <p> & c"),
            ("10<sup>6</sup> the 1<sup>st</sup>", "10⁶ the 1st"),
            ("H<sub>2</sub>O x<sub>i</sub> <sub>2</sub>", "H₂O xi 2"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    #[test]
    fn an_element_without_an_end_tag_hides_no_text() {
        for (html, text) in [
            ("a<iframe src=x><p>b", "a\nb"),
            ("a<iframe src=x> <b>b</b></iframe>c", "a bc"),
            ("a<iframe src=//youtu.be/x>b</iframe>c", "a c"),
            ("a<noembed>b", "ab"),
            ("a<textarea>b<p>c", "ab\nc"),
            ("<title>a<p>b", "a\nb"),
            ("a<div hidden>b<p>c", "ab\nc"),
            ("a<button>b<button>c</button>d", "ad"),
            ("a<select><option>b<p>c", "ab\nc"),
            ("a<video src=x>b", "a b"),
            ("a<svg><title>t</title><p>b", "a\nb"),
            ("a<xmp>b<b>c", "a\nbc"),
            // Styles hold no tags, and a script is not text.
            ("a<style>p { color: red }<p>b", "a\nb"),
            ("a<script>x = '<p>y</p>'; if (a<b) z()", "a"),
            ("a<script>x = 1;\n </div>\n<p>b", "a\nb"),
            ("a<script src=x><b>b", "ab"),
            ("a<script>b</script>c<SCRIPT>d</SCRIPT >e", "ace"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }
}
