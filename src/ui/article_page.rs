//! The page of an article: its fields above and below the body as blocks, with the body between them.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::date_display;
use super::frame_input::FrameInput;
use super::styles::Styles;
use super::topic_positions;
use crate::app::{Action, Pictures};
use crate::config::SymbolSet;
use crate::feed::picture_facts::PictureState;
use crate::feed::tags::{self, MAX_TAGS};
use crate::feed::{
    Article, ArticleId, Enclosure, FullText, Link, NamedLink, PagePart, Picture, Role, SafeText, Severity, Tag,
    TextPosition, article_pictures, clean, fields, shown_excerpt,
};
use crate::markdown::{self, Measure};
use crate::picture::Size;
use crate::text::hyperlinks::{self, LinkSource};
use crate::text::{
    self, BlockKind, Caption, Captions, FoldChoices, PAGE_DETAILS, PAGE_DETAILS_PLACE, Page, PictureRoom, Piece, signs,
    span,
};

/// Most rows of the picture above the text.
const LEAD_ROWS: u16 = 12;
/// Width of the labels below the body.
const LABEL_COLUMNS: usize = 10;

/// The user's marks of the article, except read, which the row in the list shows.
pub fn marks(view: &FrameInput, article: &Article) -> Vec<SafeText> {
    let marks = view.app.marks();
    let starred = marks.is_starred(article.id).then(|| clean::run(&format!("{} starred", signs::STARRED.sign)));
    let hidden = marks.is_hidden(article.id).then(|| clean::run(&format!("{} hidden", signs::HIDDEN.sign)));
    let note = marks.note(article.id).map(|note| clean::join(&[signs::NOTE.sign.into(), note.clone()], " "));
    starred.into_iter().chain(hidden).chain(note).collect()
}

/// The user's own tags, with a sign that tells them from topics. At most as many as an article can get; the number of others.
pub fn tags(view: &FrameInput, article: ArticleId) -> Vec<SafeText> {
    let tags = tags::of(view.app.marks(), article);
    let more = tags.len().saturating_sub(MAX_TAGS);
    let more = (more > 0).then(|| clean::plain_line(&format!("… {} more", text::grouped(more))));
    tags.iter().take(MAX_TAGS).map(Tag::signed).chain(more).collect()
}

/// The blocks of an article: title, facts, body and fields.
pub fn page(
    view: &FrameInput,
    article: &Article,
    links: &[NamedLink],
    (measure, room): (Measure, Option<PictureRoom>),
    folds: &FoldChoices,
) -> PageBuilder {
    let (styles, columns) = (view.styles, measure.columns);
    let key = caption_key(view);
    let fetches = Pictures::can_fetch(&view.settings().pictures.remote);
    let captions = Captions { known: view.app.detail().pictures().of(article.id), room, key: &key, fetches };
    let mut page = PageBuilder { columns, lines: Page::default(), topics: Vec::new(), part: PagePart::Head, block: 0 };
    page.add(&[(article.title.clone(), styles.title)]);
    page.rule(view.settings().symbols(), styles.dim);
    let mut about = joined(provider(article), " · ", styles.provider, styles.dim);
    add_words(&mut about, facts(view, article), styles.dim, styles.dim);
    add_words(&mut about, marks(view, article), styles.accent, styles.dim);
    page.add(&about);
    // Fixed block numbers, so that optional blocks before them do not change the positions of the following text.
    page.block = 10;
    let topics: Vec<SafeText> = article.topics.iter().map(|topic| clean::run(&format!("#{}", topic.shown()))).collect();
    let tags = tags(view, article.id);
    if !topics.is_empty() || !tags.is_empty() {
        let topics = topics.into_iter().map(|topic| (topic, styles.topic));
        page.add_labels(topics.chain(tags.into_iter().map(|tag| (tag, styles.accent))).collect(), styles.dim);
    }
    if let Some(link) = article.shown_link() {
        let (shown, real) = (link.shown(), link.shown_with_real_host());
        // An address that hides its host is shown as a whole.
        let shown = if *shown == real { text::cut_middle(shown, columns) } else { real };
        page.add(&[(shown, linked(styles.link, number_of(links, link)))]);
        if let Link::Refused { why, .. } = link {
            page.add(&[(clean::plain_line(&why.to_string()), styles.warning)]);
        }
    }
    page.block = 19;
    if let Some(picture) = article_pictures::lead(article) {
        page.blank();
        page.picture(picture, captions, number_of(links, &picture.link), styles);
    }
    page.block = 20;
    if let Some(excerpt) = shown_excerpt(article) {
        page.blank();
        page.add(&[(excerpt.clone(), styles.text)]);
    }
    if !article.body.is_blank() {
        page.blank();
        let (syntax, links) = (article.syntax(), (links, captions));
        page.lines.append(markdown::lay_out(&article.body, syntax, measure, links, &styles.markdown, folds));
    }
    page.blank();
    (page.part, page.block) = (PagePart::Foot, 0);
    add_fields(view, article, links, &mut page);
    add_details(view, article, links, folds.is_open(PAGE_DETAILS, false), &mut page);
    page
}

