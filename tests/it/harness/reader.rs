//! A session without a terminal: keys in, screen and effects out, with a fixed clock and size.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use frontpage::app::{App, Effect, Effects, Event, FrameInfo, Rows, SessionInit, UserConfig};
#[cfg(feature = "pictures")]
use frontpage::config::RemotePictures;
use frontpage::config::{KeySettings, Settings};
use frontpage::dates::Zone;
use frontpage::feed::Change;
use frontpage::keymap::{Key, Keymap, MouseGesture, MouseInput};
use frontpage::library::Library;
use frontpage::query::SavedSearches;
use frontpage::terminal::HeadlessUi;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The current time of all tests.
pub fn now() -> DateTime<Utc> {
    "2021-02-20T12:00:00Z".parse().expect("a time")
}

/// The user's files with these settings, their rules left out, in UTC unless they name a zone.
pub fn user(settings: &str) -> UserConfig {
    let (mut settings, problems) = Settings::parse(settings, Path::new(""), None).expect("settings");
    assert!(problems.is_empty(), "{problems:?}");
    let zone = &mut settings.dates.zone;
    *zone = Some(*zone).filter(|zone| *zone != Zone::Local).unwrap_or(Zone::Utc);
    UserConfig::from(settings)
}

pub struct Reader {
    session: HeadlessUi,
    size: (u16, u16),
    /// Effects that the keys asked for.
    pub effects: Vec<Effect>,
    /// The changes of marks that it asked to save.
    pub changes: Vec<Change>,
    screen: Buffer,
    pub frame: FrameInfo,
    /// Whether a frame is drawn after each key and each fact, as a terminal would.
    draws: bool,
    /// The time that presses go by.
    clock: Duration,
    /// Whether the last key or click may have asked for a picture: nothing else fetches any, whatever a test does.
    may_fetch: bool,
}

impl Reader {
    /// A reader of the articles in `tests/fixtures/news`, each in a row of its own.
    pub fn of_news() -> Reader {
        Reader::of_folded_news().unfolded()
    }

    /// The same with the story folded, as a session begins.
    pub fn of_folded_news() -> Reader {
        Reader::of(Library::Paths(vec![PathBuf::from("tests/fixtures/news")]))
    }

    /// The same reader with all stories unfolded.
    pub fn unfolded(mut self) -> Reader {
        self.press("Xga").effects.clear();
        self
    }

    pub fn of_folder(folder: &Path) -> Reader {
        Reader::of(Library::Paths(vec![folder.to_owned()]))
    }

    pub fn of(library: Library) -> Reader {
        Reader::empty().reading(library)
    }

    /// The same reader, with articles.
    pub fn reading(mut self, library: Library) -> Reader {
        let loaded = library.load(now(), |_| {}).expect("the library");
        let problems = loaded.problems;
        self.receive(Event::FeedLoaded { feed: loaded.feed, problems, complete: true });
        self
    }

    /// A reader whose articles have not arrived yet.
    pub fn empty() -> Reader {
        Reader::starting(SessionInit::default())
    }

    /// A reader of the articles in `tests/fixtures/news`, with settings as they are written.
    pub fn of_news_with(settings: &str) -> Reader {
        let library = Library::Paths(vec![PathBuf::from("tests/fixtures/news")]);
        Reader::with_settings(settings).reading(library)
    }

    /// A reader whose articles have not arrived yet, with settings as they are written.
    pub fn with_settings(settings: &str) -> Reader {
        Reader::starting(SessionInit { user: user(settings), ..SessionInit::default() })
    }

    /// A reader whose articles have not arrived yet, and that starts so.
    pub fn starting(init: SessionInit) -> Reader {
        let keymap = Keymap::new().expect("the default keys");
        let screen = Buffer::empty(Rect::ZERO);
        let session = HeadlessUi::new(SessionInit { library: "news".into(), ..init }, keymap, now());
        let (effects, changes, frame) = (Vec::new(), Vec::new(), FrameInfo::default());
        let clock = Duration::ZERO;
        Reader { session, size: (100, 30), effects, changes, screen, frame, draws: true, clock, may_fetch: false }
            .drawn()
    }

    /// A session that is drawn only on request, so that many keys are fast.
    pub fn blind(self) -> Reader {
        Reader { draws: false, ..self }
    }

    /// Looks at the screen as it is now.
    pub fn look(&mut self) {
        let draws = std::mem::replace(&mut self.draws, true);
        self.draw();
        self.draws = draws;
    }

    pub fn sized(mut self, columns: u16, rows: u16) -> Reader {
        self.size = (columns, rows);
        self.drawn()
    }

    fn drawn(mut self) -> Reader {
        self.draw();
        self
    }

