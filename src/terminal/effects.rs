//! Performs the effects of the session, which does no I/O itself.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

use super::clipboard::{self, ClipboardMethod};
use super::event_loop::{EventLoop, LoopOutcome};
use super::{capabilities, library_switch, notification, programs, tty};
use crate::app::{Effect, Effects, Event, FullTextChange, FullTextNotMoved, MarksNotSaved};
use crate::config;
use crate::config::saved_searches_file::{self, SearchChange};
use crate::external_program::program::Program;
use crate::external_program::{CommandTemplate, UnclosedQuote};
use crate::feed::{ArticleId, Change, SafeText, clean};
use crate::file_system::RealFileSystem;
#[cfg(feature = "pictures")]
use crate::jobs::remote_picture;
use crate::jobs::{JobKind, copy_text, download, full_text, open_link};
use crate::library::{FullTextFolder, Library, io_error_text};
use crate::query::{Query, SavedSearches};

impl EventLoop {
    /// Performs effects in order, up to the first [`Effect::Quit`]. An error is an error of the terminal; other failures become
    /// notices.
    pub fn perform(&mut self, effects: Effects) -> io::Result<LoopOutcome> {
        for effect in effects.0 {
            if effect == Effect::Quit {
                return Ok(LoopOutcome::Quit);
            }
            self.perform_one(effect)?;
        }
        Ok(LoopOutcome::Changed)
    }

