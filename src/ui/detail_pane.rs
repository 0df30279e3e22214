//! Draws the detail pane: the page of the article, laid out once and drawn from the scrolled line on.

use std::cell::OnceCell;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use rustc_hash::FxHasher;

use super::article_page::{self, PageBuilder};
use super::folded_page::{self, UnfoldedHits, Unfolding};
use super::frame_input::FrameInput;
use super::highlights::{self, Hit, HitPart, Snippets};
use super::list_title::FilterNames;
use super::overlays::OverlayCache;
use super::page_pictures;
use super::pane_frame;
use super::sideways::Window;
use super::topic_positions;
use crate::app::WantedPicture;
use crate::app::{Action, FindInArticle, Focus, FrameInfo, IndexedCells, ScrollPosition, TopLines};
use crate::config::SymbolSet;
use crate::feed::{ArticleId, SafeText, article_links, clean};
use crate::markdown::{Measure, Overflow};
use crate::query::Highlighter;
use crate::text::hyperlinks::{self, Hyperlink};
use crate::text::placed_pictures::PlacedPicture;
use crate::text::{self, FoldChoices, Page, PictureRoom, signs};

/// The text is in the middle of a pane that has this number of columns more.
const CENTRED_FROM: usize = 20;
/// Limits on the titles of the jump history in the frame: their number, and the columns of each.
const MAX_CRUMBS: usize = 4;
const CRUMB_COLUMNS: usize = 28;

/// What the cached lines depend on: article, columns and what is wider, room for pictures, minute, generation of the feed, version of
/// styles and settings, what is known of pictures, marks, folding.
type CacheKey = (ArticleId, (Measure, Option<PictureRoom>), i64, [u64; 3], Vec<SafeText>, FoldChoices);

/// The wrapped lines of the last article, because wrapping a long body takes longer than a frame may. Frames are the
/// same with and without it.
#[derive(Default)]
pub struct RenderCache {
    key: Option<CacheKey>,
    page: Page,
    /// What is unfolded in it for a search.
    unfolded: UnfoldedHits,
    /// Columns of its widest code or table without wrapping. 0 if none is wider than the text.
    widest: usize,
    /// Positions of its topics and tags.
    topics: Vec<topic_positions::TopicPosition>,
    /// Whether text in the lines has the tag of a link.
    pub has_tags: bool,
    /// Addresses of its links by their numbers. Empty without links.
    pub targets: Vec<Option<Arc<str>>>,
    /// Hyperlinks of the last frame.
    pub links: Vec<Hyperlink>,
    /// The last highlighter, and its hits in the lines.
    hits: (Highlighter, Vec<Hit>),
    /// Snippets of the list.
    pub snippets: Snippets,
    /// Names of the filters in the title of the list.
    pub filters: FilterNames,
    /// What overlays keep between frames.
    pub overlays: OverlayCache,
    /// Pictures of the last frame, in the order of the numbers in their cells.
    pub pictures: Vec<PlacedPicture>,
    /// Pictures that the last frame had room for, and that were not decoded yet.
    pub wanted_pictures: Vec<WantedPicture>,
}