    fn draw(&mut self) {
        if !self.draws {
            return;
        }
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut screen = Buffer::empty(area);
        self.frame = self.session.draw(area, &mut screen);
        // A terminal does what is due after each frame.
        let now = self.app().now();
        if self.app().navigation_due().is_some_and(|due| due <= now) {
            let effects = self.session.receive(Event::Tick(now));
            self.perform(effects);
            screen.reset();
            self.frame = self.session.draw(area, &mut screen);
        }
        self.screen = screen;
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.draw();
    }

    /// Presses keys, drawing after each as a terminal would.
    pub fn press(&mut self, keys: &str) -> &mut Reader {
        Key::parse_all(keys).expect("keys").into_iter().for_each(|key| self.press_key(key));
        self
    }

    pub fn press_key(&mut self, key: Key) {
        // A choice in the links or the palette, `I`, or a link by its number: `3o`.
        self.may_fetch = self.app().overlay().is_some() || Key::parse_all("Io").expect("keys").contains(&key);
        let (effects, _) = self.session.press(key);
        self.perform(effects);
        self.draw();
    }

    /// Applies a new user configuration, with the default keys.
    pub fn adopt(&mut self, user: UserConfig) {
        self.adopt_with(user, Keymap::new().expect("the default keys"));
    }

    /// Applies other saved searches, with the present settings and the default keys.
    pub fn save_searches(&mut self, saved: SavedSearches) {
        self.adopt(UserConfig { saved, settings: self.app().settings().clone(), ..UserConfig::default() });
    }

    /// Applies a new user configuration and other keys.
    pub fn adopt_with(&mut self, user: UserConfig, keymap: Keymap) {
        let effects = self.session.apply_config(user, keymap);
        self.perform(effects);
        self.draw();
    }

    /// The same reader with other keys.
    pub fn with_keys(mut self, keys: &KeySettings) -> Reader {
        let (keymap, problems) = Keymap::with(keys).expect("the table");
        assert_eq!(problems, []);
        self.adopt_with(UserConfig::default(), keymap);
        self
    }

    /// Sends a mouse event, this long after the previous one.
    pub fn point(&mut self, gesture: MouseGesture, (column, row): (u16, u16), after: Duration) {
        self.clock += after;
        self.may_fetch = true;
        let (effects, _) = self.session.point(MouseInput { gesture, column, row }, self.clock);
        self.perform(effects);
        self.draw();
    }

    /// Presses the button and lets it go.
    pub fn click(&mut self, at: (u16, u16)) -> &mut Reader {
        self.drag(at, &[])
    }

    /// Clicks twice, with this time between the clicks.
    pub fn click_twice(&mut self, at: (u16, u16), apart: Duration) -> &mut Reader {
        self.click(at);
        self.point(MouseGesture::Press, at, apart);
        self.point(MouseGesture::Release, at, Duration::ZERO);
        self
    }

    pub fn double_click(&mut self, at: (u16, u16)) -> &mut Reader {
        self.click_twice(at, Duration::from_millis(150))
    }

    /// Turns the wheel down, or up with a negative number.
    pub fn wheel(&mut self, at: (u16, u16), turns: i16) -> &mut Reader {
        self.point(MouseGesture::Wheel(turns), at, Duration::ZERO);
        self
    }

    /// Presses the button, moves the pointer, and lets it go.
    pub fn drag(&mut self, from: (u16, u16), to: &[(u16, u16)]) -> &mut Reader {
        self.point(MouseGesture::Press, from, Duration::from_secs(1));
        to.iter().for_each(|at| self.point(MouseGesture::Drag, *at, Duration::from_millis(20)));
        self.point(MouseGesture::Release, to.last().copied().unwrap_or(from), Duration::from_millis(20));
        self
    }

    /// The first cell of a text on the screen.
    #[track_caller]
    pub fn cell_of(&self, text: &str) -> (u16, u16) {
        let screen = self.text();
        let found = screen.lines().enumerate().find_map(|(row, line)| Some((line.split_once(text)?.0, row)));
        let (before, row) = found.unwrap_or_else(|| panic!("no {text} on the screen:\n{screen}"));
        (frontpage::text::width(before) as u16, row as u16)
    }

    /// The size of the screen.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The session, for looking at its state.
    pub fn with_session<R>(&mut self, change: impl FnOnce(&mut HeadlessUi) -> R) {
        change(&mut self.session);
        self.draw();
    }

    /// The screen as it was drawn.
    pub fn screen(&self) -> &Buffer {
        &self.screen
    }

    /// Sets the clock.
    pub fn time_is(&mut self, now: DateTime<Utc>) {
        self.session.set_time(now);
    }