    fn perform_one(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::OpenLink(address) => match open_link::with_opener(&self.io.settings.openers, &address) {
                Ok(Some(run)) => programs::run_program(self, run),
                Ok(None) => programs::open_in_browser(self, address),
                Err(refused) => self.report_failure(&format!("Not opened: {refused}")),
            },
            Effect::Play(address) => programs::play(self, address),
            Effect::StartPlayer(player) => programs::start_player(self, player),
            Effect::Download(request) => self.start(download::download(&self.io.sync.program, request)),
            Effect::StopDownloads => {
                self.io.runner.cancel_all(JobKind::Download);
                Ok(())
            }
            Effect::Copy { text, what } => self.copy(&text, &what),
            Effect::ShowMessage(text) => self.show_message(&text),
            Effect::EditFile { path, line } => self.edit_article(&path, line),
            Effect::RunCommand(run) => programs::run_command(self, *run),
            Effect::WriteArticles(request) => library_switch::write_articles(self, *request),
            Effect::StopPrograms => programs::stop_programs(self),
            Effect::ShowInPager(text) => programs::show_in_pager(self, &text),
            Effect::ReloadFiles => self.load(),
            Effect::RunJob(job) => self.start(job),
            Effect::ChangeSearch(change) => self.change_searches(&change),
            Effect::SaveMarks(changes) => self.write_marks(changes),
            Effect::EditSavedSearches => self.edit_searches(),
            Effect::EditSettings => self.edit_settings(),
            Effect::ReloadSettings => self.read_user_config(),
            Effect::JoinSubscriptions => self.join_subscriptions(),
            Effect::OpenLibrary(path) => self.open_library(&path),
            #[cfg(feature = "sync")]
            Effect::Import(list) => self.import(list),
            Effect::FullText(request) => self.start(full_text::full_text(&self.io.sync.program, request)),
            #[cfg(feature = "pictures")]
            Effect::FetchPicture(request) => self.start(remote_picture::fetch(&self.io.sync.program, request)),
            #[cfg(feature = "pictures")]
            Effect::StopPicture => {
                self.io.runner.cancel_all(JobKind::FetchedPicture);
                Ok(())
            }
            Effect::ChangeFullText(article, change) => {
                let changed = change_full_text(self.io.library_service.full_texts(), article, change);
                self.send_event(Event::FullTextChanged(article, change, changed))
            }
            Effect::Subscriptions(effect) => self.perform_for_subscriptions(effect),
            Effect::Suspend => self.suspend(),
            Effect::Redraw => self.redraw(),
            Effect::Quit => Ok(()),
        }
    }

    /// Draws the whole screen again, after another program had the terminal.
    pub(super) fn redraw(&mut self) -> io::Result<()> {
        self.repaint()?;
        #[cfg(feature = "pictures")]
        self.pictures.forget();
        self.query_background()
    }

    pub(super) fn notify(&mut self, words: &str) -> io::Result<()> {
        self.send_event(Event::Succeeded(clean::plain_line(words)))
    }

    pub(super) fn report_failure(&mut self, words: &str) -> io::Result<()> {
        self.send_event(Event::Failed(clean::plain_line(words)))
    }

    fn write_marks(&mut self, changes: Vec<Change>) -> io::Result<()> {
        let saved = self.io.marks_writer.as_ref().ok_or(MarksNotSaved("$HOME is not set to a folder".into()));
        match saved.and_then(|marks_writer| marks_writer.write(changes)) {
            Ok(()) => Ok(()),
            Err(why) => self.send_event(Event::MarksSaved(Err(why))),
        }
    }

    /// Changes the saved searches, and reads them again.
    fn change_searches(&mut self, change: &SearchChange) -> io::Result<()> {
        let mut shown_keys = String::new();
        if let SearchChange::Pin { name, keys: Some(keys) } = change {
            match self.session.keymap().check_pin(name, keys) {
                Ok(shown) => shown_keys = shown,
                Err(error) => {
                    let (name, keys, why) = (name.clone(), keys.clone(), clean::plain_line(&error.to_string()));
                    return self.send_event(Event::PinRefused { name, keys, why });
                }
            }
        }
        let found = saved_searches_file::read(&self.io.searches).searches;
        let saved = SavedSearches::new(found.into_iter().map(|search| (search.name, search.query)));
        let renamed = |query: &str| match change {
            SearchChange::Rename { from, to } => Query::text_with_renamed(query, (from, to), &saved),
            _ => None,
        };
        if let Err(error) = saved_searches_file::change(&self.io.searches, change, &renamed) {
            let what = match change {
                SearchChange::Save { .. } => "save",
                SearchChange::Rename { .. } => "rename",
                SearchChange::Delete { .. } => "delete",
                SearchChange::Pin { .. } => "pin",
            };
            return self.report_failure(&format!("Cannot {what} the search: {error}"));
        }
        if let SearchChange::Rename { from, to } = change {
            self.send_event(Event::SearchRenamed { from: from.clone(), to: to.clone() })?;
        }
        self.read_user_config()?;
        self.notify(&match change {
            SearchChange::Save { name, query } if saved.get(name).is_some_and(|before| before != query) => {
                format!("Saved as {name}; replaced: {}", saved.get(name).unwrap_or_default())
            }
            SearchChange::Save { name, .. } => format!("Saved as {name} in {}", clean::path(&self.io.searches)),
            SearchChange::Rename { from, to } => format!("Renamed {from} to {to}"),
            SearchChange::Delete { name } => format!("Deleted {name}: {}", saved.get(name).unwrap_or_default()),
            SearchChange::Pin { name, keys: Some(_) } => format!("{shown_keys} shows {name}"),
            SearchChange::Pin { name, keys: None } => format!("No key shows {name}"),
        })
    }

    /// Opens the saved searches in the editor. Afterwards, reports the first problem in the file.
    fn edit_searches(&mut self) -> io::Result<()> {
        let file = self.io.searches.clone();
        if !self.edit(&file, 1)? {
            return Ok(());
        }
        self.read_user_config()?;
        let Some(problem) = saved_searches_file::read(&file).problems.into_iter().next() else { return Ok(()) };
        let line = problem.at.map(|(line, _)| format!(" line {line}:")).unwrap_or_default();
        self.report_failure(&format!("{}:{line} {problem}", clean::path(&file)))
    }

    /// Reads the settings and the saved searches again, and applies them.
    fn read_user_config(&mut self) -> io::Result<()> {
        let (user, keymap) = (self.io.read_user_config)();
        self.io.settings.clone_from(&user.settings);
        tty::update_extra_modes(|more| more.mouse = user.settings.mouse)?;
        let has_subscriptions = user.has_subscriptions();
        let effects = self.session.apply_config(user, keymap);
        self.perform(effects)?;
        if has_subscriptions { self.join_subscriptions() } else { Ok(()) }
    }

    /// Opens the settings in the editor. A missing file is first created with the commented defaults.
    fn edit_settings(&mut self) -> io::Result<()> {
        let file = self.io.settings_file.clone();
        if let Err(error) = config::create(&file) {
            return self.report_failure(&format!("Cannot create {}: {error}", clean::path(&file)));
        }
        if self.edit(&file, 1)? { self.send_event(Event::SettingsChanged) } else { Ok(()) }
    }

    /// Suspends the program, as Ctrl-Z does, until the shell continues it.
    pub fn suspend(&mut self) -> io::Result<()> {
        let is_suspended = self.io.guard.suspend()?;
        self.redraw()?;
        if is_suspended { Ok(()) } else { self.report_failure("Cannot suspend: there is no shell to resume frontpage") }
    }

    fn copy(&mut self, text: &SafeText, what: &SafeText) -> io::Result<()> {
        match clipboard::method_here() {
            ClipboardMethod::Tool(words) => {
                let name = words.first().map(String::as_str).unwrap_or_default();
                let done = clean::plain_line(&format!("Copied the {what} with {name}"));
                self.start(copy_text::copy(words, text.to_string(), done))
            }
            ClipboardMethod::Terminal(multiplexer) => {
                let Some(command) = multiplexer.osc52(text.as_str()) else {
                    return self.report_failure(&format!(
                        "Cannot copy the {what}: it is longer than terminals accept (75 kB)"
                    ));
                };
                let mut output = self.io.guard.output()?;
                output.write_all(command.as_bytes())?;
                output.flush()?;
                // No terminal reports whether it accepted the text, so the notice must not claim that it did.
                if let Some(tool) = clipboard::tmux_tool(multiplexer) {
                    let words =
                        format!("Copied the {what} to tmux, and sent it to the terminal (OSC 52), which may ignore it");
                    return self.start(copy_text::copy(tool, text.to_string(), clean::plain_line(&words)));
                }
                self.notify(&format!("Sent the {what} to {}, which may ignore it", multiplexer.description()))
            }
        }
    }

    /// Has the terminal show a message.
    fn show_message(&mut self, text: &SafeText) -> io::Result<()> {
        if !capabilities::supports_osc(capabilities::env_variable) {
            return Ok(());
        }
        let mut output = self.io.guard.output()?;
        output.write_all(notification::sequence(text, capabilities::env_variable).as_bytes())?;
        output.flush()
    }

    /// Opens an article file in the editor.
    fn edit_article(&mut self, path: &Path, line: u32) -> io::Result<()> {
        if self.io.library == Library::BuiltIn && path.starts_with("seeds") {
            return self.report_failure("Cannot edit this article: it is built into frontpage");
        }
        if self.edit(path, line)? { self.send_event(Event::FilesChanged) } else { Ok(()) }
    }

    /// Runs the editor in the terminal. Returns false if no editor was started.
    pub(super) fn edit(&mut self, path: &Path, line: u32) -> io::Result<bool> {
        let path = match std::path::absolute(path) {
            Ok(path) if path.is_file() => path,
            _ => {
                return self
                    .report_failure(&format!("Cannot edit {}: no such file", clean::path(path)))
                    .map(|()| false);
            }
        };
        let editor = match editor(self.io.settings.editor.as_deref()) {
            Ok(editor) => editor,
            Err(error) => return self.report_failure(&error.to_string()).map(|()| false),
        };
        let words = command(&editor, path.as_os_str(), line);
        if let Err(error) = programs::lend_terminal(self, &Program::new(words))? {
            self.report_failure(&format!("Editor: {error}; set EDITOR to your editor"))?;
        }
        Ok(true)
    }
}

