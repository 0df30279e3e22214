//! The loop of the reader: wait for keys and facts, take them in, draw.

use std::io;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType};
use ratatui::layout::Rect;

use super::capabilities::{self, Background, Widths, background_of_variable, variable};
use super::escape_sequence::InputEvent;
use super::frame_extras::{self, FrameOptions};
use super::input::Input;
use super::io_context::World;
use super::screen_diff::Screen;
use super::terminal_guard::{Guard, Output};
use super::ui_session::Session;
use super::{signals, terminal_query, tty};
use crate::app::{App, Bookmark, Event};
use crate::dates::Now;
use crate::jobs::load_library::load;
use crate::jobs::{Job, JobReport, JobStatus};
use crate::keymap::MouseInput;
use crate::ui;

/// How long to wait for a key while jobs are running, before looking at what they report.
const WHILE_BUSY: Duration = Duration::from_millis(15);
/// How long the first frame waits for the marks on the disk.
const MARKS_READ: Duration = Duration::from_millis(100);
/// How many [`MOMENT`]s a key waits for its search before it is drawn.
const MOMENTS: u32 = 10;
/// And how often when what rules hide would be seen until then.
const RULED: u32 = 100;
const MOMENT: Duration = Duration::from_millis(1);

/// What an event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing looks different.
    Same,
    /// Something may look different.
    Changed,
    /// The program ends.
    End,
}

/// The session, the screen and the keys.
pub struct Reader {
    pub screen: Screen<Output>,
    pub options: FrameOptions,
    pub session: Session,
    pub world: World,
    pub input: Input,
    /// The terminal was asked what it can do.
    pub was_asked: bool,
    /// The terminal told its background, and is asked for it again.
    pub tells_background: bool,
    /// How the terminal counts columns.
    pub widths: Widths,
    /// Columns of the clusters that were measured so far; none once all answers have come.
    pub measured: Option<Vec<u16>>,
    pub fixed_now: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
    pub begun: Instant,
}

impl Reader {
    /// Wait, take in, draw once; and draw only when something may look different.
    pub fn run(&mut self) -> io::Result<()> {
        if let Some(known) = self.world.library_service.open_snapshot(self.now) {
            self.receive(vec![known.into()])?;
        }
        // What is known is drawn before anything else is looked at; without it, reading cannot begin too early.
        let is_known = !self.session.app().feed().is_empty();
        if !is_known {
            self.load()?;
        }
        self.await_marks()?;
        self.draw()?;
        self.world.guard.watch();
        if is_known {
            self.load()?;
        }
        let asked = self.ask()?;
        let mut changed = match self.take_in_all(asked)? {
            Turn::End => return Ok(()),
            turn => turn == Turn::Changed,
        };
        #[cfg(debug_assertions)]
        super::fault_injection::happen(&mut self.world.runner, &mut self.input);
        if changed {
            self.draw()?;
        }
        loop {
            self.input.wait(self.patience())?;
            // First, since a press means what stands on the screen.
            changed = signals::take_resized();
            if changed {
                self.repaint()?;
            }
            changed = match self.take_in_all(changed)? {
                Turn::End => return Ok(()),
                turn => turn == Turn::Changed,
            };
            if Guard::stop_requested() {
                self.suspend()?;
                changed = true;
            }
            if self.world.guard.take_continued()? {
                self.repaint()?;
                self.ask_again()?;
                changed = true;
            }
            let events = self.world.inbox.events();
            changed |= self.receive(events)?;
            if self.session.app().needs_rules() {
                changed |= self.await_search()?;
            }
            changed |= self.tick()?;
            if changed {
                self.draw()?;
            }
            // What the snapshot does not have whole is read from the files.
            if self.session.app().feed().is_damaged() && self.session.app().jobs().is_empty() {
                self.load()?;
            }
        }
    }

    /// Takes in what jobs report. True when something may look different.
    pub fn receive(&mut self, events: Vec<Event>) -> io::Result<bool> {
        let mut any = false;
        for event in events {
            // Neither is on the screen: a look at the files shows when it has news, a job when it has progress.
            let is_unseen =
                matches!(&event, Event::FilesChanged | Event::Job(JobReport { status: JobStatus::Started, .. }));
            any |= !is_unseen;
            let effects = self.session.receive(event);
            self.perform(effects)?;
        }
        Ok(any)
    }

