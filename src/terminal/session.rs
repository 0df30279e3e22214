//! The reader without the world: keys go in, effects come out, and any frame of it can be drawn.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::capabilities::Background;
use crate::app::{self, App, Beginning, Effect, Effects, Event, FrameInfo, Picked};
use crate::config::theme::Theme;
use crate::config::themes::{Colours, ThemeWish, Themes};
use crate::feed::{Shown, clean};
use crate::keymap::{Hand, Key, Keymap, Pointer, Pressed};
use crate::ui::links::Spot;
use crate::ui::{self, Looks, Memo, Styles, View};

/// Whoever waits so long in a sequence of keys is shown what may follow.
const HESITATES: TimeDelta = TimeDelta::milliseconds(300);

/// What the reader's own files say; they may say something else while it runs.
#[derive(Debug)]
pub struct Settings {
    /// What concerns the reading.
    pub reading: app::Settings,
    /// What keys do.
    pub keymap: Keymap,
    /// The theme that the settings ask for.
    pub theme: ThemeWish,
    /// The themes.
    pub themes: Themes,
    /// How the screen is laid out and written.
    pub looks: Looks,
    /// Whether mouse events are asked for.
    pub mouse: bool,
    /// The command that opens links, when the settings name one.
    pub browser: Option<String>,
    /// The command that edits files, when the settings name one.
    pub editor: Option<String>,
}

/// What a session starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What the reading begins with.
    pub beginning: Beginning,
    /// The name of what is read.
    pub library: Shown,
    /// The theme that the settings ask for.
    pub theme: ThemeWish,
    /// The themes.
    pub themes: Themes,
    /// The colours that can be shown.
    pub colours: Colours,
    /// The theme that was picked in another session.
    pub picked: Option<Picked>,
    /// How the screen is laid out and written.
    pub looks: Looks,
}

/// The reading session with its keys and its looks.
pub struct Session {
    app: App,
    keymap: Keymap,
    pending: Vec<Key>,
    /// Since when they wait.
    pending_since: DateTime<Utc>,
    /// The time of the last key, or of the last look at the clock.
    now: DateTime<Utc>,
    hand: Hand,
    theme: ThemeWish,
    themes: Themes,
    colours: Colours,
    /// The theme of the styles, and whether it leaves the ground of the terminal.
    worn: Option<(usize, bool)>,
    styles: Styles,
    looks: Looks,
    /// Counts the changes of styles and looks.
    look: u64,
    library: Shown,
    memo: Memo,
    background: Option<Background>,
}

impl Session {
    /// A session without articles yet.
    pub fn new(start: Start, keymap: Keymap, now: DateTime<Utc>) -> Session {
        let Start { mut beginning, library, theme, themes, colours, picked, looks } = start;
        let chosen = theme.choose(&themes, colours, None);
        beginning.themes = app::Themes::new(names(&themes, colours), chosen, theme.to_string(), picked);
        Session {
            app: App::new(beginning, now),
            keymap,
            pending: Vec::new(),
            pending_since: now,
            now,
            hand: Hand::default(),
            styles: Styles::new(&Theme::default()),
            theme,
            themes,
            colours,
            worn: None,
            looks,
            look: 0,
            library,
            memo: Memo::default(),
            background: None,
        }
    }

    /// Takes other themes and looks, as when the settings were changed. The theme that was picked stays, as long as they name
    /// what they named.
    pub fn dress(&mut self, theme: ThemeWish, themes: Themes, looks: Looks) {
        let chosen = theme.choose(&themes, self.colours, self.is_light());
        self.app.take_themes(names(&themes, self.colours), chosen, theme.to_string());
        (self.theme, self.themes, self.looks) = (theme, themes, looks);
        self.worn = None;
    }

    /// Makes the styles of the theme that is shown, when it is another one.
    fn wear(&mut self) {
        let place = self.app.shown_theme();
        // Chosen for the background of the terminal, a theme leaves that as it is.
        let chosen = self.is_light().map(|is_light| self.theme.choose(&self.themes, self.colours, Some(is_light)));
        let leaves_ground = self.theme == ThemeWish::Auto && chosen == Some(place);
        if self.worn == Some((place, leaves_ground)) {
            return;
        }
        let mut theme = self.themes.get(place, self.colours);
        if leaves_ground {
            theme.ground = Theme::colourless().ground;
        }
        self.styles = Styles::new(&theme);
        self.worn = Some((place, leaves_ground));
        self.look += 1;
    }