/// Draws the article, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, cache: &mut RenderCache, info: &mut FrameInfo) {
    let focused = view.app.focus() == Focus::Detail;
    // One column at each side of the text, and the borders.
    let room = usize::from(area.width).saturating_sub(4).max(1);
    let columns = room.min(view.settings().layout.text.into());
    let is_centred = view.app.pane_layout().zen || room >= columns.saturating_add(CENTRED_FROM);
    let margin = if is_centred { (room - columns) / 2 } else { 0 };
    // Code and tables begin where the text does, and go on to the end of the pane.
    let width = room - margin;
    let overflow = match view.app.detail().sideways().wraps(view.settings().wrap) {
        true => Overflow::Wrap,
        false => Overflow::Sideways,
    };
    let find = view.app.detail().find();
    let wanted = find.map_or_else(|| view.app.query().highlighter(), |find| find.highlighter().clone());
    let height = pane_frame::inner(area, buf).height;
    let pane = (u16::try_from(columns).unwrap_or(u16::MAX), height);
    let pictures = picture_room(view, pane);
    lay_out(view, (Measure { columns, wide: width, overflow }, pictures), &wanted, cache);
    let (count, height) = (cache.page.len(), usize::from(height));
    if cache.hits.0 != wanted {
        cache.hits = (wanted.clone(), highlights::in_page(&wanted, &cache.page));
    }
    let found = &cache.hits.1;
    let line_of = |hit: &Hit| hit.first().map_or(0, |part| part.line);
    let here = find.and_then(|find| {
        let from = line_of_scrolled(&cache.page, find.from());
        find.selected_of(found.len(), found.partition_point(|hit| line_of(hit) < from))
    });
    let detail = view.app.detail();
    let mut scroll = match detail.anchor() {
        Some(top) => line_of_top(cache.page.lines(), top, detail.scroll()),
        None => line_of_scrolled(&cache.page, detail.scrolled()),
    };
    if let Some(line) =
        here.filter(|_| find.is_some_and(FindInArticle::wants_view)).and_then(|at| found.get(at)).map(line_of)
        && !(scroll..scroll + height).contains(&line)
    {
        // Leave a third of the pane above the hit, for its context.
        scroll = line.saturating_sub(height / 3);
    }
    let scroll = scroll.min(count.saturating_sub(height));
    let revealed =
        || here.filter(|_| find.is_some_and(FindInArticle::wants_view)).and_then(|at| found.get(at)?.first());
    let wanted = detail.sideways().offset();
    let sideways = sideways(&cache.page, (overflow, width), wanted, cache.widest, revealed);
    let widest = widest_of(&cache.page, scroll..scroll.saturating_add(height).min(count));
    (info.detail.sideways, info.detail.sideways_end) = (sideways, widest.map(|widest| widest.saturating_sub(width)));
    let view_of = |line: usize| window(&cache.page, (overflow, width), sideways, line);
    let last = count.saturating_sub(height);
    let mut crumbs = view.app.jump_back_titles(MAX_CRUMBS).map(|title| text::cut(&title, CRUMB_COLUMNS)).peekable();
    let title = match () {
        () if find.is_some_and(|find| !find.highlighter().is_empty()) => match here {
            Some(at) => clean::plain_line(&format!("Article · hit {} of {}", at + 1, found.len())),
            None if found.is_empty() => "Article · not found".into(),
            None => {
                clean::plain_line(&format!("Article · {} hit{}", found.len(), if found.len() == 1 { "" } else { "s" }))
            }
        },
        () if crumbs.peek().is_none() => "Article".into(),
        () => {
            let key = view.keymap.key_of(Action::JumpBack).unwrap_or_default();
            let start = clean::plain_line(&format!("Article · {key}"));
            clean::join(&std::iter::once(start).chain(crumbs).collect::<Vec<SafeText>>(), " ‹ ")
        }
    };
    let inner = pane_frame::draw_beside_list(area, buf, view, focused, (&title, place_in_words(scroll, last)), info);
    (info.detail.area, info.detail.offset, info.detail.lines) = (inner, scroll, count);
    if last > 0 && pane_frame::has_right_border(area, buf) {
        info.detail.scrollbar = Some(inner.right());
        draw_thumb(inner, buf, view, focused, (scroll, count));
    }
    let article = view.app.detail().article();
    info.detail.top = article.map(|id| (id, top(cache.page.lines(), scroll)));
    info.detail.position = article.zip(cache.page.position_of(scroll));
    info.detail.bottom = cache.page.position_of((scroll + height).min(count).saturating_sub(1));
    // What follows is beside the margin.
    let margin = u16::try_from(margin).unwrap_or(u16::MAX);
    let inner = Rect { x: inner.x.saturating_add(margin), width: inner.width.saturating_sub(margin), ..inner };
    record_topics(&cache.topics, inner, scroll, info);
    folded_page::record(&cache.page, inner, scroll, &mut info.detail.folds);
    // A jump to a place near the end does not bring it to the top: mark it.
    let jumped_to = detail.jumped_to().map(|position| cache.page.line_at(position)).filter(|line| *line != scroll);
    if focused {
        let line = here.and_then(|at| found.get(at)).map_or(jumped_to.unwrap_or(scroll), line_of);
        let y = inner.y.saturating_add(line.saturating_sub(scroll) as u16).min(inner.bottom().saturating_sub(1));
        info.cursor = Some(Position { x: inner.x.saturating_add(1), y });
    }
    (info.detail.find_hits, info.detail.find_at) = (find.map_or(0, |_| found.len()), here);
    if view.app.article().is_none() {
        return pane_frame::draw_text(inner, buf, "No article selected.".into(), view.styles.dim);
    }
    for (y, number) in (inner.y..inner.bottom()).zip(scroll..count) {
        let Some(line) = cache.page.lines().get(number) else { break };
        let (x, columns) = (inner.x.saturating_add(1), inner.width.saturating_sub(1));
        match view_of(number) {
            Some(window) => buf.set_line(x, y, &window.of(line, view.styles.dim), columns),
            None => buf.set_line(x, y, line, columns),
        };
    }
    let pictures = (&mut cache.pictures, &mut cache.wanted_pictures);
    page_pictures::draw(inner, buf, view, (&cache.page, scroll), pictures);
    if let Some(line) = jumped_to.filter(|line| (scroll..scroll + height).contains(line)) {
        let width = cache.page.lines().get(line).map_or(0, Line::width);
        let y = inner.y.saturating_add((line - scroll) as u16);
        let place = Rect { x: inner.x.saturating_add(1), y, width: width as u16, height: 1 };
        buf.set_style(place.intersection(inner), view.styles.selected.focused);
    }
    let first = found.partition_point(|hit| hit.last().is_some_and(|part| part.line < scroll));
    for (number, hit) in found.iter().enumerate().skip(first).take_while(|(_, hit)| line_of(hit) < scroll + height) {
        let style = if here == Some(number) { view.styles.hit.here } else { view.styles.hit.other };
        for part in hit.iter().filter(|part| (scroll..scroll + height).contains(&part.line)) {
            let y = inner.y.saturating_add((part.line - scroll) as u16);
            let seen = view_of(part.line).map_or(Some(part.columns.clone()), |window| window.visible(&part.columns));
            let Some(columns) = seen else { continue };
            let x = inner.x.saturating_add(1).saturating_add(columns.start as u16);
            let area = Rect { x, y, width: columns.len() as u16, height: 1 };
            buf.set_style(area.intersection(inner), style);
        }
    }
}