/// The key that captions name. None on a screen that is read aloud, where it would be said with each picture.
fn caption_key(view: &FrameInput) -> String {
    let has_key =
        cfg!(feature = "pictures") && view.app.pictures().is_on() && view.settings().symbols() != SymbolSet::Plain;
    let key = has_key.then(|| view.keymap.key_of(Action::Picture)).flatten();
    key.map(|key| view.key_names(&key)).unwrap_or_default()
}

fn provider(article: &Article) -> Vec<SafeText> {
    let mut words = vec![article.provider.name.clone()];
    if !article.author.is_empty() && article.author != article.provider.name {
        words.push(clean::plain_line(&format!("by {}", article.author)));
    }
    words
}

fn facts(view: &FrameInput, article: &Article) -> Vec<SafeText> {
    let (now, dates) = (view.app.now(), &view.settings().dates);
    let mut words = Vec::new();
    if let Some(date) = article.published {
        words.extend([date_display::date(dates, date), date_display::age_in_words(date.at(dates.zone), now)]);
    }
    if !article.body.is_blank() {
        words.push(clean::plain_line(&format!("{} min to read", article.reading_minutes())));
    }
    words.extend(article.played().map(Enclosure::description));
    words.extend(article.full_text.as_ref().map(FullText::fact));
    words
}

/// Heat, quality and other numbers of the article.
fn numbers(view: &FrameInput, article: &Article) -> Vec<SafeText> {
    let mut words: Vec<SafeText> = fields::facts(article).collect();
    let hotter = article.heat.filter(|heat| Some(*heat) != article.quality && *heat >= 0);
    words.extend(hotter.map(|heat| clean::plain_line(&format!("heat {heat}"))));
    words.extend(score(view, article.id));
    words
}

/// The score from rules, unless it is 0.
pub fn score(view: &FrameInput, article: ArticleId) -> Option<SafeText> {
    let score = view.app.marks().score(article);
    (score != 0).then(|| clean::plain_line(&format!("score {score:+}")))
}

/// Adds the labelled fields below the body that are shown in any case: what belongs to the text, and problems of the file.
fn add_fields(view: &FrameInput, article: &Article, links: &[NamedLink], page: &mut PageBuilder) {
    let styles = view.styles;
    if let Some(words) = story(view, article) {
        page.labelled("Story", words, styles.text, styles.dim);
    }
    let numbered = |words: &str, link: &Link| {
        let number = number_of(links, link);
        let shown = number.map_or_else(String::new, |number| format!(" [{number}]"));
        (clean::plain_line(&format!("{words}{}{shown}", link.shown_with_real_host())), linked(styles.text, number))
    };
    for enclosure in &article.enclosures {
        let (words, style) = numbered(&format!("{}: ", enclosure.description()), &enclosure.link);
        page.labelled("Enclosure", words, style, styles.dim);
    }
    if let Some(comments) = &article.comments {
        let (words, style) = numbered("", comments);
        page.labelled("Comments", words, style, styles.dim);
    }
    for problem in view.app.problems().of(article) {
        let position = problem.at.map(|at| format!("line {}, column {}: ", at.line, at.column)).unwrap_or_default();
        let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
        let label = if problem.severity == Severity::Error { "Error" } else { "Warning" };
        let text = clean::plain_line(&format!("{position}{}{hint}", problem.what));
        page.labelled(label, text, styles.warning, styles.warning);
    }
    if view.app.problems().of(article).any(|problem| problem.severity == Severity::Error) {
        page.labelled("", "shown as last read".into(), styles.warning, styles.warning);
    }
}

