//! The reader without the world: keys go in, effects come out, and any frame of it can be drawn.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{self, App, Beginning, Effect, Effects, Event, Picked, Seen};
use crate::config::theme::Theme;
use crate::config::themes::Themes;
use crate::feed::{Shown, clean};
use crate::keymap::{Key, Keymap, Pressed};
use crate::ui::{self, Looks, Memo, Styles, View};

/// What a session starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What the reading begins with.
    pub beginning: Beginning,
    /// The name of what is read.
    pub library: Shown,
    /// The themes, and which of them is wished for.
    pub themes: Themes,
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
    themes: Themes,
    /// Whether the ground of the terminal is light, when that is known.
    is_light: Option<bool>,
    /// The theme of the styles, and whether it leaves the ground of the terminal.
    worn: Option<(usize, bool)>,
    styles: Styles,
    looks: Looks,
    /// Counts the changes of styles and looks.
    look: u64,
    library: Shown,
    memo: Memo,
}

impl Session {
    /// A session without articles yet.
    pub fn new(start: Start, keymap: Keymap, now: DateTime<Utc>) -> Session {
        let Start { mut beginning, library, themes, picked, looks } = start;
        beginning.themes = app::Themes::new(names(&themes), themes.choose(None), themes.wished(), picked);
        Session {
            app: App::new(beginning, now),
            keymap,
            pending: Vec::new(),
            styles: Styles::new(&Theme::default()),
            themes,
            is_light: None,
            worn: None,
            looks,
            look: 0,
            library,
            memo: Memo::default(),
        }
    }

    /// Takes note of the ground of the terminal: the theme that fits is shown, unless one is named or picked.
    pub fn ground_is(&mut self, is_light: bool) {
        self.is_light = Some(is_light);
        self.app.choose_theme(self.themes.choose(self.is_light));
    }

    /// Takes other themes and looks, as when the settings were changed. The theme that was picked stays, as long as they name
    /// what they named.
    pub fn dress(&mut self, mut themes: Themes, looks: Looks) {
        // Those are a matter of the terminal.
        themes.colours = self.themes.colours;
        self.app.take_themes(names(&themes), themes.choose(self.is_light), themes.wished());
        (self.themes, self.looks) = (themes, looks);
        self.worn = None;
    }

    /// Makes the styles of the theme that is shown, when it is another one.
    fn wear(&mut self) {
        let place = self.app.shown_theme();
        let leaves_ground = self.themes.leaves_ground(place, self.is_light);
        if self.worn == Some((place, leaves_ground)) {
            return;
        }
        let mut theme = self.themes.get(place);
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

    /// Takes note of the time, before a key.
    pub fn time_is(&mut self, now: DateTime<Utc>) {
        self.app.time_is(now);
    }

    /// Presses a key. True beside the effects when anything may look different now.
    pub fn press(&mut self, key: Key) -> (Effects, bool) {
        let was_pending = !self.pending.is_empty();
        match self.keymap.press(self.app.context(), &mut self.pending, key) {
            Pressed::Action(action) => (self.app.apply(action), true),
            Pressed::Pending => (Effects::none(), true),
            Pressed::Nothing => (Effects::none(), was_pending),
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
    pub fn draw(&mut self, area: Rect, buf: &mut Buffer) -> Seen {
        self.wear();
        let view = View {
            app: &self.app,
            keymap: &self.keymap,
            pending: &self.pending,
            styles: &self.styles,
            looks: &self.looks,
            look: self.look,
            library: &self.library,
        };
        let seen = ui::draw(area, buf, &view, &mut self.memo);
        self.app.saw(seen);
        seen
    }

    /// A whole screen of a size.
    pub fn screen(&mut self, columns: u16, rows: u16) -> Buffer {
        let area = Rect::new(0, 0, columns.min(ui::LARGEST), rows.min(ui::LARGEST));
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        buffer
    }
}

fn names(themes: &Themes) -> Vec<Shown> {
    themes.names().map(clean::decoded).collect()
}
