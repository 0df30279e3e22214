//! Draws the insights: counts of articles over time, by topic, by provider, by tag, and of what was read when, as bars.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::{Action, ButtonCommand, FrameInfo, InsightsSection, InsightsView};
use crate::feed::{SafeText, clean};
use crate::query::{Bucket, BucketKey, Insights, Period};
use crate::text::{self, counted, grouped, repeat, signs, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::layout::offset_for;
use crate::ui::pane_frame::{self, Counter};

/// Cells of a bar: read, unread, and the partial cell at the end in eighths.
const READ: &str = signs::CHART_READ.sign;
const UNREAD: &str = signs::CHART_UNREAD.sign;
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// Cells of a sparkline: zero, and eight levels.
const ZERO: &str = "·";
const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Width of a share: `100 %`.
const SHARE_COLUMNS: usize = 5;
/// Fewest columns of a bar. With less room there are no bars.
const MIN_BAR: usize = 8;
/// Fewest columns of a line with the names of all charts and periods.
const MIN_PERIODS: usize = 78;
/// Columns of the name of the chart of tags, which is there only if there are tags.
const TAGS_TAB: usize = 6;
/// Widest column of names of topics, providers and tags.
const MAX_NAME: usize = 36;

/// Draws the charts, and records in `info` which bars were shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, shown: &InsightsView, info: &mut FrameInfo) {
    let bars = shown.bars();
    let counter = (!bars.is_empty()).then_some(Counter { current: shown.at() + 1, total: bars.len() });
    let inner = pane_frame::draw_overlay(area, buf, view, &"Insights".into(), counter);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let chart = Chart::new(shown, view, usize::from(inner.width));
    let mut y = inner.y;
    for line in chart.head(usize::from(inner.height)) {
        buf.set_line(inner.x, y, &line, inner.width);
        y += 1;
    }
    for (at, columns, command) in chart.tabs().1 {
        info.overlay.buttons.add(pane_frame::cells(inner, at, columns), command);
    }
    let height = usize::from(inner.bottom().saturating_sub(y));
    let top = shown.cursor.top.unwrap_or(shown.at().saturating_sub(height / 2));
    let offset = offset_for(top, shown.at(), height, bars.len());
    (info.overlay.area, info.overlay.row_lines) = (area, 1);
    info.overlay.rows = Rect { y, height: inner.bottom().saturating_sub(y), ..inner };
    (info.overlay.offset, info.overlay.height, info.overlay.lines) = (offset, height, bars.len());
    for (row, bar) in bars.iter().enumerate().skip(offset).take(height) {
        buf.set_line(inner.x, y, &chart.row(bar, row == shown.at()), inner.width);
        if row == shown.at() {
            info.cursor = Some(Position { x: inner.x, y });
            let width = chart.until_share().min(usize::from(inner.width)) as u16;
            buf.set_style(Rect { y, height: 1, width, ..inner }, view.styles.selected.focused);
        }
        y += 1;
    }
}

/// The action that counts by a period.
fn counting_by(period: Period) -> Action {
    match period {
        Period::Day => Action::ByDay,
        Period::Week => Action::ByWeek,
        Period::Month => Action::ByMonth,
        Period::Quarter => Action::ByQuarter,
        Period::Year => Action::ByYear,
    }
}

/// A chart with the widths of its columns.
struct Chart<'a> {
    shown: &'a InsightsView,
    view: &'a FrameInput<'a>,
    columns: usize,
    label: usize,
    count: usize,
    spark: usize,
    bar: usize,
    /// The count of a bar of full width.
    most: usize,
}

