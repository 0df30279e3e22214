//! The whole user interface without I/O: keys and events go in, effects come out, and a frame can be drawn at any time.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::capabilities::Background;
use crate::app::{
    App, ButtonCommand, Command, Effect, Effects, Event, FrameInfo, MouseAction, SessionInit, UserConfig, WantedPicture,
};
use crate::config::theme::Theme;
use crate::config::{CommandSetting, Settings, SymbolSet};
use crate::feed::clean;
use crate::keymap::{Key, KeyResult, Keymap, MouseInput, MouseTracker, PendingKeys};
use crate::picture::{Graphics, ScreenGraphics};
use crate::text::hyperlinks::Hyperlink;
use crate::text::placed_pictures::PlacedPicture;
use crate::ui::{self, FrameInput, RenderCache, Styles};

/// How long keys may be pending before the keys that may follow are shown.
const CONTINUATIONS_DELAY: TimeDelta = TimeDelta::milliseconds(300);

/// The settings, the index of the theme, and whether the background of the terminal is light, if known.
type AppliedTheme = (Arc<Settings>, usize, Option<bool>);

/// The reading session, with its keymap, its styles and what is cached between frames.
pub struct HeadlessUi {
    app: App,
    keymap: Keymap,
    pending: PendingKeys,
    /// When the last of them was pressed.
    pending_since: DateTime<Utc>,
    /// The time of the last key, or the last time that was set.
    now: DateTime<Utc>,
    mouse: MouseTracker,
    /// What the styles were made from.
    applied_theme: Option<AppliedTheme>,
    styles: Styles,
    /// Counts changes of styles and settings, so that caches know when to drop what they hold.
    styles_version: u64,
    picture_cell: Option<(u16, u16)>,
    render_cache: RenderCache,
    background: Option<Background>,
    graphics: ScreenGraphics,
}

/// The same configuration with the commands of a keymap.
fn with_keys(user: UserConfig, keymap: &Keymap) -> UserConfig {
    let run = |setting: &CommandSetting| {
        (Command::runs_own(&setting.name.text), clean::plain_line(setting.program.program()))
    };
    let own = user.settings.commands.iter().map(run).collect();
    UserConfig { bound_commands: Arc::new(keymap.bound_commands().with_own(own)), ..user }
}

impl HeadlessUi {
    /// A session without articles.
    pub fn new(init: SessionInit, keymap: Keymap, now: DateTime<Utc>) -> HeadlessUi {
        let init = SessionInit { user: with_keys(init.user, &keymap), ..init };
        HeadlessUi {
            app: App::new(init, now),
            keymap,
            pending: PendingKeys::default(),
            pending_since: now,
            now,
            mouse: MouseTracker::default(),
            styles: Styles::new(&Theme::default(), SymbolSet::default()),
            applied_theme: None,
            styles_version: 0,
            picture_cell: None,
            render_cache: RenderCache::default(),
            background: None,
            graphics: ScreenGraphics::default(),
        }
    }

    /// Updates the styles if the theme or the settings have changed.
    fn apply_theme(&mut self) {
        let (settings, index) = (self.app.settings(), self.app.shown_theme());
        let is_light = self.app.themes().is_light();
        let is_applied =
            |(applied, at, on): &AppliedTheme| Arc::ptr_eq(applied, settings) && (*at, *on) == (index, is_light);
        if self.applied_theme.as_ref().is_some_and(is_applied) {
            return;
        }
        self.styles = Styles::new(&self.app.themes().theme(index), settings.symbols());
        self.applied_theme = Some((settings.clone(), index, is_light));
        self.styles_version += 1;
    }

    /// The state of the session.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The bindings of keys.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// Applies new settings and a new keymap.
    pub fn apply_config(&mut self, user: UserConfig, keymap: Keymap) -> Effects {
        self.pending.clear();
        self.keymap = keymap;
        self.app.receive(Event::SettingsLoaded(Box::new(with_keys(user, &self.keymap))))
    }

    /// Sets the terminal's background: a fitting theme is shown, unless the user has chosen one. Returns whether the screen may
    /// change.
    pub fn set_background(&mut self, background: Background) -> bool {
        self.app.set_background(background == Background::Light);
        self.background.replace(background) != Some(background)
    }

    /// The terminal's background, if known.
    pub fn background(&self) -> Option<Background> {
        self.background
    }

    /// The hyperlinks of the last frame.
    pub fn links(&self) -> &[Hyperlink] {
        &self.render_cache.links
    }

    /// Sets how the screen draws pictures.
    pub fn set_graphics(&mut self, graphics: ScreenGraphics) {
        self.graphics = graphics;
        let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
        let cell = (side(graphics.cell.width), side(graphics.cell.height));
        // Only placeholders scroll with the text.
        self.set_picture_cell((graphics.graphics == Graphics::Placeholders).then_some(cell));
    }