/// Adds the details, which are folded unless the user opened them.
fn add_details(view: &FrameInput, article: &Article, links: &[NamedLink], is_open: bool, page: &mut PageBuilder) {
    let styles = view.styles;
    let fold = page.details_title(is_open, styles.dim);
    if !is_open {
        return page.lines.end_fold(fold);
    }
    if article.provider.domain != article.provider.name {
        page.labelled("Site", article.provider.domain.clone(), styles.text, styles.dim);
    }
    if let Some(updated) = article.updated.filter(|updated| Some(*updated) != article.published) {
        page.labelled("Updated", date_display::date(&view.settings().dates, updated), styles.text, styles.dim);
    }
    let numbers = numbers(view, article);
    if !numbers.is_empty() {
        page.labelled("Numbers", clean::join(&numbers, " · "), styles.text, styles.dim);
    }
    for picture in article.pictures.iter().skip(article_pictures::lead(article).iter().count()) {
        let size = picture.size.map(|(width, height)| format!(" {width} × {height}")).unwrap_or_default();
        let number = number_of(links, &picture.link);
        let style = linked(styles.text, number);
        let number = number.map(|n| format!(" [{n}]")).unwrap_or_default();
        let title = if picture.title.is_empty() { picture.link.shown() } else { &picture.title };
        page.labelled("Picture", clean::plain_line(&format!("{title}{size}{number}")), style, styles.dim);
    }
    if let Some(link) = article.link.as_ref().filter(|_| article.shown_link().is_none()) {
        page.labelled("Link", link.shown().clone(), styles.text, styles.dim);
    }
    for (name, link) in &article.other_links {
        let number = number_of(links, link);
        let style = linked(styles.text, number);
        let number = number.map(|n| format!("[{n}] ")).unwrap_or_default();
        page.labelled(
            "Link",
            clean::plain_line(&format!("{number}{name}: {}", link.shown_with_real_host())),
            style,
            styles.dim,
        );
    }
    let hidden = (article.shown_by_site == Some(false)).then(|| "not shown by its site".into());
    // Most articles are news, or articles: to say so says nothing.
    let says_something = |word: &SafeText| !["news", "article"].contains(&word.as_str());
    let kind = [article.category.clone(), article.kind.clone()].into_iter().flatten().filter(says_something);
    let kind: Vec<SafeText> = kind.chain(hidden).collect();
    if !kind.is_empty() {
        page.labelled("Kind", clean::join(&kind, ", "), styles.text, styles.dim);
    }
    for (label, words) in fields::labelled(article) {
        page.labelled(label, words, styles.text, styles.dim);
    }
    for (number, words) in view.app.rules().words(article.id, view.app.marks()).into_iter().enumerate() {
        page.labelled(if number == 0 { "Rules" } else { "" }, words, styles.text, styles.dim);
    }
    page.labelled("File", clean::path(&article.path), styles.dim, styles.dim);
    for path in &article.also_in {
        page.labelled("Also in", clean::path(path), styles.dim, styles.dim);
    }
    page.lines.end_fold(fold);
}

fn story(view: &FrameInput, article: &Article) -> Option<SafeText> {
    let feed = view.app.feed();
    let article_index = feed.index_of(article.id)?;
    let story = feed.story_of(article_index);
    match (feed.role(article_index), story) {
        (Role::Head, Some(story)) => {
            let members = story.members.len();
            let s = if members == 1 { "" } else { "s" };
            Some(clean::plain_line(&format!("leads a story with {members} other article{s}")))
        }
        (Role::Member, Some(story)) => {
            let head = feed.get(story.head).map(|head| head.title.clone()).unwrap_or_default();
            Some(clean::plain_line(&format!("belongs to “{head}”")))
        }
        (Role::Member, None) => Some("belongs to a story whose head is not in the library".into()),
        _ => None,
    }
}

fn number_of(links: &[NamedLink], link: &Link) -> Option<usize> {
    links.iter().position(|known| known.link.shown() == link.shown()).map(|at| at + 1)
}

/// The style for text with link `number`, if there is one.
fn linked(style: Style, number: Option<usize>) -> Style {
    number.map_or(style, |number| hyperlinks::tag(style, LinkSource::Article, number))
}

fn joined(words: Vec<SafeText>, between: &'static str, style: Style, between_style: Style) -> Vec<(SafeText, Style)> {
    let mut pieces = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        if !pieces.is_empty() {
            pieces.push((clean::run(between), between_style));
        }
        pieces.push((word, style));
    }
    pieces
}

/// Adds words to others in the same line.
fn add_words(pieces: &mut Vec<(SafeText, Style)>, words: Vec<SafeText>, style: Style, between: Style) {
    let words = joined(words, " · ", style, between);
    if !pieces.is_empty() && !words.is_empty() {
        pieces.push((clean::run(" · "), between));
    }
    pieces.extend(words);
}

/// Builds the lines of the article.
pub struct PageBuilder {
    columns: usize,
    /// The page so far.
    pub lines: Page,
    /// Positions of the topics, and of the tags behind them.
    pub topics: Vec<topic_positions::TopicPosition>,
    /// Position of the next block.
    part: PagePart,
    block: u32,
}