impl Chart<'_> {
    fn new<'a>(shown: &'a InsightsView, view: &'a FrameInput<'a>, columns: usize) -> Chart<'a> {
        let section = shown.options.section;
        let counts = |drawn: bool| {
            shown.bars().iter().filter(move |bar| bar.has_period_or_name() || !drawn).map(|bar| bar.count)
        };
        let label = match (section.has_names(), shown.period()) {
            (true, _) => MAX_NAME.min(columns / 3).max(8),
            (_, Period::Day | Period::Week) => 15,
            _ => 8,
        };
        let widest = text::width(&grouped(counts(false).max().unwrap_or(0)));
        let count = if columns < 50 { widest } else { widest.max(8) };
        let used = 2 + label + 1 + count + 1 + SHARE_COLUMNS + 1;
        let rest = columns.saturating_sub(used);
        let periods = shown.bars().first().map_or(0, |bar| bar.counts_over_time.of(shown.period()).len());
        let spark = if section == InsightsSection::Topics { periods.min(rest) } else { 0 };
        let bar = Some(rest.saturating_sub(if spark > 0 { spark + 2 } else { 0 })).filter(|bar| *bar >= MIN_BAR);
        // Rows such as `earlier` and `no date` have no bar, so their counts must not set the scale.
        let most = counts(true).max().unwrap_or(0);
        Chart { shown, view, columns, label, count, spark, bar: bar.unwrap_or(0), most }
    }

    /// Columns before the share.
    fn until_share(&self) -> usize {
        2 + self.label + 1 + self.count
    }

    /// The lines above the bars, fewer in a low box.
    fn head(&self, height: usize) -> Vec<Line<'static>> {
        let styles = self.view.styles;
        let mut lines = vec![self.tabs().0];
        let line = |words: String, style| Line::from(span(text::cut(&clean::plain_line(&words), self.columns), style));
        let Some(numbers) = self.shown.numbers() else {
            lines.push(Line::from(span("counting …", styles.accent)));
            return lines.into_iter().take(height).collect();
        };
        if height >= 5 {
            lines.push(line(self.totals(numbers), styles.text));
        }
        if height >= 8 || self.shown.bars().is_empty() {
            lines.push(line(self.range(numbers), styles.dim));
        }
        if height >= 12 && self.columns >= 50 {
            lines.extend([Line::default(), self.headings()]);
        }
        lines.into_iter().take(height.saturating_sub(1).max(1)).collect()
    }

    /// The names of charts and periods, and where they can be clicked: column, columns and command.
    fn tabs(&self) -> (Line<'static>, Vec<(usize, usize, ButtonCommand)>) {
        let (styles, options) = (self.view.styles, self.shown.options);
        let (mut spans, mut buttons) = (Vec::new(), Vec::new());
        let mut add = |word: &'static str, is_here: bool, command: Option<ButtonCommand>| {
            let (before, behind) = if is_here { ("[", "]") } else { (" ", " ") };
            let style = if is_here { styles.title } else { styles.dim };
            buttons.extend(command.map(|command| (text::spans_width(&spans) + 1, text::width(word), command)));
            spans.extend([span(before, styles.accent), span(word, style), span(behind, styles.accent)]);
        };
        let widest = |columns: usize| columns + usize::from(self.shown.sections().count() > 4) * TAGS_TAB;
        if self.columns < widest(40) {
            add(options.section.word(), true, Some(Action::NextPane.into()));
            return (Line::from(spans), buttons);
        }
        for (at, section) in self.shown.sections().enumerate() {
            add(section.word(), section == options.section, Some(ButtonCommand::Choose(at)));
        }
        if options.section.has_periods() && self.columns >= widest(MIN_PERIODS) {
            add("  by", false, None);
            for period in Period::ALL {
                add(period.word(), period == self.shown.period(), Some(counting_by(period).into()));
            }
        }
        (Line::from(spans), buttons)
    }

    fn totals(&self, numbers: &Insights) -> String {
        let Insights { articles, read, starred, .. } = *numbers;
        let unread = grouped(articles.saturating_sub(read));
        let words = format!("{} · {unread} unread · {} read", counted(articles, "article"), grouped(read));
        let starred = if starred > 0 { format!(" · {} starred", grouped(starred)) } else { String::new() };
        let query = &self.shown.query;
        let query = if query.is_everything() { String::new() } else { format!(" · {query}") };
        format!("{words}{starred}{query}")
    }

    /// The line that says which periods or names are shown.
    fn range(&self, numbers: &Insights) -> String {
        let options = self.shown.options;
        let nothing = |words: &str| words.to_owned();
        match options.section {
            InsightsSection::Articles => dates(numbers.published.of(self.shown.period()), true)
                .unwrap_or_else(|| nothing("no article here has a date")),
            InsightsSection::Reading => dates(numbers.reading.of(self.shown.period()), true)
                .unwrap_or_else(|| nothing("no article here is read yet")),
            InsightsSection::Providers => self.names(numbers.providers.all, "provider"),
            InsightsSection::Tags => self.names(numbers.tags.all, "tag"),
            InsightsSection::Topics => {
                let over = dates(numbers.published.of(self.shown.period()), false).filter(|_| self.spark > 0);
                let over = over.map(|dates| format!(" · over {dates}")).unwrap_or_default();
                self.names(numbers.topics.all, "topic") + &over
            }
        }
    }

    /// The number of topics, providers or tags, and their order.
    fn names(&self, all: usize, what: &str) -> String {
        let listed = self.shown.bars().iter().filter(|bar| bar.has_period_or_name()).count();
        let largest = if all > listed { format!("the {} largest of ", grouped(listed)) } else { String::new() };
        let order = if self.shown.options.by_share { "by share read" } else { "by count" };
        format!("{largest}{}, {order}", counted(all, what))
    }

    /// The headings of the columns.
    fn headings(&self) -> Line<'static> {
        let styles = self.view.styles;
        let (label, count) = match self.shown.options.section {
            InsightsSection::Articles => (self.shown.period().word(), "articles"),
            InsightsSection::Topics => ("topic", "articles"),
            InsightsSection::Providers => ("provider", "articles"),
            InsightsSection::Tags => ("tag", "articles"),
            InsightsSection::Reading => (self.shown.period().word(), "read"),
        };
        let mut spans = vec![repeat(" ", 2, styles.dim)];
        spans.extend(text::fit(&label.into(), self.label + 1, styles.dim));
        spans.extend(right(count.into(), self.count, styles.dim));
        if self.shown.options.section != InsightsSection::Reading {
            spans.extend(right("read".into(), SHARE_COLUMNS + 1, styles.dim));
            spans.push(span(" ", styles.dim));
            if self.spark > 0 {
                spans.extend(text::fit(&"over time".into(), self.spark + 2, styles.dim));
            }
            if self.bar > 0 {
                let legend = [span(READ, styles.dim), span(" read  ", styles.dim)];
                spans.extend(legend.into_iter().chain([span(UNREAD, styles.accent), span(" unread", styles.dim)]));
            }
        }
        Line::from(spans)
    }

    fn row(&self, bar: &Bucket, is_selected: bool) -> Line<'static> {
        let (styles, section) = (self.view.styles, self.shown.options.section);
        let style = match section {
            InsightsSection::Topics | InsightsSection::Tags => styles.topic,
            InsightsSection::Providers => styles.provider,
            _ => styles.text,
        };
        let label = label(bar, section);
        let style = if bar.has_period_or_name() { style } else { styles.dim };
        let mut spans = vec![span(if is_selected { "▸ " } else { "  " }, styles.accent)];
        spans.extend(text::fit(&label, self.label, style));
        spans.push(span(" ", styles.dim));
        spans.extend(right(number(bar.count), self.count, styles.accent));
        let is_reading = section == InsightsSection::Reading;
        let share = bar.read_share().filter(|_| !is_reading).map(|share| clean::plain_line(&share));
        spans.extend(right(share.unwrap_or_default(), SHARE_COLUMNS + 1, styles.dim));
        spans.push(span(" ", styles.dim));
        if self.spark > 0 {
            spans.extend(self.sparkline(bar.counts_over_time.of(self.shown.period())));
        }
        if self.bar > 0 && bar.has_period_or_name() {
            let read = if is_reading { 0 } else { bar.read };
            let (read, eighths) = bar_parts(bar.count, read, self.most, self.bar);
            spans.push(repeat(READ, read, styles.dim));
            spans.push(repeat(UNREAD, eighths / 8, styles.accent));
            spans.extend(EIGHTHS.get(eighths % 8).map(|end| span(*end, styles.accent)));
        }
        Line::from(spans)
    }

    /// Counts over time, latest on the right.
    fn sparkline(&self, counts: &[usize]) -> Vec<Span<'static>> {
        let styles = self.view.styles;
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let sign = |count: &usize| match count.checked_sub(1) {
            None => span(ZERO, styles.dim),
            Some(_) => {
                let level = (count * LEVELS.len()).div_ceil(most).saturating_sub(1);
                span(LEVELS.get(level).copied().unwrap_or(UNREAD), styles.text)
            }
        };
        let latest: Vec<&usize> = counts.iter().take(self.spark).collect();
        latest.into_iter().rev().map(sign).chain([span("  ", styles.dim)]).collect()
    }
}