    /// The state of the session.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Takes over other settings.
    pub fn adopt(
        &mut self,
        reading: app::Settings,
        keymap: Keymap,
        (theme, themes, looks): (ThemeWish, Themes, Looks),
    ) -> Effects {
        self.pending.clear();
        self.keymap = keymap;
        self.dress(theme, themes, looks);
        self.app.receive(Event::SettingsRead(Box::new(reading)))
    }

    /// Takes note of the terminal's background: the theme that fits is shown, unless one is named or picked. True when
    /// anything may look different now.
    pub fn background_is(&mut self, background: Background) -> bool {
        let differs = self.background.replace(background) != Some(background);
        let chosen = self.theme.choose(&self.themes, self.colours, self.is_light());
        self.app.choose_theme(chosen);
        differs
    }

    /// Whether the terminal's background is light, when that is known.
    fn is_light(&self) -> Option<bool> {
        self.background.map(|background| background == Background::Light)
    }

    /// The terminal's background, as far as it is known.
    pub fn background(&self) -> Option<Background> {
        self.background
    }

    /// Where links stood in the last frame.
    pub fn links(&self) -> &[Spot] {
        &self.memo.links
    }

    /// Takes note of the time, before a key.
    pub fn time_is(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.app.time_is(now);
    }

    /// Takes note of the moment at which keys are pressed, where the time stands still otherwise.
    pub fn moment_is(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// When what may follow the pending keys is to be shown; none when no keys wait, or it is shown already.
    pub fn shows_continuations_at(&self) -> Option<DateTime<Utc>> {
        (!self.pending.is_empty()).then(|| self.pending_since + HESITATES).filter(|due| *due > self.now)
    }

    /// Presses a key. True beside the effects when anything may look different now.
    pub fn press(&mut self, key: Key) -> (Effects, bool) {
        let was_pending = !self.pending.is_empty();
        self.pending_since = self.now;
        let key = self.keymap.told_apart(self.app.context(), &self.pending, key);
        match self.keymap.press(self.app.context(), &mut self.pending, key) {
            Pressed::Command(command) => (self.app.run(&command), true),
            Pressed::Pending => (Effects::none(), true),
            Pressed::Nothing => (Effects::none(), was_pending),
        }
    }

    /// Points at the screen; `at` is when, since any beginning. True beside the effects when anything may look different now.
    pub fn point(&mut self, pointer: Pointer, at: Duration) -> (Effects, bool) {
        let was_pending = !self.pending.is_empty();
        self.pending.clear();
        match self.hand.point(pointer, at, self.app.context(), self.app.frame()) {
            Some(pointed) => (self.app.point(pointed), true),
            None => (Effects::none(), was_pending),
        }
    }

    /// Takes in a fact from outside.
    pub fn receive(&mut self, event: Event) -> Effects {
        self.app.receive(event)
    }

    /// Takes in text that was pasted.
    pub fn paste(&mut self, text: &str) -> Effects {
        self.app.paste(text)
    }

    /// Does the searches among some effects at once, for readers without a terminal; gives back the other effects.
    pub fn search_now(&mut self, effects: Effects) -> Effects {
        let mut others = Effects::none();
        for effect in effects.0 {
            match effect {
                Effect::Search(request) => {
                    let (ticket, answer) = (request.ticket, request.run());
                    let effects = self.receive(Event::Found { ticket, answer });
                    others.0.extend(self.search_now(effects).0);
                }
                other => others.0.push(other),
            }
        }
        others
    }

    /// Draws a frame, and lets the session know what was shown.
    pub fn draw(&mut self, area: Rect, buf: &mut Buffer) -> FrameInfo {
        self.wear();
        let view = View {
            app: &self.app,
            keymap: &self.keymap,
            pending: &self.pending,
            shows_continuations: !self.pending.is_empty() && self.pending_since + HESITATES <= self.now,
            styles: &self.styles,
            looks: &self.looks,
            look: self.look,
            library: &self.library,
        };
        let info = ui::draw(area, buf, &view, &mut self.memo);
        self.app.frame_drawn(info);
        info
    }

    /// A whole screen of a size.
    pub fn screen(&mut self, columns: u16, rows: u16) -> Buffer {
        let area = Rect::new(0, 0, columns.min(ui::LARGEST), rows.min(ui::LARGEST));
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        buffer
    }
}

fn names(themes: &Themes, colours: Colours) -> Vec<Shown> {
    themes.names(colours).map(clean::decoded).collect()
}
