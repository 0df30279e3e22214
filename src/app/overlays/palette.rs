//! The command palette, and help: the list of all commands with their keys, which can be searched too.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::help::{self, HelpSection, SectionRows};
use super::palette_items::{self, ArgumentNames, PaletteItem, no_command};
use crate::app::action::Action;
use crate::app::bound_commands::BoundCommands;
use crate::app::focus::Context;
use crate::app::frame_info::OverlayInfo;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::scroll::scrolled;
use crate::app::text_input::TextInput;
use crate::feed::SafeText;
use crate::text::signs::Sign;

/// A line of the palette or of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaletteLine {
    /// A heading.
    Heading(SafeText),
    /// A row, by its index.
    Row(usize),
    /// An empty line.
    Blank,
}

/// A row that can be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaletteRow {
    /// A command, which Enter runs.
    Command(PaletteItem),
    /// A sign of the screen with its meaning. It is a row, so that keys reach every one of them.
    Sign(Sign),
}

/// The palette or help: the commands that match the typed text.
#[derive(Clone, Debug)]
pub struct Palette {
    /// The context from which help was opened; `None` for the palette. Help has headings, and does not type at first.
    help: Option<Context>,
    /// Actions that do nothing where help was opened.
    ignored: Vec<Action>,
    /// Whether keys type text.
    pub typing: bool,
    /// The typed text.
    pub input: TextInput,
    /// The selected row.
    pub cursor: OverlayCursor,
    /// A frame has shown the commands that match the typed text.
    is_seen: bool,
    rows: Vec<PaletteRow>,
    lines: Vec<PaletteLine>,
}

impl Palette {
    /// The palette with all commands.
    pub fn open(session: &SessionParts) -> Palette {
        Palette::in_session((None, Vec::new()), session)
    }

    /// The palette with a text, as if the user had typed it.
    pub fn with_text(text: &str, session: &SessionParts) -> Palette {
        let mut palette = Palette::open(session);
        palette.insert(text);
        palette.update_items_in(session);
        palette
    }

    /// Help for a context, without the actions that do nothing there.
    pub fn open_help(context: Context, ignored: Vec<Action>, session: &SessionParts) -> Palette {
        Palette::in_session((Some(context), ignored), session)
    }

    fn in_session(help: (Option<Context>, Vec<Action>), session: &SessionParts) -> Palette {
        Palette::new(help, session.bound_commands, &|argument, visit| session.names(argument, visit))
    }

    fn new((help, ignored): (Option<Context>, Vec<Action>), bound: &BoundCommands, names: ArgumentNames) -> Palette {
        let (input, cursor) = (TextInput::default(), OverlayCursor::default());
        let (rows, lines) = (Vec::new(), Vec::new());
        let mut palette = Palette { help, ignored, typing: help.is_none(), input, cursor, is_seen: false, rows, lines };
        palette.update_items(bound, names);
        palette
    }

    fn update_items_in(&mut self, session: &SessionParts) {
        self.update_items(session.bound_commands, &|argument, visit| session.names(argument, visit));
    }

    /// Enter: runs the selected command. A fuzzy match that no frame has shown yet is not run: the user may type ahead of the
    /// screen.
    fn run(&mut self) -> Outcome {
        let typed = self.input.text();
        // Only spaces were typed: without this, Enter would run the first command.
        if !typed.is_empty() && typed.trim().is_empty() {
            return Outcome::Stay(vec![OverlayRequest::Say("Type a command name")]);
        }
        match self.selected() {
            Some(item) if item.is_sure || self.is_seen => {
                Outcome::Close(vec![OverlayRequest::RunCommand(item.command.clone())])
            }
            Some(_) => Outcome::Stay(vec![OverlayRequest::Say("Press the key again to run the selected command")]),
            None if !self.rows.is_empty() => Outcome::stay(),
            None => Outcome::Stay(vec![OverlayRequest::Fail(no_command(typed.trim()))]),
        }
    }

    /// Whether it is help.
    pub fn is_help(&self) -> bool {
        self.help.is_some()
    }

    /// The rows that match the typed text.
    pub fn rows(&self) -> &[PaletteRow] {
        &self.rows
    }

    /// The selected command. `None` also for a sign.
    pub fn selected(&self) -> Option<&PaletteItem> {
        match self.rows.get(self.cursor.at)? {
            PaletteRow::Command(item) => Some(item),
            PaletteRow::Sign(_) => None,
        }
    }

    /// The lines: those of help with headings and blank lines.
    pub fn lines(&self) -> &[PaletteLine] {
        &self.lines
    }

    /// The line of the selected row.
    pub fn line(&self) -> usize {
        self.lines.iter().position(|line| *line == PaletteLine::Row(self.cursor.at)).unwrap_or(0)
    }