/// The label of a bar.
fn label(bar: &Bucket, section: InsightsSection) -> SafeText {
    match &bar.key {
        BucketKey::Period(period, start) => clean::plain_line(&period.label(*start)),
        BucketKey::Later(_) => "later".into(),
        BucketKey::Earlier(_) => "earlier".into(),
        BucketKey::Undated => "no date".into(),
        BucketKey::Named(name) => name.clone(),
        BucketKey::Unnamed if section == InsightsSection::Topics => "(no topic)".into(),
        BucketKey::Unnamed if section == InsightsSection::Tags => "(no tag)".into(),
        BucketKey::Unnamed => "(no provider)".into(),
    }
}

/// The number of periods and the last one; with `whole` the first one too. `None` without periods.
fn dates(bars: &[Bucket], whole: bool) -> Option<String> {
    let mut starts = bars.iter().filter_map(|bar| match bar.key {
        BucketKey::Period(period, start) => Some((period, start)),
        _ => None,
    });
    let (period, last) = starts.next()?;
    let count = counted(1 + starts.clone().count(), period.word());
    let last = period.label(last);
    Some(match starts.next_back().filter(|_| whole) {
        Some((_, first)) => format!("{count}, {} to {last}", period.label(first)),
        None => format!("{count} to {last}"),
    })
}

