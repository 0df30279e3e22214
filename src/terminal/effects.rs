//! Performs effects: the one place that touches the world for the reading session.

use std::io;
use std::path::Path;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use super::clipboard::{self, Way};
use super::{Reader, Turn};
use crate::app::{Effect, Event};
use crate::feed::{Shown, clean};
use crate::library::Library;
use crate::program::{self, Template};

/// Does what an effect says. The error is one of the terminal.
pub fn perform(reader: &mut Reader, effect: Effect) -> io::Result<Turn> {
    match effect {
        Effect::OpenLink(address) => reader.workers.open(reader.browser.clone(), address),
        Effect::Copy { text, what } => copy(reader, &text, what)?,
        Effect::Edit { path, line } => edit(reader, &path, line)?,
        Effect::Suspend => reader.suspend()?,
        Effect::Redraw => reader.repaint()?,
        Effect::Quit => return Ok(Turn::End),
    }
    Ok(Turn::GoOn)
}

fn copy(reader: &mut Reader, text: &Shown, what: &'static str) -> io::Result<()> {
    match clipboard::way_here() {
        Way::Tool(words) => reader.workers.copy(words, text.to_string(), what),
        Way::Terminal => {
            execute!(reader.guard.output()?, CopyToClipboard::to_clipboard_from(text.as_str()))?;
            reader.session.receive(Event::Done(clean::decoded(&format!("{what} sent to the terminal's clipboard"))));
        }
    }
    Ok(())
}

fn edit(reader: &mut Reader, path: &Path, line: u32) -> io::Result<()> {
    if reader.world.library == Library::BuiltIn && path.starts_with("seeds") {
        let words = "this article is built into the program and has no file of yours".into();
        reader.session.receive(Event::Failed(words));
        return Ok(());
    }
    let path = match std::path::absolute(path) {
        Ok(path) if path.is_file() => path,
        _ => {
            let words = format!("there is no file {}", clean::path(path));
            reader.session.receive(Event::Failed(clean::decoded(&words)));
            return Ok(());
        }
    };
    let words = command(&editor(reader.world.editor.as_deref()), &path.to_string_lossy(), line);
    let edited = reader.guard.lend(|| program::run(&words))?;
    reader.repaint()?;
    if let Err(error) = edited {
        let name = words.first().map(String::as_str).unwrap_or_default();
        reader.session.receive(Event::Failed(clean::decoded(&format!("{name}: {error}; set EDITOR to your editor"))));
    }
    reader.load(false);
    Ok(())
}

/// The editor's command: the setting, else `$VISUAL`, else `$EDITOR`, else vi.
fn editor(setting: Option<&str>) -> Template {
    let variables = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let commands = setting.map(str::to_owned).into_iter().chain(variables).chain(["vi".to_owned()]);
    commands.into_iter().find_map(|command| Template::split(&command)).unwrap_or_else(|| Template::of("vi"))
}

/// The words that open a file at a line: most editors take `+7 file`, some `file:7`.
fn command(editor: &Template, path: &str, line: u32) -> Vec<String> {
    let name =
        Path::new(editor.program()).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut words = editor.words().to_vec();
    match name.as_str() {
        "hx" | "helix" | "zed" | "subl" => words.push(format!("{path}:{line}")),
        "code" | "codium" | "cursor" => {
            words.extend(["--wait".to_owned(), "--goto".to_owned(), format!("{path}:{line}")])
        }
        _ => words.extend([format!("+{line}"), path.to_owned()]),
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_open_at_the_line() {
        for (editor, words) in [
            ("vi", vec!["vi", "+7", "/a/b c.md"]),
            ("emacsclient -t", vec!["emacsclient", "-t", "+7", "/a/b c.md"]),
            ("/usr/bin/hx", vec!["/usr/bin/hx", "/a/b c.md:7"]),
            ("code", vec!["code", "--wait", "--goto", "/a/b c.md:7"]),
        ] {
            assert_eq!(command(&Template::of(editor), "/a/b c.md", 7), words);
        }
    }
}
