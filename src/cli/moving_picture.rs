//! Moving pictures: the frames of a script as an animated SVG without scripts, and as a recording of asciinema.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use ratatui::buffer::Buffer;
use serde_json::json;

use super::screen_cells::{ansi_row, runs};
use super::screen_svg::{BASELINE, CELL, DrawnRun, FONTS, MARGIN, around, size};
use crate::feed::SafeText;
use crate::text;

/// A screen that is shown for a while.
pub struct MovingFrame {
    /// The screen.
    pub screen: Buffer,
    /// How long it is shown.
    pub shown: Duration,
    /// The keys that led to it.
    pub keys: SafeText,
    /// What they are for.
    pub caption: SafeText,
}

/// Height of the line with keys and caption below the screen.
const CAPTION: f32 = 34.0;

/// When something is shown: a flag for each frame.
type Times = Vec<bool>;

/// Elements of the picture by the times at which they are shown. What does not change from frame to frame is written once.
#[derive(Default)]
struct Layer {
    elements: BTreeMap<String, Times>,
}

impl Layer {
    fn add(&mut self, element: String, frame: usize, frames: usize) {
        let times = self.elements.entry(element).or_insert_with(|| vec![false; frames]);
        if let Some(time) = times.get_mut(frame) {
            *time = true;
        }
    }

    /// The elements with the same times, in one piece.
    fn groups(&self) -> BTreeMap<&Times, String> {
        let mut groups: BTreeMap<&Times, String> = BTreeMap::new();
        for (element, times) in &self.elements {
            groups.entry(times).or_default().push_str(element);
        }
        groups
    }
}

/// The names of CSS rules, by their text.
#[derive(Default)]
struct Classes {
    names: BTreeMap<String, usize>,
}

impl Classes {
    fn name(&mut self, rule: String) -> String {
        let next = self.names.len();
        format!("c{}", self.names.entry(rule).or_insert(next))
    }
}

/// An animated SVG that shows the frames again and again. Where movement is not wanted, the first frame stays.
pub fn moving_svg(frames: &[MovingFrame]) -> String {
    let Some(first) = frames.first() else { return String::new() };
    let (width, height) = size(&first.screen);
    let around = around(&first.screen);
    // Texts are drawn after all backgrounds: a background that appears must not cover a text that stays.
    let (mut backgrounds, mut texts, mut classes) = (Layer::default(), Layer::default(), Classes::default());
    for (at, frame) in frames.iter().enumerate() {
        let rows = runs(&frame.screen);
        for (row, run) in rows.iter().enumerate().flat_map(|(row, runs)| runs.iter().map(move |run| (row, run))) {
            let DrawnRun { left, top, width, foreground, background, style } = DrawnRun::of(run, row);
            if background != around {
                let class = classes.name(format!("fill:{background}"));
                let (left, top, width) = (number(left), number(top), number(width));
                let element =
                    format!("<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"18\"/>\n");
                backgrounds.add(element, at, frames.len());
            }
            // Blanks at the ends need no text, unless a line is drawn under or through them.
            let is_blank = |c: char| c == ' ' && !style.iter().any(|(name, _)| *name == "text-decoration");
            let trimmed = run.text.trim_matches(is_blank);
            if trimmed.trim().is_empty() {
                continue;
            }
            let indent = run.text.len() - run.text.trim_start_matches(is_blank).len();
            let (left, width) = (left + indent as f32 * CELL.0, text::width(trimmed) as f32 * CELL.0);
            let style: String = style.iter().map(|(name, value)| format!(";{name}:{value}")).collect();
            let class = classes.name(format!("fill:{foreground}{style}"));
            let (left, base, width) = (number(left), number(top + BASELINE), number(width));
            let text = html_escape::encode_text(trimmed);
            let element = format!(
                "<text class=\"{class}\" x=\"{left}\" y=\"{base}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\">{text}</text>\n"
            );
            texts.add(element, at, frames.len());
        }
        texts.add(caption(frame, height), at, frames.len());
    }
    let length = frames.iter().map(|frame| frame.shown).sum::<Duration>().as_secs_f64();
    let (mut rules, mut shapes) = (String::new(), String::new());
    for (name, at) in &classes.names {
        let _ = writeln!(rules, ".c{at}{{{name}}}");
    }
    let mut names: BTreeMap<Times, usize> = BTreeMap::new();
    for layer in [&backgrounds, &texts] {
        for (times, elements) in layer.groups() {
            if times.iter().all(|shown| *shown) {
                let _ = write!(shapes, "<g>\n{elements}</g>\n");
                continue;
            }
            let next = names.len();
            let name = *names.entry(times.clone()).or_insert(next);
            let still = if times.first() == Some(&true) { "m s" } else { "m" };
            let _ = write!(shapes, "<g class=\"{still} m{name}\">\n{elements}</g>\n");
        }
    }
    for (times, name) in &names {
        let _ = writeln!(rules, ".m{name}{{animation-name:m{name}}}@keyframes m{name}{{{}}}", keyframes(times, frames));
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"{FONTS}\" font-size=\"14\">\n<style>\n\
         text{{white-space:pre}}.m{{visibility:hidden;animation:{length:.2}s step-end infinite}}.s{{visibility:visible}}\n\
         @media (prefers-reduced-motion:reduce){{.m{{animation:none}}}}\n\
         .k{{fill:#16181d;font-weight:bold}}.b{{fill:#e5c07b}}.h{{fill:#c8ccd4}}\n{rules}</style>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{around}\"/>\n{shapes}</svg>\n",
        height = height + CAPTION,
    )
}

