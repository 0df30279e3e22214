//! Runs the commands of the user on articles, and shows the output of programs that have ended.

use super::App;
use crate::app::action::Action;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::app::overlays::{Palette, ProgramOutput};
use crate::config::{
    CommandInput, CommandScope, CommandSetting, LocatedText, ProgramOutputUse, ProgramTemplate, needs_terminal,
};
use crate::feed::clean;
use crate::jobs::JobId;
use crate::jobs::own_command::CommandRun;
use crate::jobs::run_program::ProgramEnd;
use crate::query::unknown_name;

/// Longest line of output in a notice, in characters.
const MAX_LINE: usize = 200;

impl App {
    /// Shows what a program has printed. It does not interrupt the user, who may be typing: then a notice says that the output is there.
    pub(super) fn receive_program(&mut self, _: JobId, end: ProgramEnd) -> Effects {
        if let Some(failure) = &end.failure {
            self.programs.keep(&end);
            self.push_notice(Notice::of_error(failure.clone()));
            return Effects::none();
        }
        let notice = match end.output {
            ProgramOutputUse::Nothing => format!("Started {}", end.name),
            // The terminal has shown what it had to say.
            ProgramOutputUse::Takeover => return Effects::none(),
            ProgramOutputUse::Notice => {
                self.programs.keep(&end);
                notice(&end)
            }
            ProgramOutputUse::Overlay | ProgramOutputUse::Pager => {
                self.programs.keep(&end);
                if end.text.as_str().trim().is_empty() {
                    return show_output(self);
                }
                match (self.overlays.is_empty(), end.output) {
                    (true, ProgramOutputUse::Pager) => return Effect::ShowInPager(end.text).into(),
                    (true, _) => return show_output(self),
                    (false, _) => format!("{} has ended; `output` in the palette shows what it printed", end.name),
                }
            }
        };
        self.push_notice(Notice::of(clean::plain_line(&notice)));
        Effects::none()
    }
}

/// The notice for the end of a program: the last line of its output.
fn notice(end: &ProgramEnd) -> String {
    let line = end.text.as_str().lines().rev().map(str::trim).find(|line| !line.is_empty());
    let calls = if end.calls > 1 { format!(", {} articles", end.calls) } else { String::new() };
    match line {
        Some(line) => {
            format!("{}: {}{calls}", end.name, clean::quote(&line.chars().take(MAX_LINE).collect::<String>()))
        }
        None => format!("{}: done{calls}", end.name),
    }
}

/// Opens the output of the last program.
pub(super) fn show_output(app: &mut App) -> Effects {
    match app.programs.last() {
        Some(last) if last.text.as_str().trim().is_empty() => {
            let words = clean::plain_line(&format!("{} printed nothing", last.name));
            app.push_notice(Notice::of(words));
            Effects::none()
        }
        Some(last) => {
            let output = ProgramOutput::new(last);
            app.push_overlay(output)
        }
        None => app.notify("No program has printed anything yet"),
    }
}

/// Opens the palette with the commands of the user.
pub(super) fn pick(app: &mut App) -> Effects {
    if app.settings.commands.is_empty() {
        return app.notify("No commands yet: write them in the settings, below `commands`");
    }
    let name = Action::RunCommand.named().map_or("", |named| named.name);
    let palette = Palette::with_text(&format!("{name} "), &app.session_parts());
    app.push_overlay(palette)
}

/// Runs the command with this name.
pub(super) fn run(app: &mut App, name: &str) -> Effects {
    let named = app.settings.commands.iter().find(|command| command.name.text == name).cloned();
    match named {
        Some(command) => run_on_articles(app, command, "install it, or change `commands` in the settings"),
        None => {
            if let Some(refused) = app.settings.commands.refused_called(name) {
                let words = format!("`{name}` in the settings: {}", refused.why);
                return app.notify_failure(&words);
            }
            let known: Vec<&str> = app.settings.commands.iter().map(|command| command.name.text.as_str()).collect();
            let words = unknown_name("command", name, known.into_iter());
            app.notify_failure(&words)
        }
    }
}

/// Pipes the selected articles to a program that the user has typed.
pub(super) fn pipe(app: &mut App, program: ProgramTemplate) -> Effects {
    let output = match needs_terminal(program.program()) {
        true => ProgramOutputUse::Takeover,
        false => ProgramOutputUse::Overlay,
    };
    let name = LocatedText { text: program.program().to_owned(), at: (0, 0) };
    let scope = if program.check_for_several().is_ok() { CommandScope::Selection } else { CommandScope::Article };
    let (input, limit) = (CommandInput::Markdown, CommandSetting::LIMIT);
    let command = CommandSetting { name, key: None, program, input, scope, output, limit };
    run_on_articles(app, command, "install it, or type another one")
}

/// Runs a command on the articles that it is for. A range ends, as with marks.
fn run_on_articles(app: &mut App, command: CommandSetting, remedy: &'static str) -> Effects {
    let feed = app.loaded_feed.feed().clone();
    let articles: Vec<usize> = match command.scope {
        CommandScope::View => app.panes.list().found().iter().collect(),
        CommandScope::Article | CommandScope::Selection => match app.targets().selected() {
            Ok(selected) => selected.into_iter().filter_map(|id| feed.index_of(id)).collect(),
            Err(none) => return app.notify(none.words()),
        },
    };
    if articles.is_empty() {
        return app.notify("No article in the list");
    }
    app.panes.list_mut().end_range();
    let (context, query) = (app.search_context(), app.query().to_string());
    Effect::RunCommand(Box::new(CommandRun { command, articles, context, query, remedy })).into()
}
