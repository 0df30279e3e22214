//! Draws a frame of the screen: a pure function of [`FrameInput`], which also returns what it showed as [`FrameInfo`].

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod article_page;
mod date_display;
mod day_line;
mod detail_pane;
mod folded_page;
mod footer;
mod frame_input;
mod highlights;
mod key_hints;
mod layout;
mod list_pane;
mod list_row;
mod list_title;
mod navigation_pane;
mod notice;
mod overlays;
mod page_pictures;
mod pane_frame;
mod pending_keys;
mod related_pane;
mod sideways;
mod state_line;
mod styles;
mod topic_positions;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub use detail_pane::RenderCache;
pub use frame_input::FrameInput;
pub use styles::Styles;

use crate::app::{FrameInfo, LinkList};
use crate::text::ascii;
use crate::text::hyperlinks::{self, Hyperlink, LinkSource, TaggedCells};

/// Largest screen, in columns and in rows. Larger sizes are treated as errors of the terminal.
// Measured: under a limit of 2 GiB, ratatui ran out of memory at 5000 columns and rows, and aborted.
pub const MAX_SCREEN: u16 = 1000;

/// Draws a frame into `area` of `buf` and returns what it showed. `cache` keeps wrapped lines between frames.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, cache: &mut RenderCache) -> FrameInfo {
    let info = draw_panes(area, buf, view, cache);
    // Last, so that it covers everything that was drawn.
    ascii::apply(area, buf, view.settings().symbols());
    info
}

fn draw_panes(area: Rect, buf: &mut Buffer, view: &FrameInput, cache: &mut RenderCache) -> FrameInfo {
    cache.links.clear();
    cache.pictures.clear();
    cache.wanted_pictures.clear();
    let mut info = FrameInfo::default();
    info.list.row_lines = view.settings().density.row_lines();
    if view.styles.background != Style::new() {
        buf.set_style(area, view.styles.background);
    }
    if area.width < layout::MIN_SCREEN.0 || area.height < layout::MIN_SCREEN.1 {
        pane_frame::draw_text(area, buf, "Window too small.".into(), view.styles.dim);
        return info;
    }
    let entries = view.app.related_entries();
    // Until the similar articles are known, the related pane keeps its height, so that the panes do not jump twice.
    let before = if view.app.related().similar().is_pending() { view.app.frame().related.entries } else { 0 };
    info.related.entries = entries.len().max(before);
    let (pane_layout, footer) = (view.app.pane_layout(), footer::rows(area));
    let panes =
        layout::divide(area, view.app.focus(), (info.related.entries, footer), pane_layout, &view.settings().layout);
    info.body = Rect { height: panes.footer.y.saturating_sub(area.y), ..area };
    info.frames = [panes.list, panes.detail, panes.related];
    info.share = layout::list_share(area, pane_layout, &view.settings().layout);
    info.navigation.is_on = pane_layout.has_navigation(area.width);
    if !panes.navigation.is_empty() {
        navigation_pane::draw(panes.navigation, buf, view, &mut info);
    }
    if !panes.list.is_empty() {
        list_pane::draw(panes.list, buf, view, (&mut cache.snippets, &mut cache.filters), &mut info);
    }
    if !panes.detail.is_empty() {
        detail_pane::draw(panes.detail, buf, view, cache, &mut info);
    }
    if !panes.related.is_empty() {
        related_pane::draw(panes.related, buf, view, &entries, &mut info);
    }
    let body = info.body;
    overlays::draw(body, buf, view, (&mut cache.overlays, &mut cache.pictures), &mut info);
    if view.shows_continuations {
        pending_keys::draw(body, buf, view, &mut info);
    }
    if !overlays::draw_prompt(panes.footer, buf, view, &mut info) {
        footer::draw(panes.footer, buf, view, &mut info);
    }
    // A prompt or a question may cover the last line of the panes.
    let above = Rect { height: info.footer.area.y.saturating_sub(area.y), ..area };
    // A related pane of one line has no border.
    let is_border = above == body && panes.related.height != 1;
    notice::draw(above, buf, view, is_border, &mut info);
    // Last: an overlay removes the links that it covers.
    gather_links(area, buf, view, cache, &mut info);
    info
}

/// Collects the hyperlinks of the frame into the cache, and in `info` the places of the article that can be clicked.
fn gather_links(area: Rect, buf: &mut Buffer, view: &FrameInput, cache: &mut RenderCache, info: &mut FrameInfo) {
    let list = view.app.overlays().top_as::<LinkList>();
    let mut found = Vec::new();
    match list {
        Some(_) => hyperlinks::collect(area, buf, &mut found),
        // Without tags the cells need not be read.
        None if !cache.has_tags => {}
        None => hyperlinks::collect(info.detail.area, buf, &mut found),
    }
    for cells in &found {
        let at = usize::from(cells.number).checked_sub(1);
        let target = at.and_then(|at| match cells.source {
            LinkSource::Article => cache.targets.get(at)?.clone(),
            LinkSource::List => hyperlinks::target(list?.link(at)?.named.link.address()?),
            LinkSource::Footnote | LinkSource::Note | LinkSource::Picture => None,
        });
        let TaggedCells { x, y, columns, .. } = *cells;
        cache.links.extend(target.map(|target| Hyperlink { x, y, columns, target }));
        if cells.source != LinkSource::List {
            info.detail.links.push(*cells);
        }
    }
}
