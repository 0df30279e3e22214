//! `frontpage completions`: the completion script for a shell.

use clap_complete::Shell;

use super::context::exit_after;
use super::error::{CliError, Exit};
use super::output::Output;

/// How to install the scripts, for the help.
pub const INSTALL_HELP: &str = "\
Install a script for your user (first make the folder with mkdir -p, if there is none):
  bash        frontpage completions bash > ~/.local/share/bash-completion/completions/frontpage
  zsh         frontpage completions zsh > FOLDER/_frontpage, a FOLDER in $fpath
  fish        frontpage completions fish > ~/.config/fish/completions/frontpage.fish
  elvish      frontpage completions elvish > ~/.config/elvish/lib/frontpage.elv, and `use frontpage`
  powershell  frontpage completions powershell >> $PROFILE";

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = INSTALL_HELP)]
pub struct CompletionsArgs {
    /// Shell that the script is for
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Prints the completion script for a shell.
pub fn run(args: &CompletionsArgs, program: clap::Command) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut visible(&program), env!("CARGO_PKG_NAME"), &mut script);
    let mut out = Output::new();
    exit_after(out.raw(&String::from_utf8_lossy(&script)).and_then(|()| out.finish()), Exit::Success)
}

/// A command without its hidden options and subcommands, because the scripts of some shells complete those too.
fn visible(command: &clap::Command) -> clap::Command {
    let options = command.get_arguments().filter(|option| !option.is_hide_set()).cloned();
    let commands = command.get_subcommands().filter(|inner| !inner.is_hide_set()).map(visible);
    let visible = clap::Command::new(command.get_name().to_owned()).args(options).subcommands(commands);
    let visible = command.get_about().cloned().into_iter().fold(visible, clap::Command::about);
    command.get_version().map(str::to_owned).into_iter().fold(visible, clap::Command::version)
}