/// Where the screen is in the article, for the frame: nothing if all of it is on the screen.
fn place_in_words(scroll: usize, last: usize) -> SafeText {
    match scroll {
        _ if last == 0 => SafeText::default(),
        0 => "Top".into(),
        _ if scroll >= last => "End".into(),
        // The article may be long, but not so long that this overflows: lines have a limit.
        _ => clean::plain_line(&format!("{}%", (scroll.saturating_mul(100) / last).clamp(1, 99))),
    }
}

/// The room for pictures in the text, if they are drawn.
fn picture_room(view: &FrameInput, pane: (u16, u16)) -> Option<PictureRoom> {
    let cell = view.picture_cell.filter(|_| view.app.pictures().is_on())?;
    PictureRoom::in_pane(pane, view.settings().pictures.rows, cell)
}

/// Draws the thumb of the scrollbar over the right border.
fn draw_thumb(inner: Rect, buf: &mut Buffer, view: &FrameInput, is_focused: bool, (scroll, count): (usize, usize)) {
    if view.settings().symbols() == SymbolSet::Plain {
        return;
    }
    let height = usize::from(inner.height);
    let length = (height * height / count.max(1)).clamp(1, height.max(1));
    let (free, last) = (height.saturating_sub(length), count.saturating_sub(height).max(1));
    // At an end only if the article is.
    let at = match scroll {
        0 => 0,
        _ if scroll >= last => free,
        _ => (scroll.saturating_mul(free) / last).clamp(1.min(free), free.saturating_sub(1).max(1.min(free))),
    };
    let style = if is_focused { view.styles.frame.focused } else { view.styles.frame.other };
    for y in (inner.y..inner.bottom()).skip(at).take(length) {
        buf.set_span(inner.right(), y, &text::span(signs::THUMB.sign, style), 1);
    }
}

/// Records the cells of the visible topics, as many as `info` has room for.
fn record_topics(topics: &[topic_positions::TopicPosition], inner: Rect, scroll: usize, info: &mut FrameInfo) {
    let shown = topics.iter().filter(|topic| (scroll..scroll + usize::from(inner.height)).contains(&topic.line));
    for topic in shown {
        let column = usize::from(inner.x) + 1 + topic.columns.start;
        let row = inner.y.saturating_add((topic.line - scroll) as u16);
        info.detail.topics.push(IndexedCells::new((column, row), topic.columns.len(), topic.topic));
    }
}

/// Columns of the widest code or table in some lines without wrapping, if one is wider than the text.
fn widest_of(page: &Page, lines: Range<usize>) -> Option<usize> {
    let first = page.block_at(lines.start)?;
    let last = page.block_at(lines.end.checked_sub(1)?)?;
    page.blocks().get(first..=last)?.iter().filter_map(|block| block.sideways).max()
}

/// The visible columns of a line, if its block scrolls sideways.
fn window(page: &Page, (overflow, columns): (Overflow, usize), offset: usize, line: usize) -> Option<Window> {
    let widest = page.blocks().get(page.block_at(line)?)?.sideways.filter(|_| overflow == Overflow::Sideways)?;
    let mut bytes = 0;
    let indent = page.lines().get(line)?.spans.iter().take_while(|span| {
        bytes += span.content.len();
        bytes <= page.indent_of(line)
    });
    let fixed = indent.map(|span| text::width(&span.content)).sum();
    Some(Window::new(fixed, offset, columns, widest))
}