fn number(number: usize) -> SafeText {
    clean::plain_line(&grouped(number))
}

/// Right-aligned text.
fn right(words: SafeText, columns: usize, style: Style) -> [Span<'static>; 2] {
    let words = text::cut(&words, columns);
    [repeat(" ", columns.saturating_sub(text::width(words.as_str())), style), span(words, style)]
}

/// The parts of a bar: columns of read articles, and eighths of a column of unread ones. Every part above 0 is visible, and a
/// count of `most` fills all columns.
fn bar_parts(count: usize, read: usize, most: usize, columns: usize) -> (usize, usize) {
    if count == 0 || most == 0 || columns == 0 {
        return (0, 0);
    }
    let unread = count.saturating_sub(read);
    let least = usize::from(read > 0);
    let read = ((2 * read * columns + most) / (2 * most)).max(least);
    let read = read.min(columns.saturating_sub(usize::from(unread > 0)));
    let eighths = (unread * columns * 8 / most).max(usize::from(unread > 0));
    (read, eighths.min((columns - read) * 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_bars() {
        for (count, read, most, columns, expected) in [
            (0, 0, 10, 20, (0, 0)),
            (10, 0, 10, 20, (0, 160)),
            (10, 10, 10, 20, (20, 0)),
            (10, 5, 10, 20, (10, 80)),
            (5, 0, 10, 5, (0, 20)),
            (1, 0, 1_000_000, 20, (0, 1)),
            (1, 1, 1_000_000, 20, (1, 0)),
            (2, 1, 1_000_000, 20, (1, 1)),
            (1000, 999, 1000, 20, (19, 1)),
            (1000, 1, 1000, 20, (1, 152)),
            (2, 1, 2, 1, (0, 4)),
            (3, 1, 3, 0, (0, 0)),
        ] {
            assert_eq!(bar_parts(count, read, most, columns), expected, "{read} of {count} of {most} in {columns}");
        }
    }

    #[test]
    fn bars_stay_in_their_columns() {
        for most in [1, 2, 3, 7, 100, 12_345] {
            for columns in 1..30 {
                for count in 0..=most.min(120) {
                    for read in 0..=count {
                        let (read, eighths) = bar_parts(count, read, most, columns);
                        assert!(read * 8 + eighths <= columns * 8);
                        assert_eq!(read + eighths > 0, count > 0);
                    }
                }
            }
        }
    }
}