    /// Gives the marks a moment, so that what was read does not look unread in the first frame, and the rules, so that what
    /// they hide is not seen in it.
    fn await_marks(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let waits = |app: &App| !app.session_marks().are_read() && (app.feed().is_empty() || !app.can_wait_for_marks());
        let keeps = self.world.keeper.is_some();
        let is_ready = |app: &App| (!keeps || !waits(app)) && (app.feed().is_empty() || !app.needs_rules());
        while !is_ready(self.session.app()) && begun.elapsed() < MARKS_READ {
            let events = self.world.inbox.wait(MOMENT);
            self.receive(events)?;
        }
        Ok(())
    }

    /// Gives a search a moment, so that most are drawn in the same frame as the key; but a key never waits for it.
    fn await_search(&mut self) -> io::Result<bool> {
        let mut any = false;
        for moment in 0..RULED {
            let app = self.session.app();
            let waits = moment < MOMENTS && (app.search().is_running() || app.rules().are_awaited());
            if !waits && !app.needs_rules() || self.input.has_come()? {
                break;
            }
            let events = self.world.inbox.wait(MOMENT);
            any |= self.receive(events)?;
        }
        Ok(any)
    }

    /// How long to wait for a key: until jobs may have reported, else until the article that is open counts as read, or the
    /// ages on the screen change. The keeper wakes the loop when it has news.
    fn patience(&self) -> Duration {
        if !self.session.app().jobs().is_empty() {
            return WHILE_BUSY;
        }
        let now = Utc::now();
        let minute = Duration::from_secs(60 - now.timestamp().rem_euclid(60) as u64);
        let until = |due: DateTime<Utc>| (due - self.fixed_now.unwrap_or(now)).to_std().unwrap_or_default();
        let hesitates = self.session.shows_continuations_at().map(|due| (due - now).to_std().unwrap_or_default());
        let due = self.session.app().due().map(until).into_iter().chain(hesitates);
        due.min().map_or(minute, |due| due.min(minute))
    }

    /// Asks the terminal what it can do. True when something may look different for want of an answer.
    fn ask(&mut self) -> io::Result<bool> {
        if !capabilities::knows_commands(variable) {
            return Ok(false);
        }
        self.was_asked = true;
        let knows_background = terminal_query::ask(self.world.guard.output()?, &mut self.input)?;
        let instead = background_of_variable().filter(|_| !knows_background);
        Ok(instead.is_some_and(|background| self.session.background_is(background)))
    }

    /// Takes in the background that the terminal told. From now on it tells what may mean another one.
    fn take_background(&mut self, background: Background) -> io::Result<Turn> {
        if !self.tells_background {
            self.tells_background = true;
            tty::take_more(|more| more.look = true)?;
        }
        Ok(if self.session.background_is(background) { Turn::Changed } else { Turn::Same })
    }

    /// All answers have come: takes in the columns that were measured. With one missing it is not known which is which.
    fn take_measured(&mut self) -> Turn {
        let columns = self.measured.take().and_then(|columns| columns.as_slice().try_into().ok());
        let Some(columns) = columns else { return Turn::Same };
        self.widths = Widths::of_columns(columns).or(self.widths);
        if self.screen.widths_are(self.widths) { Turn::Changed } else { Turn::Same }
    }

    /// Asks for the background again, if the terminal told it before; the answer comes among the keys.
    pub fn ask_again(&mut self) -> io::Result<()> {
        match self.tells_background {
            true => terminal_query::ask_for_background(self.world.guard.output()?),
            false => Ok(()),
        }
    }

    /// Takes in all that has come. `changed` says whether something looks different already.
    fn take_in_all(&mut self, mut changed: bool) -> io::Result<Turn> {
        let mut any = false;
        while let Some(next) = self.input.next()? {
            any = true;
            if changed && next.is_press() {
                self.draw()?;
            }
            match self.take_in(next)? {
                Turn::End => return Ok(Turn::End),
                Turn::Changed => changed = true,
                Turn::Same => {}
            }
        }
        changed |= any && self.await_search()?;
        Ok(if changed { Turn::Changed } else { Turn::Same })
    }

