//! Performs effects: the one place that touches the world for the reading session.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clipboard::{self, Way};
use super::guard::Guard;
use super::keeper::Keeper;
use super::workers::Workers;
use crate::app::{Effect, Event, UserConfig};
use crate::browser::Browser;
use crate::config::{self, Settings, searches};
use crate::feed::{Shown, clean};
use crate::keymap::Keymap;
use crate::library::Library;
use crate::program::{self, Template};
use crate::query::Saved;

/// Reads the user's files: what they say, and what keys do then.
pub type ReadUserConfig = Box<dyn Fn() -> (UserConfig, Keymap)>;

/// What of the world effects are performed on.
pub struct World {
    /// The terminal.
    pub guard: Guard,
    /// Background jobs.
    pub workers: Workers,
    /// The values of the settings.
    pub settings: Arc<Settings>,
    /// The file with the settings.
    pub settings_file: PathBuf,
    /// Reads the user's files.
    pub read_user_config: ReadUserConfig,
    /// What is read.
    pub library: Library,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// What keeps marks; none when there is no place for them.
    pub keeper: Option<Keeper>,
}

/// What an effect came to.
#[derive(Debug)]
pub enum Performed {
    /// It is done, or a job is on it that will report.
    Done,
    /// It is done, or could not be, and this is to be told.
    Told(Vec<Event>),
    /// The terminal was in other hands: everything must be painted anew. An editor may have changed files, and may have
    /// failed.
    Returned {
        /// What is to be told.
        told: Vec<Event>,
        /// Whether files may have changed.
        edited: bool,
    },
    /// The article files are to be looked at again.
    Reload,
    /// The user's files say this now.
    UserConfig(Box<(UserConfig, Keymap)>),
    /// The program ends.
    End,
}

/// Does what an effect says. The error is one of the terminal.
pub fn perform(world: &mut World, effect: Effect) -> io::Result<Performed> {
    match effect {
        Effect::OpenLink(address) => {
            let variable = std::env::var("BROWSER").ok();
            let browser = Browser::new(world.settings.browser.as_deref(), variable.as_deref());
            world.workers.open(browser, address);
            Ok(Performed::Done)
        }
        Effect::Copy { text, what } => copy(world, &text, what),
        Effect::Edit { path, line } => edit(world, &path, line),
        Effect::Reload => Ok(Performed::Reload),
        Effect::Search(request) => {
            world.workers.search(*request);
            Ok(Performed::Done)
        }
        Effect::KeepSearch { name, query } => Ok(keep_search(world, &name, &query)),
        Effect::KeepMarks(changes) => Ok(match &world.keeper {
            Some(keeper) => match keeper.keep(changes) {
                Ok(()) => Performed::Done,
                Err(why) => Performed::Told(vec![Event::MarksKept(Err(why))]),
            },
            None => Performed::Told(vec![Event::MarksKept(Err("$HOME names no folder".into()))]),
        }),
        Effect::EditSearches => edit_searches(world),
        Effect::EditSettings => edit_settings(world),
        Effect::ReadSettings => Ok(read_user_config(world)),
        Effect::Suspend => suspend(world),
        Effect::Redraw => Ok(Performed::Returned { told: Vec::new(), edited: false }),
        Effect::Quit => Ok(Performed::End),
    }
}

/// Keeps a query, and tells the searches that are saved now.
fn keep_search(world: &World, name: &str, query: &str) -> Performed {
    match searches::keep(&world.searches, name, query) {
        Ok(()) => {
            let words = format!("saved as {name} in {}", clean::path(&world.searches));
            Performed::Told(vec![saved(world), Event::Done(clean::decoded(&words))])
        }
        Err(error) => Performed::Told(vec![Event::Failed(clean::decoded(&format!("not saved: {error}")))]),
    }
}

/// The saved searches as they are on disk now.
fn saved(world: &World) -> Event {
    Event::SearchesRead(Saved::new(searches::read(&world.searches).0))
}

/// Lends the terminal to the editor, for the saved searches; what is wrong with them then is told.
fn edit_searches(world: &mut World) -> io::Result<Performed> {
    let file = world.searches.clone();
    let performed = edit(world, &file, 1)?;
    let Performed::Returned { mut told, .. } = performed else { return Ok(performed) };
    told.push(saved(world));
    if let Some(problem) = searches::read(&file).1.first() {
        let place = problem.at.map(|(line, _)| format!(" line {line}:")).unwrap_or_default();
        let words = format!("{}:{place} {}; {}", clean::path(&file), problem.what, problem.hint);
        told.push(Event::Failed(clean::decoded(&words)));
    }
    Ok(Performed::Returned { told, edited: false })
}

/// Reads the user's files again.
fn read_user_config(world: &mut World) -> Performed {
    let (user, keymap) = (world.read_user_config)();
    world.settings.clone_from(&user.settings);
    Performed::UserConfig(Box::new((user, keymap)))
}