impl PageBuilder {
    fn add(&mut self, pieces: &[(SafeText, Style)]) {
        let pieces: Vec<Piece> =
            pieces.iter().map(|(text, style)| Piece { text: text.clone(), style: *style }).collect();
        if pieces.is_empty() {
            self.block += 1;
        } else {
            self.wrap(&pieces, &[], &[]);
        }
    }

    /// Adds a block.
    fn wrap(&mut self, pieces: &[Piece], first: &[Span<'static>], rest: &[Span<'static>]) {
        let (part, block) = (self.part, self.block);
        self.lines.begin(BlockKind::Text, TextPosition { part, block, inside: 0 }, 0..0);
        text::wrap_with_positions(pieces, self.columns, first, rest).for_each(|line| self.lines.push(line));
        self.block += 1;
    }

    /// Adds a picture of the front matter.
    fn picture(&mut self, picture: &Picture, captions: Captions, number: Option<usize>, styles: &Styles) {
        let words = match picture.title.is_empty() {
            true => article_pictures::words("", picture.link.shown().as_str()),
            false => picture.title.clone(),
        };
        let mut facts = captions.known.of(&picture.link);
        facts.size = facts.size.or(picture.size.map(|(width, height)| Size::new(width, height)));
        let room = captions.room.map(|room| room.at_most(self.columns, LEAD_ROWS));
        // A declared size gives no room to what cannot be drawn.
        let may_be_drawn = matches!(facts.state, PictureState::Unknown | PictureState::Readable);
        let room = room.filter(|_| may_be_drawn);
        let cells = room.zip(facts.size).map_or((0, 0), |(room, size)| room.cells_of(size));
        let style = styles.markdown.marker;
        let numbers: Vec<(usize, Style)> =
            number.map(|number| (number, linked(style, Some(number)))).into_iter().collect();
        let written = picture.link.shown();
        let caption = Caption { words: &words, written, facts: &facts, numbers: &numbers, is_drawn: cells.1 > 0 };
        let caption = captions.pieces(caption, styles.markdown.signs.captions, styles.markdown.rule);
        let (part, block) = (self.part, self.block);
        self.lines.begin(BlockKind::Picture, TextPosition { part, block, inside: 0 }, 0..0);
        let lines = text::wrap_with_positions(&caption, self.columns, &[], &[]);
        self.lines.push_picture(written.clone(), cells, [&Line::default(), &Line::default()], lines);
        self.block += 1;
    }

    /// Adds topics and tags, which can be clicked.
    fn add_labels(&mut self, labels: Vec<(SafeText, Style)>, between: Style) {
        let first = self.lines.len();
        let mut pieces: Vec<(SafeText, Style)> = Vec::new();
        for label in &labels {
            if !pieces.is_empty() {
                pieces.push((clean::run("  "), between));
            }
            pieces.push(label.clone());
        }
        self.add(&pieces);
        let topics: Vec<SafeText> = labels.into_iter().map(|(label, _)| label).collect();
        self.topics = topic_positions::find_topics(self.lines.lines().get(first..).unwrap_or_default(), first, &topics);
    }

    fn labelled(&mut self, label: &'static str, text: SafeText, style: Style, label_style: Style) {
        let first =
            [span(label, label_style), text::repeat(" ", LABEL_COLUMNS.saturating_sub(label.len()), label_style)];
        let rest = [text::repeat(" ", LABEL_COLUMNS, label_style)];
        self.wrap(&[Piece { text, style }], &first, &rest);
    }

    /// A line below the title; none on a screen that is read aloud.
    fn rule(&mut self, symbols: SymbolSet, style: Style) {
        if symbols != SymbolSet::Plain {
            let (part, block) = (self.part, self.block);
            self.lines.begin(BlockKind::Rule, TextPosition { part, block, inside: 0 }, 0..0);
            self.lines.push_blank(Line::from(text::repeat("─", self.columns, style)));
        }
        self.block += 1;
    }

    /// Adds the title of the details, and returns the index of their fold.
    fn details_title(&mut self, is_open: bool, style: Style) -> usize {
        let fold = self.lines.begin_fold(PAGE_DETAILS, is_open, None);
        self.lines.begin(BlockKind::Details, PAGE_DETAILS_PLACE, 0..0);
        let title = clean::run(&format!("{} Details", if is_open { signs::UNFOLDED } else { signs::FOLDED }.sign));
        text::wrap_with_positions(&[Piece { text: title, style }], self.columns, &[], &[])
            .for_each(|line| self.lines.push(line));
        self.block = PAGE_DETAILS_PLACE.block.saturating_add(1);
        fold
    }

    fn blank(&mut self) {
        if self.lines.lines().last().is_some_and(|line| line.width() > 0) {
            self.lines.push_blank(Line::default());
        }
    }
}