    fn take_in(&mut self, event: InputEvent) -> io::Result<Turn> {
        let now = Utc::now();
        self.session.time_is(self.fixed_now.unwrap_or(now));
        self.session.moment_is(now);
        match event {
            InputEvent::Key(key) => {
                let (effects, changed) = self.session.press(key);
                if self.perform(effects)? == Turn::End {
                    return Ok(Turn::End);
                }
                Ok(if changed { Turn::Changed } else { Turn::Same })
            }
            InputEvent::Mouse(pointer) => self.take_pointer(pointer),
            InputEvent::Paste(text) => {
                let effects = self.session.paste(&text);
                self.perform(effects)
            }
            InputEvent::Background(background) => self.take_background(background),
            InputEvent::Focus(true) | InputEvent::Scheme(_) => {
                self.ask_again()?;
                Ok(Turn::Same)
            }
            InputEvent::Kitty if self.was_asked => {
                tty::take_more(|more| more.keys = true)?;
                Ok(Turn::Same)
            }
            InputEvent::Cursor { row: terminal_query::MEASURED_ROW, column } => {
                self.measured.iter_mut().for_each(|measured| measured.push(column));
                Ok(Turn::Same)
            }
            InputEvent::Kind => Ok(self.take_measured()),
            InputEvent::Kitty | InputEvent::Focus(false) | InputEvent::Cursor { .. } => Ok(Turn::Same),
        }
    }

    /// The turns of a wheel that wait, and the places of a drag, are one.
    fn take_pointer(&mut self, mut pointer: MouseInput) -> io::Result<Turn> {
        while pointer.goes_on()
            && let Some(next) = self.input.next()?
        {
            let later = if let InputEvent::Mouse(later) = &next { pointer.with(*later) } else { None };
            let Some(both) = later else {
                self.input.give_back(next);
                break;
            };
            pointer = both;
        }
        let (effects, changed) = self.session.point(pointer, self.begun.elapsed());
        if self.perform(effects)? == Turn::End {
            return Ok(Turn::End);
        }
        Ok(if changed { Turn::Changed } else { Turn::Same })
    }

    /// True when a minute has gone by, so that ages may look different, or the article that is open counts as read now.
    fn tick(&mut self) -> io::Result<bool> {
        let moment = Utc::now();
        let now = self.fixed_now.unwrap_or(moment);
        let due = self.session.app().due().is_some_and(|due| due <= now);
        let hesitates = self.session.shows_continuations_at().is_some_and(|due| due <= moment);
        if hesitates {
            self.session.moment_is(moment);
        }
        let later = due || now.timestamp() / 60 != self.now.timestamp() / 60;
        if later {
            self.now = now;
            self.receive(vec![Event::Tick(now)])?;
        }
        Ok(later || hesitates)
    }

    /// Looks at the article files again.
    pub fn load(&mut self) -> io::Result<()> {
        let now = Now { at: self.now, zone: self.session.app().zone() };
        self.start(load(&self.world.library_service, now))
    }

    /// Starts a job.
    pub fn start(&mut self, job: Job) -> io::Result<()> {
        let started = self.world.runner.run(job);
        self.tell(Event::Job(started))
    }

    /// Tells the session a fact.
    pub fn tell(&mut self, event: Event) -> io::Result<()> {
        self.receive(vec![event]).map(drop)
    }

    fn draw(&mut self) -> io::Result<()> {
        frame_extras::compose(&mut self.screen, &mut self.session, self.options);
        // Before the frame is sent: a signal may end the program as soon as the frame is seen.
        if let Some(keeper) = &self.world.keeper {
            let light = self.session.background().map(|background| background == Background::Light);
            keeper.remember(self.session.app().bookmark().map(|bookmark| Bookmark { light, ..bookmark }));
        }
        self.screen.send()
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.screen = fresh(&self.world.guard, false)?;
        self.screen.widths_are(self.widths);
        Ok(())
    }
}

/// The smallest screen, in columns and rows, on which columns are measured: where there is room for them.
const MEASURABLE: (u16, u16) = (12, 2);

/// A cleared screen of the terminal's size, which remembers nothing. Sizes that no terminal has are not believed. Whether
/// columns are measured meanwhile is for the caller to say, who must read the answers.
pub fn fresh(guard: &Guard, measures: bool) -> io::Result<Screen<Output>> {
    let (columns, rows) = crossterm::terminal::size()?;
    let area = Rect::new(0, 0, columns.clamp(1, ui::MAX_SCREEN), rows.clamp(1, ui::MAX_SCREEN));
    let mut output = guard.output()?;
    if measures && columns >= MEASURABLE.0 && rows >= MEASURABLE.1 {
        terminal_query::measure_widths(&mut output)?;
    }
    execute!(output, Clear(ClearType::All))?;
    Ok(Screen::new(output, area))
}
