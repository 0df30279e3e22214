//! `frontpage config`: prints the settings in use, all settings with defaults, or the built-in themes.

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use crate::config::{paths, reference, themes::BUILT_IN};
use crate::feed::clean;
use crate::library::Library;

const EXAMPLES: &str = "\
frontpage config                           which settings and library are used, and why
frontpage config --default | less          all settings, to copy from; , in the reader edits yours";

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ConfigArgs {
    /// Print only the path of the settings file
    #[arg(long, conflicts_with_all = ["default", "themes"])]
    path: bool,
    /// Print all settings with their defaults and comments
    #[arg(long)]
    default: bool,
    /// Print the built-in themes, to copy into the settings and change
    #[arg(long, conflicts_with = "default")]
    themes: bool,
}

/// Prints what the arguments ask for. Exit code 1 if the settings have problems.
pub fn run(args: &ConfigArgs, context: &Context) -> Result<Exit, CliError> {
    let mut out = Output::new();
    let printed = if args.default {
        out.line(clean::text(reference().trim_end()))
    } else if args.themes {
        out.line(clean::text(&themes()))
    } else if args.path {
        out.line(clean::path(&context.files.config_file))
    } else {
        print(context, &mut out)
    };
    exit_after(
        printed.and_then(|()| out.finish()),
        if context.user.problems.is_empty() { Exit::Success } else { Exit::NothingOrProblems },
    )
}

/// The built-in themes as YAML for the settings, each under a new name.
fn themes() -> String {
    let theme = |(name, text): &(&str, &str)| {
        let line = |line: &str| format!("\n    {line}");
        format!("\n  my-{name}:{}", text.lines().map(line).collect::<String>())
    };
    format!("themes:{}", BUILT_IN.iter().map(theme).collect::<String>())
}

fn print(context: &Context, out: &mut Output) -> Result<(), OutputError> {
    let there = if context.files.config_file.exists() { "" } else { " (no such file: defaults apply)" };
    out.line(clean::plain_line(&format!("settings: {}{there}", clean::path(&context.files.config_file))))?;
    let count = context.user.saved.iter().count();
    out.line(clean::plain_line(&format!(
        "saved searches: {} ({count} saved)",
        clean::path(&context.files.searches_file())
    )))?;
    let library = match &context.library {
        Library::BuiltIn => "the built-in feed".to_owned(),
        Library::Paths(paths) => paths.iter().map(|path| clean::path(path).to_string()).collect::<Vec<_>>().join(", "),
    };
    out.line(clean::plain_line(&format!("library: {library} ({})", context.library_from)))?;
    for (_, site) in context.library.sites(&context.sites()).iter() {
        out.line(clean::plain_line(&format!("site: {}", site.summary())))?;
    }
    let or_default = |value: &Option<String>, default: &str| value.clone().unwrap_or_else(|| default.to_owned());
    let settings = &context.user.settings;
    out.line(clean::plain_line(&format!("theme: {}", settings.theme)))?;
    let query = settings.query.as_ref().map(|query| query.text.clone());
    out.line(clean::plain_line(&format!("query: {}", or_default(&query, "everything"))))?;
    out.line(clean::plain_line(&format!(
        "browser: {}",
        or_default(&settings.browser, "$BROWSER, else the browser of the desktop")
    )))?;
    out.line(clean::plain_line(&format!(
        "editor: {}",
        or_default(&settings.editor, "$VISUAL, else $EDITOR, else vi")
    )))?;
    let player = settings.player.as_ref().map(|player| match player {
        Ok(player) => player.program.program().to_owned(),
        Err(_) => "none until its setting is fixed".to_owned(),
    });
    out.line(clean::plain_line(&format!("player: {}", or_default(&player, "mpv, else the browser"))))?;
    let downloads = settings.downloads.clone().or_else(paths::default_downloads);
    if let Some(downloads) = downloads {
        out.line(clean::plain_line(&format!("downloads: {}", clean::path(&downloads))))?;
    }
    for (name, count) in
        [("commands", settings.commands.len()), ("openers", settings.openers.len()), ("on new", settings.on_new.len())]
    {
        if count > 0 {
            out.line(clean::plain_line(&format!("{name}: {count}")))?;
        }
    }
    Ok(())
}