/// Lends the terminal to the editor, for the settings. Who has none begins with the commented defaults.
fn edit_settings(world: &mut World) -> io::Result<Performed> {
    let file = world.settings_file.clone();
    if let Err(error) = config::create(&file) {
        let words = format!("no settings in {}: {error}", clean::path(&file));
        return Ok(Performed::Told(vec![Event::Failed(clean::decoded(&words))]));
    }
    let performed = edit(world, &file, 1)?;
    let Performed::Returned { mut told, .. } = performed else { return Ok(performed) };
    told.push(Event::SettingsChanged);
    Ok(Performed::Returned { told, edited: false })
}

/// Stops until the shell continues us.
pub fn suspend(world: &mut World) -> io::Result<Performed> {
    let refused = || Event::Failed("no shell is there that could continue frontpage".into());
    let told = (!world.guard.suspend()?).then(refused).into_iter().collect();
    Ok(Performed::Returned { told, edited: false })
}

fn copy(world: &mut World, text: &Shown, what: &'static str) -> io::Result<Performed> {
    match clipboard::way_here() {
        Way::Tool(words) => {
            let name = words.first().map(String::as_str).unwrap_or_default();
            let done = clean::decoded(&format!("{what} copied with {name}"));
            world.workers.copy(words, text.to_string(), done);
            Ok(Performed::Done)
        }
        Way::Terminal(through) => {
            let Some(command) = through.command(text.as_str()) else {
                let words = format!("the {what} is longer than terminals take to copy: nothing was copied");
                return Ok(Performed::Told(vec![Event::Failed(clean::decoded(&words))]));
            };
            let mut output = world.guard.output()?;
            output.write_all(command.as_bytes())?;
            output.flush()?;
            // No terminal says whether it took it.
            if let Some(tool) = clipboard::tmux_here(through) {
                let words = format!("{what} copied to tmux and sent to the terminal (OSC 52), which may ignore it");
                world.workers.copy(tool, text.to_string(), clean::decoded(&words));
                return Ok(Performed::Done);
            }
            let words = format!("{what} sent to {}, which may ignore it", through.words());
            Ok(Performed::Told(vec![Event::Done(clean::decoded(&words))]))
        }
    }
}

fn edit(world: &mut World, path: &Path, line: u32) -> io::Result<Performed> {
    if world.library == Library::BuiltIn && path.starts_with("seeds") {
        let words = "this article is built into the program and has no file of yours".into();
        return Ok(Performed::Told(vec![Event::Failed(words)]));
    }
    let path = match std::path::absolute(path) {
        Ok(path) if path.is_file() => path,
        _ => {
            let words = format!("there is no file {}", clean::path(path));
            return Ok(Performed::Told(vec![Event::Failed(clean::decoded(&words))]));
        }
    };
    let editor = match editor(world.settings.editor.as_deref()) {
        Ok(editor) => editor,
        Err(words) => return Ok(Performed::Told(vec![Event::Failed(clean::decoded(&words))])),
    };
    let words = command(&editor, path.as_os_str(), line);
    let edited = world.guard.lend(|| program::run(&words))?;
    let failed = edited.err().map(|error| {
        let name = editor.program();
        Event::Failed(clean::decoded(&format!("{name}: {error}; set EDITOR to your editor")))
    });
    Ok(Performed::Returned { told: failed.into_iter().collect(), edited: true })
}

/// The editor's command: the setting, else `$VISUAL`, else `$EDITOR`, else vi. The error says, in words, which of them cannot
/// be split.
fn editor(setting: Option<&str>) -> Result<Template, String> {
    let variable = |name| std::env::var(name).ok().map(|command| (name, command));
    let setting = setting.map(|setting| ("editor", setting.to_owned()));
    for (name, command) in [setting, variable("VISUAL"), variable("EDITOR")].into_iter().flatten() {
        match Template::split(&command) {
            Ok(Some(editor)) => return Ok(editor),
            Ok(None) => {}
            Err(error) => return Err(format!("{name}: {error}")),
        }
    }
    Ok(Template::of("vi"))
}

/// The words that open a file at a line: most editors take `+7 file`, some `file:7`. A name need not be UTF-8.
fn command(editor: &Template, path: &OsStr, line: u32) -> Vec<OsString> {
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
            assert_eq!(command(&Template::of(editor), "/a/b c.md".as_ref(), 7), words);
        }
        let name = OsStr::from_bytes(b"/a/\xff.md");
        assert_eq!(command(&Template::of("vi"), name, 7).last().map(OsString::as_os_str), Some(name));
        assert_eq!(
            command(&Template::of("hx"), name, 7).last().map(|word| word.as_bytes()),
            Some(&b"/a/\xff.md:7"[..])
        );
    }
}