    /// The pictures that the last frame had room for, and that must be decoded first.
    pub fn wanted_pictures(&self) -> &[WantedPicture] {
        &self.render_cache.wanted_pictures
    }

    /// The pictures of the last frame, in the order of the numbers in their cells.
    pub fn pictures(&self) -> &[PlacedPicture] {
        &self.render_cache.pictures
    }

    /// Sets the time of the session and of the next key.
    pub fn set_time(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.app.set_time(now);
    }

    /// Sets the time of the session only, for events: keys that are pending wait as before.
    pub fn set_event_time(&mut self, now: DateTime<Utc>) {
        self.app.set_time(now);
    }

    /// Sets the time of the next key only, for sessions whose time is fixed.
    pub fn set_key_time(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// When to show the keys that may follow the pending keys. `None` if no sequence is pending, or if they are shown already.
    pub fn shows_continuations_at(&self) -> Option<DateTime<Utc>> {
        (!self.pending.keys().is_empty())
            .then(|| self.pending_since + CONTINUATIONS_DELAY)
            .filter(|due| *due > self.now)
    }

    /// Presses a key. Returns the effects, and whether the screen may change.
    pub fn press(&mut self, key: Key) -> (Effects, bool) {
        let was_pending = !self.pending.is_empty();
        self.pending_since = self.now;
        let key = self.keymap.resolve_key(self.app.context(), self.pending.keys(), key);
        match self.keymap.press(self.app.context(), &mut self.pending, key) {
            KeyResult::Command(command, count) => (self.app.run(&command, count), true),
            KeyResult::Pending => (Effects::none(), true),
            KeyResult::Unbound => (Effects::none(), was_pending),
        }
    }

    /// Handles a mouse event. `at` is a monotonic time, from any start. Returns the effects, and whether the screen may change.
    pub fn point(&mut self, input: MouseInput, at: Duration) -> (Effects, bool) {
        let pending = std::mem::take(&mut self.pending);
        let was_pending = !pending.is_empty();
        match self.mouse.point(input, at, self.app.context(), self.app.frame()) {
            Some(MouseAction::Run(ButtonCommand::CompleteKeys(line))) => {
                let rest = self.keymap.completing_keys(self.app.context(), pending.keys(), line);
                self.pending = pending;
                let effects = rest.into_iter().flat_map(|key| self.press(key).0.0);
                (Effects(effects.collect()), true)
            }
            Some(pointed) => (self.app.apply_mouse(pointed), true),
            None => (Effects::none(), was_pending),
        }
    }

    /// Sets the width and height of a cell in pixels, if the terminal draws pictures in the text: they get lines there.
    pub fn set_picture_cell(&mut self, cell: Option<(u16, u16)>) {
        self.picture_cell = cell;
    }

    /// Handles an event from outside.
    pub fn receive(&mut self, event: Event) -> Effects {
        self.app.receive(event)
    }

    /// Handles pasted text.
    pub fn paste(&mut self, text: &str) -> Effects {
        self.app.paste(text)
    }

    /// Runs the jobs among `effects` at once, for callers without a job runner. Returns the other effects.
    pub fn run_jobs(&mut self, effects: Effects) -> Effects {
        let mut others = Effects::none();
        for effect in effects.0 {
            match effect {
                Effect::RunJob(job) => {
                    let effects = self.receive(Event::Job(job.run_now()));
                    others.0.extend(self.run_jobs(effects).0);
                }
                other => others.0.push(other),
            }
        }
        others
    }

    /// Draws a frame, and records for the session what it showed.
    pub fn draw(&mut self, area: Rect, buf: &mut Buffer) -> FrameInfo {
        self.apply_theme();
        let (info, is_outdated) = self.draw_once(area, buf);
        if !is_outdated {
            return info;
        }
        for cell in &mut buf.content {
            cell.reset();
        }
        self.draw_once(area, buf).0
    }

    /// Draws a frame. True if it has to be drawn again.
    fn draw_once(&mut self, area: Rect, buf: &mut Buffer) -> (FrameInfo, bool) {
        let view = FrameInput {
            app: &self.app,
            keymap: &self.keymap,
            pending: &self.pending,
            shows_continuations: !self.pending.keys().is_empty()
                && self.pending_since + CONTINUATIONS_DELAY <= self.now,
            styles: &self.styles,
            styles_version: self.styles_version,
            picture_cell: self.picture_cell,
            graphics: self.graphics,
        };
        let info = ui::draw(area, buf, &view, &mut self.render_cache);
        (info, self.app.frame_drawn(info))
    }

    /// A screen of the given size, drawn.
    pub fn screen(&mut self, columns: u16, rows: u16) -> Buffer {
        let area = Rect::new(0, 0, columns.min(ui::MAX_SCREEN), rows.min(ui::MAX_SCREEN));
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        buffer
    }
}