/// The columns to scroll away of wide blocks: as many as `wanted`, as far as the widest goes, or what shows a hit.
fn sideways<'a>(
    page: &Page,
    room: (Overflow, usize),
    wanted: usize,
    widest: usize,
    hit: impl FnOnce() -> Option<&'a HitPart>,
) -> usize {
    if room.0 == Overflow::Wrap {
        return 0;
    }
    let offset = wanted.min(widest.saturating_sub(room.1));
    let moved = hit().and_then(|part| Some(window(page, room, offset, part.line)?.offset_for(&part.columns)));
    moved.unwrap_or(offset)
}

/// A hash of the text of a line, 0 for a blank line.
fn line_hash(line: &Line<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    line.spans.iter().for_each(|span| hasher.write(span.content.as_bytes()));
    if line.width() == 0 { 0 } else { hasher.finish().max(1) }
}

fn top(lines: &[Line<'_>], scroll: usize) -> TopLines {
    let mut top = TopLines::default();
    top.iter_mut().zip(lines.iter().skip(scroll)).for_each(|(slot, line)| *slot = line_hash(line));
    top
}

/// The first visible line of a scrolled article: by text position if a frame has recorded one.
fn line_of_scrolled(page: &Page, scrolled: ScrollPosition) -> usize {
    scrolled.position.map_or(scrolled.line, |position| page.line_at(position))
}

/// Finds the lines that were at the top of the screen, `top`, again after the article changed. Returns the line from
/// which most of them match, the nearest to `old_line` of several, or `old_line` if none matches.
fn line_of_top(lines: &[Line<'_>], top: &TopLines, old_line: usize) -> usize {
    let keys: Vec<u64> = lines.iter().map(line_hash).collect();
    let mut best = (0, old_line);
    for line in 0..keys.len() {
        let fits = keys.iter().skip(line).zip(top).filter(|(here, there)| here == there && **here != 0).count();
        let nearer = line.abs_diff(old_line) < best.1.abs_diff(old_line);
        if fits > best.0 || (fits == best.0 && fits > 0 && nearer) {
            best = (fits, line);
        }
    }
    best.1
}

fn lay_out(view: &FrameInput, measure: (Measure, Option<PictureRoom>), wanted: &Highlighter, cache: &mut RenderCache) {
    let Some(article) = view.app.article() else {
        (cache.key, cache.page, cache.topics, cache.hits, cache.widest) = Default::default();
        cache.targets.clear();
        cache.has_tags = false;
        return;
    };
    // Ages in words, such as `3 minutes ago`, change every minute.
    let minute = view.app.now().timestamp() / 60;
    let mut shown = article_page::marks(view, &article);
    shown.extend(article_page::tags(view, article.id));
    shown.extend(article_page::score(view, article.id));
    shown.extend(view.app.rules().words(article.id, view.app.marks()));
    let known = view.app.detail().pictures().version() << 1 | u64::from(view.app.pictures().is_on());
    let generations = [view.app.loaded_feed().generation(), view.styles_version, known];
    let choices = view.app.detail().folds();
    let key = Some((article.id, measure, minute, generations, shown, choices.clone()));
    let search = Unfolding { highlighter: wanted.clone(), is_find: view.app.detail().find().is_some() };
    // Read once, and only if the article is laid out.
    let read_links = OnceCell::new();
    let links = || {
        read_links.get_or_init(|| {
            let index = view.app.feed().index_of(article.id).unwrap_or(usize::MAX);
            article_links::links_in_feed(view.app.feed(), index, &article)
        })
    };
    let lay_out = |choices: &FoldChoices| article_page::page(view, &article, links(), measure, choices);
    if cache.key != key {
        let page = lay_out(&choices);
        cache.unfolded = UnfoldedHits::of(&page.lines, choices.clone());
        cache.set_page(page);
        cache.targets = links().iter().map(|named| hyperlinks::target(named.link.address()?)).collect();
        cache.key = key;
    }
    if let Some(choices) = cache.unfolded.search(search, &choices, lay_out) {
        cache.set_page(lay_out(&choices));
    }
}

impl RenderCache {
    fn set_page(&mut self, page: PageBuilder) {
        // The hits go too: they are columns of the old lines.
        (self.page, self.topics, self.hits) = (page.lines, page.topics, Default::default());
        let mut spans = self.page.lines().iter().flat_map(|line| &line.spans);
        self.has_tags = spans.any(|span| span.style.underline_color.is_some());
        self.widest = self.page.blocks().iter().filter_map(|block| block.sideways).max().unwrap_or_default();
    }
}