/// An editor command that cannot be split into words, and the setting or variable that it comes from.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {error}")]
struct BadEditor {
    name: &'static str,
    #[source]
    error: UnclosedQuote,
}

/// Sets the full text of an article aside, or restores it. False if there is none.
fn change_full_text(
    folder: Option<&Path>,
    article: ArticleId,
    change: FullTextChange,
) -> Result<bool, FullTextNotMoved> {
    let Some(folder) = folder else { return Ok(false) };
    let folder = FullTextFolder::new(folder, &RealFileSystem);
    let changed = match change {
        FullTextChange::SetAside => folder.set_aside(article),
        FullTextChange::Restore => folder.restore(article),
    };
    changed.map_err(|error| FullTextNotMoved(clean::plain_line(&io_error_text(&error))))
}

/// The editor's command: the setting `editor`, else `$VISUAL`, else `$EDITOR`, else vi.
fn editor(setting: Option<&str>) -> Result<CommandTemplate, BadEditor> {
    let variable = |name| std::env::var(name).ok().map(|command| (name, command));
    let setting = setting.map(|setting| ("editor", setting.to_owned()));
    for (name, command) in [setting, variable("VISUAL"), variable("EDITOR")].into_iter().flatten() {
        match CommandTemplate::split(&command) {
            Ok(Some(editor)) => return Ok(editor),
            Ok(None) => {}
            Err(error) => return Err(BadEditor { name, error }),
        }
    }
    Ok(CommandTemplate::built_in("vi"))
}

/// The arguments that open a file at a line: `+7 file` for most editors, `file:7` for some. The file name need not be UTF-8.
fn command(editor: &CommandTemplate, path: &OsStr, line: u32) -> Vec<OsString> {
    let name =
        Path::new(editor.program()).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let with_line = || {
        let mut word = path.to_owned();
        word.push(format!(":{line}"));
        word
    };
    let at_the_line = match name.as_str() {
        "hx" | "helix" | "zed" | "subl" => vec![with_line()],
        "code" | "codium" | "cursor" => vec!["--wait".into(), "--goto".into(), with_line()],
        _ => vec![format!("+{line}").into(), path.to_owned()],
    };
    editor.words().iter().map(OsString::from).chain(at_the_line).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn editors_open_at_the_line() {
        for (editor, words) in [
            ("vi", vec!["vi", "+7", "/a/b c.md"]),
            ("emacsclient -t", vec!["emacsclient", "-t", "+7", "/a/b c.md"]),
            ("/usr/bin/hx", vec!["/usr/bin/hx", "/a/b c.md:7"]),
            ("code", vec!["code", "--wait", "--goto", "/a/b c.md:7"]),
        ] {
            assert_eq!(command(&CommandTemplate::built_in(editor), "/a/b c.md".as_ref(), 7), words);
        }
        let name = OsStr::from_bytes(b"/a/\xff.md");
        assert_eq!(command(&CommandTemplate::built_in("vi"), name, 7).last().map(OsString::as_os_str), Some(name));
        assert_eq!(
            command(&CommandTemplate::built_in("hx"), name, 7).last().map(|word| word.as_bytes()),
            Some(&b"/a/\xff.md:7"[..])
        );
    }
}