    /// Pastes text, as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) {
        let effects = self.session.paste(text);
        self.perform(effects);
        self.draw();
    }

    pub fn receive(&mut self, event: Event) {
        let effects = self.session.receive(event);
        self.perform(effects);
        self.draw();
    }

    fn perform(&mut self, effects: Effects) {
        for effect in self.session.run_jobs(effects).0 {
            match effect {
                Effect::SaveMarks(changes) => self.changes.extend(changes),
                #[cfg(feature = "pictures")]
                Effect::FetchPicture(request) => {
                    let is_unasked =
                        matches!(self.app().settings().pictures.remote, RemotePictures::Ask) && !self.may_fetch;
                    assert!(!is_unasked, "a picture is fetched that was not asked for: {request:?}");
                    self.effects.push(Effect::FetchPicture(request));
                }
                other => self.effects.push(other),
            }
        }
    }

    /// The hyperlinks on the screen: their text and their address.
    pub fn links(&self) -> Vec<(String, String)> {
        let words = |spot: &frontpage::text::hyperlinks::Hyperlink| {
            let cells = (spot.x..spot.x + spot.columns).map(|x| self.screen[(x, spot.y)].symbol());
            cells.collect::<String>()
        };
        self.session.links().iter().map(|spot| (words(spot), spot.target.to_string())).collect()
    }

    /// The row of the cursor.
    pub fn cursor_row(&self) -> String {
        let row = self.frame.cursor.map(|at| usize::from(at.y));
        row.and_then(|row| self.text().lines().nth(row).map(str::to_owned)).unwrap_or_default()
    }

    pub fn app(&self) -> &App {
        self.session.app()
    }

    /// The title of the article that is shown.
    pub fn title(&self) -> String {
        self.app().article().map(|article| article.title.to_string()).unwrap_or_default()
    }

    /// The titles of the rows of the list.
    pub fn titles(&self) -> Vec<String> {
        self.titles_of(self.app().list().rows())
    }

    /// The titles of all articles that the query finds.
    pub fn found(&self) -> Vec<String> {
        self.titles_of(self.app().list().found())
    }

    fn titles_of(&self, rows: &Rows) -> Vec<String> {
        let articles = rows.iter().filter_map(|place| self.app().feed().get(place));
        articles.map(|article| article.title.to_string()).collect()
    }

    /// The characters on the screen.
    pub fn text(&self) -> String {
        frontpage::cli::screen_text(&self.screen)
    }

    /// The lines of the footer, with a prompt or a question.
    pub fn footer(&self) -> String {
        self.lines_in(self.frame.footer.area)
    }

    /// The lines of the notice above the footer, without blanks at their ends.
    pub fn notice(&self) -> String {
        self.lines_in(self.frame.footer.notice)
    }

    fn lines_in(&self, area: Rect) -> String {
        let line = |y| {
            let cells = (area.left()..area.right()).map(|x| self.screen[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        };
        (area.top()..area.bottom()).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The runs of underlined characters, from the top, each with its row.
    pub fn underlined(&self) -> Vec<(u16, String)> {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for y in 0..self.size.1 {
            let mut x = 0;
            while x < self.size.0 {
                let cell = &self.screen[(x, y)];
                let next = x + frontpage::text::width(cell.symbol()).max(1) as u16;
                if cell.modifier.contains(Modifier::UNDERLINED) {
                    match runs.last_mut() {
                        Some((row, end, run)) if *row == y && *end == x => {
                            (*end, *run) = (next, format!("{run}{}", cell.symbol()))
                        }
                        _ => runs.push((y, next, cell.symbol().to_owned())),
                    }
                }
                x = next;
            }
        }
        runs.into_iter().map(|(y, _, run)| (y, run)).collect()
    }

    /// The screen with its styles: under each row the runs that do not look plain.
    pub fn styled(&self) -> String {
        let mut out = String::new();
        for (y, line) in self.text().lines().enumerate() {
            let _ = writeln!(out, "{line}");
            let mut runs: Vec<(u16, u16, Style)> = Vec::new();
            for x in 0..self.size.0 {
                let style = self.screen[(x, y as u16)].style();
                match runs.last_mut() {
                    Some((_, end, known)) if *known == style && *end == x => *end = x + 1,
                    _ => runs.push((x, x + 1, style)),
                }
            }
            let plain = Buffer::empty(Rect::new(0, 0, 1, 1))[(0, 0)].style();
            for (start, end, style) in runs.iter().filter(|(.., style)| *style != plain) {
                let _ = write!(out, "    {start}..{end} {}", describe(*style));
            }
            if runs.iter().any(|(.., style)| *style != plain) {
                out.push('\n');
            }
        }
        out
    }
}

fn describe(style: Style) -> String {
    let colour = |sign: &str, colour: Option<ratatui::style::Color>| {
        colour.filter(|colour| *colour != ratatui::style::Color::Reset).map(|colour| format!("{sign}{colour}"))
    };
    let modifier = (!style.add_modifier.is_empty()).then(|| format!("{:?}", style.add_modifier));
    let parts: Vec<String> = [colour("", style.fg), colour("on ", style.bg), modifier].into_iter().flatten().collect();
    parts.join("+")
}
