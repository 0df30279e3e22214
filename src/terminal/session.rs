//! The reader without the world: keys go in, effects come out, and any frame of it can be drawn.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::capabilities::Background;
use crate::app::{App, Beginning, Effect, Effects, Event, Seen};
use crate::config::theme::Theme;
use crate::feed::Shown;
use crate::keymap::{Key, Keymap, Pressed};
use crate::ui::links::Spot;
use crate::ui::{self, Memo, Styles, View};

/// What a session starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What the reading begins with.
    pub beginning: Beginning,
    /// The name of what is read.
    pub library: Shown,
    /// The colours.
    pub theme: Theme,
}

/// The reading session with its keys and its looks.
pub struct Session {
    app: App,
    keymap: Keymap,
    pending: Vec<Key>,
    styles: Styles,
    library: Shown,
    memo: Memo,
    background: Option<Background>,
}

impl Session {
    /// A session without articles yet.
    pub fn new(start: Start, keymap: Keymap, now: DateTime<Utc>) -> Session {
        Session {
            app: App::new(start.beginning, now),
            keymap,
            pending: Vec::new(),
            styles: Styles::new(&start.theme),
            library: start.library,
            memo: Memo::default(),
            background: None,
        }
    }

    /// The state of the session.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Takes note of the terminal's background: the place where colours for it are chosen. True when anything may look
    /// different now.
    pub fn background_is(&mut self, background: Background) -> bool {
        self.background.replace(background) != Some(background)
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
        self.app.time_is(now);
    }

    /// Presses a key. True beside the effects when anything may look different now.
    pub fn press(&mut self, key: Key) -> (Effects, bool) {
        let was_pending = !self.pending.is_empty();
        let key = match key.without_protocol() {
            Some(other) if !was_pending && !self.keymap.binds(self.app.context(), key) => other,
            _ => key,
        };
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
        let view = View {
            app: &self.app,
            keymap: &self.keymap,
            pending: &self.pending,
            styles: &self.styles,
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