/// The line below the screen: the keys on a light background, and what they are for.
fn caption(frame: &MovingFrame, height: f32) -> String {
    let (top, base) = (number(height + 2.0), number(height + 17.0));
    let keys = html_escape::encode_text(frame.keys.as_str());
    let columns = text::width(frame.keys.as_str());
    let (width, mut out, mut left) = (columns as f32 * CELL.0, String::new(), MARGIN + CELL.0);
    if columns > 0 {
        let (box_left, box_width, x, length) =
            (number(left), number(width + 2.0 * CELL.0), number(left + CELL.0), number(width));
        let _ = write!(
            out,
            "<rect class=\"b\" x=\"{box_left}\" y=\"{top}\" width=\"{box_width}\" height=\"22\" rx=\"4\"/>\
             <text class=\"k\" x=\"{x}\" y=\"{base}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\">{keys}</text>"
        );
        left += width + 3.0 * CELL.0;
    }
    let words = html_escape::encode_text(frame.caption.as_str());
    let _ = writeln!(out, "<text class=\"h\" x=\"{}\" y=\"{base}\">{words}</text>", number(left));
    out
}

/// The keyframes of what is shown at some times: where it appears and where it disappears.
fn keyframes(times: &Times, frames: &[MovingFrame]) -> String {
    let length = frames.iter().map(|frame| frame.shown).sum::<Duration>().as_secs_f64();
    let (mut out, mut start, mut before) = (String::new(), Duration::ZERO, None);
    for (shown, frame) in times.iter().zip(frames) {
        if before != Some(*shown) {
            let percent = format!("{:.3}", start.as_secs_f64() * 100.0 / length);
            let percent = percent.trim_end_matches('0').trim_end_matches('.');
            let state = if *shown { "visible" } else { "hidden" };
            let _ = write!(out, "{percent}%{{visibility:{state}}}");
        }
        (before, start) = (Some(*shown), start + frame.shown);
    }
    out
}

/// A number with at most one digit after the point.
fn number(value: f32) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A time in seconds, to the millisecond: the times of keys are parts of the time of a line.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

/// A recording of asciinema, version 2: each frame writes the rows that changed.
pub fn recording(frames: &[MovingFrame]) -> String {
    let Some(first) = frames.first() else { return String::new() };
    let (columns, rows) = (first.screen.area.width, first.screen.area.height);
    let mut out = json!({ "version": 2, "width": columns, "height": rows }).to_string() + "\n";
    let (mut before, mut start): (Vec<String>, _) = (Vec::new(), Duration::ZERO);
    for frame in frames {
        let rows: Vec<String> = runs(&frame.screen).iter().map(|row| ansi_row(row)).collect();
        let mut written = if before.is_empty() { "\x1b[?25l\x1b[2J".to_owned() } else { String::new() };
        for (at, row) in rows.iter().enumerate().filter(|(at, row)| before.get(*at) != Some(row)) {
            let _ = write!(written, "\x1b[{};1H{row}", at + 1);
        }
        let _ = writeln!(out, "{}", json!([rounded(start), "o", written]));
        (before, start) = (rows, start + frame.shown);
    }
    // Players end with the last event: it must be as late as the end of the last frame.
    let _ = writeln!(out, "{}", json!([rounded(start), "o", "\x1b[?25h"]));
    out
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn frames(texts: &[&str]) -> Vec<MovingFrame> {
        let frame = |text: &&str| {
            let mut screen = Buffer::empty(Rect::new(0, 0, 8, 1));
            screen.set_string(0, 0, text, ratatui::style::Style::default());
            let (shown, keys, caption) = (Duration::from_millis(500), "j".into(), "down".into());
            MovingFrame { screen, shown, keys, caption }
        };
        texts.iter().map(frame).collect()
    }

    #[test]
    fn what_stays_is_written_once_and_what_changes_is_shown_at_its_times() {
        let svg = moving_svg(&frames(&["a", "b", "a", "a"]));
        assert_eq!((svg.matches(">a</text>").count(), svg.matches(">b</text>").count()), (1, 1), "{svg}");
        assert_eq!(svg.matches(">down</text>").count(), 1, "{svg}");
        assert!(svg.contains("{0%{visibility:visible}25%{visibility:hidden}50%{visibility:visible}}"), "{svg}");
        assert!(svg.contains("{0%{visibility:hidden}25%{visibility:visible}50%{visibility:hidden}}"), "{svg}");
        assert!(svg.contains("animation:2.00s step-end infinite") && !svg.contains("<script"), "{svg}");
        let still = moving_svg(&frames(&["a", "a"]));
        assert!(!still.contains("@keyframes"), "{still}");
    }

    #[test]
    fn a_recording_writes_the_rows_that_changed() {
        let cast = recording(&frames(&["a", "b", "b"]));
        let lines: Vec<serde_json::Value> =
            cast.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines[0], json!({ "version": 2, "width": 8, "height": 1 }));
        let written: Vec<(f64, &str)> = lines[1..]
            .iter()
            .map(|event| (event[0].as_f64().expect("a time"), event[2].as_str().expect("text")))
            .collect();
        assert_eq!(written[1], (0.5, "\x1b[1;1H\x1b[0mb       \x1b[0m"));
        assert_eq!(&written[2..], [(1.0, ""), (1.5, "\x1b[?25h")]);
    }
}
