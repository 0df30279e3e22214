//! `frontpage config`: where settings come from, and what they may be.

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use crate::config::{reference, themes::BUILT_IN};
use crate::feed::clean;
use crate::library::Library;

const EXAMPLES: &str = "\
frontpage config                           which library is read, and why
frontpage config --default > \"$(frontpage config --path)\"";

/// What `config` was asked.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ConfigArgs {
    /// Print the path of the settings alone
    #[arg(long, conflicts_with_all = ["default", "themes"])]
    path: bool,
    /// Print the settings with their defaults, commented
    #[arg(long)]
    default: bool,
    /// Print the themes that are built in, to be copied into the settings and changed
    #[arg(long, conflicts_with = "default")]
    themes: bool,
}

/// Tells where the settings come from.
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

/// The themes that are built in, as they can stand in the settings under another name.
fn themes() -> String {
    let theme = |(name, text): &(&str, &str)| {
        let line = |line: &str| format!("\n    {line}");
        format!("\n  my-{name}:{}", text.lines().map(line).collect::<String>())
    };
    format!("themes:{}", BUILT_IN.iter().map(theme).collect::<String>())
}

fn print(context: &Context, out: &mut Output) -> Result<(), OutputError> {
    let there = if context.files.config_file.exists() { "" } else { " (not there: the defaults hold)" };
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
    let or_default = |value: &Option<String>, default: &str| value.clone().unwrap_or_else(|| default.to_owned());
    let settings = &context.user.settings;
    out.line(clean::plain_line(&format!("theme: {}", settings.theme)))?;
    let query = settings.query.as_ref().map(|query| query.text.clone());
    out.line(clean::plain_line(&format!("query: {}", or_default(&query, "everything"))))?;
    out.line(clean::plain_line(&format!(
        "browser: {}",
        or_default(&settings.browser, "$BROWSER, else that of the desktop")
    )))?;
    out.line(clean::plain_line(&format!("editor: {}", or_default(&settings.editor, "$VISUAL, else $EDITOR, else vi"))))
}
