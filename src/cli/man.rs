//! `frontpage man`: the manual page of the program and its commands, generated from the clap definition.

use std::io;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::context::{QUERIES, exit_after};
use super::error::{CliError, Exit};
use super::help_text::{ENVIRONMENT, EXAMPLES, EXIT_CODES, FILES};
use super::output::Output;

/// Prints the manual page.
pub fn run(program: clap::Command) -> Result<Exit, CliError> {
    let page = render_page(program).map_err(|error| CliError::new(&error.to_string()))?;
    let mut out = Output::new();
    exit_after(out.raw(&page).and_then(|()| out.finish()), Exit::Success)
}

fn render_page(program: clap::Command) -> io::Result<String> {
    // `frontpage help` prints the help, which this page contains.
    let mut program = program.disable_help_subcommand(true).subcommand_value_name("COMMAND");
    program.build();
    // The date of the build would make builds differ, so the page has none. roff needs the quotes: an empty argument.
    let man = Man::new(program.clone()).date("\"\"").manual("User Commands");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    section("COMMANDS").to_writer(&mut page)?;
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        command_section(command, &mut page)?;
    }
    verbatim(section("QUERIES"), QUERIES).to_writer(&mut page)?;
    verbatim(section("EXAMPLES"), EXAMPLES).to_writer(&mut page)?;
    table("ENVIRONMENT", &ENVIRONMENT).to_writer(&mut page)?;
    table("FILES", &FILES).to_writer(&mut page)?;
    table("EXIT STATUS", &EXIT_CODES).to_writer(&mut page)?;
    // clap_mangen defines the apostrophe (two lines) at the start of each section. The first definition is enough.
    let page = String::from_utf8_lossy(&page).into_owned();
    let mut defined = 0;
    let lines = page.lines().filter(|line| {
        let defines = line.contains(".ds Aq");
        defined += usize::from(defines);
        !defines || defined <= 2
    });
    Ok(lines.map(|line| format!("{line}\n")).collect())
}

/// Writes the section of a command: what it does, its options and examples. For a command with subcommands, their sections.
fn command_section(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let inner = || command.get_subcommands().filter(|inner| !inner.is_hide_set());
    // A command that only leads to others needs no section.
    if command.is_subcommand_required_set() {
        return inner().try_for_each(|inner| command_section(inner, page));
    }
    // Options of every command are listed once, among the options of the program.
    let shared = |arg: &clap::Arg| arg.is_global_set() || arg.get_id() == "help";
    let own = command.clone().mut_args(|arg| if shared(&arg) { arg.hide(true) } else { arg });
    let name = own.get_bin_name().unwrap_or_else(|| own.get_name()).to_owned();
    let examples = own.get_after_help().map(ToString::to_string).unwrap_or_default();
    let man = Man::new(own);
    let mut title = Roff::new();
    title.control("SS", [name.as_str()]);
    title.to_writer(page)?;
    for render in [Man::render_synopsis_section, Man::render_description_section, Man::render_options_section] {
        let mut section = Vec::new();
        render(&man, &mut section)?;
        page.extend(b".PP\n");
        page.extend(without_title(&String::from_utf8_lossy(&section)).bytes());
    }
    // The text about queries has a section of its own.
    match examples.strip_suffix(QUERIES).unwrap_or(&examples).trim_end() {
        "" => {}
        examples => verbatim(Roff::new(), examples).to_writer(page)?,
    }
    inner().try_for_each(|inner| command_section(inner, page))
}

/// The lines of a section after its title.
fn without_title(section: &str) -> String {
    let lines = section.lines().skip_while(|line| !line.starts_with(".SH")).skip(1);
    lines.map(|line| format!("{line}\n")).collect()
}

fn section(title: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    roff
}

/// Appends lines without filling them into paragraphs.
fn verbatim(mut roff: Roff, lines: &str) -> Roff {
    roff.control("PP", []).control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

fn table(title: &str, rows: &[(&str, &str)]) -> Roff {
    let mut roff = section(title);
    for (name, words) in rows {
        roff.control("TP", []);
        roff.text([bold(*name)]);
        roff.text([roman(*words)]);
    }
    roff
}