    /// Whether a line is a row.
    fn is_row(&self, line: usize) -> bool {
        matches!(self.lines.get(line), Some(PaletteLine::Row(_)))
    }

    /// Inserts typed or pasted text.
    fn insert(&mut self, text: &str) {
        self.input.insert(text);
        self.cursor = OverlayCursor::default();
    }

    /// Completes the typed text with the selected command, and a space if it accepts an argument.
    fn complete(&mut self) {
        let Some(item) = self.selected() else { return };
        let accepts_argument = item.command.argument.is_none() && palette_items::argument_of(&item.command).is_some();
        let text = item.command.to_string() + if accepts_argument { " " } else { "" };
        self.input = TextInput::with(&text);
        self.cursor = OverlayCursor::default();
    }

    /// Finds the commands that match the typed text.
    fn update_items(&mut self, bound: &BoundCommands, names: ArgumentNames) {
        self.is_seen = false;
        let typed = self.input.text().trim_start();
        let sections = match (palette_items::with_typed_argument(typed, names), self.help) {
            (Some(items), _) => vec![HelpSection::untitled(items)],
            (None, Some(context)) => help::sections(bound, (context, &self.ignored), typed),
            (None, None) => vec![HelpSection::untitled(palette_items::ranked(palette_items::user_items(bound), typed))],
        };
        (self.rows, self.lines) = (Vec::new(), Vec::new());
        for HelpSection { heading, rows } in sections.into_iter().filter(|section| !section.is_empty()) {
            if !heading.is_empty() {
                let blank = (!self.lines.is_empty()).then_some(PaletteLine::Blank);
                self.lines.extend(blank.into_iter().chain([PaletteLine::Heading(heading)]));
            }
            let before = self.rows.len();
            match rows {
                SectionRows::Commands(items) => self.rows.extend(items.into_iter().map(PaletteRow::Command)),
                SectionRows::Signs(signs) => self.rows.extend(signs.into_iter().map(PaletteRow::Sign)),
            }
            self.lines.extend((before..self.rows.len()).map(PaletteLine::Row));
        }
    }
}

impl OverlayBehaviour for Palette {
    fn context(&self) -> Context {
        if self.typing { Context::Palette } else { Context::Help }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.rows.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => return self.run(),
            Action::Back | Action::Cancel | Action::Quit if self.is_help() && self.typing => {
                *self = Palette::in_session((self.help, std::mem::take(&mut self.ignored)), session);
            }
            // A second help on top of this one would need a second Esc.
            Action::Help if self.is_help() => {}
            Action::Search => self.typing = true,
            Action::Type(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                self.update_items_in(session);
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.cursor = OverlayCursor::default();
                self.update_items_in(session);
            }
            Action::Complete | Action::CompleteBack => {
                self.complete();
                self.update_items_in(session);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, session: &SessionParts) -> Outcome {
        if self.typing {
            self.insert(text);
            self.update_items_in(session);
        }
        Outcome::stay()
    }

    /// Selects the row of a clicked line, without scrolling.
    fn click(&mut self, line: usize, session: &SessionParts) {
        if let Some(PaletteLine::Row(at)) = self.lines.get(line) {
            self.cursor = OverlayCursor { at: *at, top: Some(session.frame.offset) };
        }
    }

    /// True for a row; headings cannot be run.
    fn double_click(&mut self, line: usize) -> bool {
        self.is_row(line)
    }

    fn scroll(&mut self, by: isize, session: &SessionParts) {
        let (frame, lines) = (session.frame, &self.lines);
        let top = self.cursor.top.unwrap_or(frame.offset);
        let (top, line) = scrolled((top, self.line()), by, frame.height.max(1), lines.len());
        let row = |line: &PaletteLine| if let PaletteLine::Row(at) = line { Some(*at) } else { None };
        let (before, behind) = lines.split_at(line.min(lines.len()));
        let ahead = if by < 0 { before.iter().rev().find_map(row) } else { None };
        let at = behind.first().and_then(row).or(ahead).or_else(|| behind.iter().find_map(row));
        self.cursor = OverlayCursor { at: at.unwrap_or(self.cursor.at), top: Some(top) };
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Complete => self.typing,
            // A sign explains the screen.
            Action::Open => self.rows.is_empty() || self.selected().is_some(),
            _ => !matches!(action, Action::Toggle | Action::SaveSearch),
        }
    }

    fn frame_drawn(&mut self, frame: &OverlayInfo) {
        // A screen that is too small draws the frame without the commands.
        self.is_seen = !frame.area.is_empty() && frame.height > 0;
    }
}
