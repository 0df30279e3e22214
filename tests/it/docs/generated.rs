//! The parts of the documentation that are generated from the code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory};
use frontpage::app::{Context, commands};
use frontpage::config::themes::{BUILT_IN, ColourDepth, Themes};
use frontpage::config::{Applies, KeySettings, Preset, SETTINGS, Sample, Setting};
use frontpage::feed::fields::{Field, FieldDescriptor, ValueKind};
use frontpage::keymap::{self, Binding, Keymap};
use frontpage::query::Query;

use crate::architecture::{LAYERS, NEVER_KNOWS};
use crate::repository_files::sources_below;

/// The names of all parts.
pub const NAMES: &[&str] = &[
    "actions",
    "commands",
    "environment",
    "exit-codes",
    "fields",
    "files",
    "keys",
    "layers",
    "presets",
    "query-fields",
    "settings",
    "source-files",
    "themes",
];

/// The Markdown of a part, with a line end behind it.
pub fn part(name: &str) -> String {
    match name {
        "actions" => actions(),
        "commands" => all_commands(),
        "environment" => of_help("Environment", "variable", "what it does"),
        "exit-codes" => of_help("Exit codes", "code", "meaning"),
        "fields" => fields(),
        "files" => of_help("Files", "file", "what is in it"),
        "keys" => keys(),
        "layers" => layers(),
        "presets" => presets(),
        "query-fields" => query_fields(),
        "settings" => settings(),
        "source-files" => source_files(),
        "themes" => themes(),
        _ => panic!("no part is called {name}"),
    }
}

/// A table. A `|` in a cell is escaped.
fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let escape = |cells: Vec<String>| cells.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>();
    let rows: String = rows.into_iter().map(|cells| line(&escape(cells))).collect();
    format!("| {} |\n|{}\n{rows}", columns.join(" | "), "---|".repeat(columns.len()))
}

/// A text of the program as Markdown: what Markdown would take for HTML or a link is escaped. Code spans stay.
fn escaped(text: &str) -> String {
    let outside = |(at, part): (usize, &str)| match at % 2 {
        0 => part.replace('<', "\\<").replace('[', "\\["),
        _ => part.to_owned(),
    };
    text.split('`').enumerate().map(outside).collect::<Vec<_>>().join("`")
}

/// Words as code, with blanks between them.
fn code<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let span = |word: S| {
        let word = word.as_ref();
        if word.contains('`') { format!("`` {word} ``") } else { format!("`{word}`") }
    };
    words.into_iter().map(span).collect::<Vec<_>>().join(" ")
}

// Fields

fn is_searched_by_words(field: &FieldDescriptor) -> &'static str {
    if field.search_weight.is_some() { " ●" } else { "" }
}

fn all_fields() -> impl Iterator<Item = &'static FieldDescriptor> {
    Field::all().filter(|field| !matches!(field.field, Field::Any | Field::Is | Field::Has))
}

/// The fields that a file can give.
fn fields() -> String {
    let row = |field: &FieldDescriptor| {
        let query = field.query.map(|name| code([format!("{name}:")])).unwrap_or_default();
        vec![escaped(field.about), code(field.keys), query, code(field.json)]
    };
    let of_files = all_fields().filter(|field| !field.keys.is_empty());
    table(&["what it is", "front matter", "query", "JSON"], of_files.map(row))
}

/// The fields that a query can name.
fn query_fields() -> String {
    let row = |field: &FieldDescriptor| {
        let name = field.query?;
        let (kind, samples): (&str, &[&str]) = match field.kind {
            ValueKind::Number => ("numbers", &["39", ">=60", "10..20"]),
            ValueKind::Duration => ("lengths of time", &[">=30m", "1h20m", "90s", "10m..1h"]),
            ValueKind::Date => ("dates", &["2021-02", "2021..", ">=2w", "today"]),
            ValueKind::Text | ValueKind::Tags | ValueKind::Flag | ValueKind::Word => {
                ("text", &["word", "\"a phrase\"", "/regex/", "=\"the whole\""])
            }
        };
        for sample in samples {
            let query = format!("{name}:{sample}");
            assert!(Query::parse(&query).is_ok(), "{query}");
        }
        let values = format!("{kind}: {}", code(samples));
        let name = format!("{}{}", code([format!("{name}:")]), is_searched_by_words(field));
        Some(vec![name, escaped(field.about), values])
    };
    table(&["field", "what it is", "values"], all_fields().filter_map(row))
}

// Settings and themes

/// The first sentence of the text of a setting.
fn summary(setting: &Setting) -> String {
    let text = setting.text.concat();
    text.split_once(". ").map_or(text.trim(), |(first, _)| first).trim().trim_end_matches('.').to_owned() + "."
}

fn settings() -> String {
    let row = |setting: &Setting| {
        let default = match setting.sample {
            Sample::Default(yaml) => {
                let value = yaml.split_once(':').expect("a value").1.trim();
                code([value.lines().map(str::trim).collect::<Vec<_>>().join(", ")])
            }
            Sample::Example(_) => "–".to_owned(),
        };
        let applies = match setting.applies {
            Applies::AtOnce => "at once",
            Applies::AtNextStart => "next start",
        };
        vec![code([setting.name]), default, applies.to_owned(), escaped(&summary(setting))]
    };
    table(&["setting", "default", "changes apply", "what it does"], SETTINGS.iter().map(row))
}

fn themes() -> String {
    let themes = Themes::default();
    let row = |(name, text): &(&str, &str)| {
        let comment = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a comment comes first");
        let index = themes.names(ColourDepth::TrueColour).position(|known| known == *name).expect("a theme");
        let background = match themes.get(index, ColourDepth::TrueColour, None).is_light() {
            Some(true) => "light",
            Some(false) => "dark",
            None => "the terminal's",
        };
        vec![code([*name]), background.to_owned(), escaped(comment)]
    };
    table(&["theme", "background", "what it is"], BUILT_IN.iter().map(row))
}

// Keys

/// Contexts with headings. A binding is listed under the first heading all of whose contexts it has, and under every heading
/// with a single context that no such heading covers.
const CONTEXTS: [(&str, &[Context]); 16] = [
    ("In all panes", &[Context::List, Context::Detail, Context::Related, Context::Navigation]),
    ("In the list, the article and the related articles", &[Context::List, Context::Detail, Context::Related]),
    ("Only in the list", &[Context::List]),
    ("Only in the article", &[Context::Detail]),
    ("Only in the related articles", &[Context::Related]),
    ("Only in the navigation pane (`navigation`)", &[Context::Navigation]),
    ("While typing a search, a query, a name or a note (`prompt`)", &[Context::Prompt]),
    ("In topics and providers (`picker`)", &[Context::Picker]),
    ("In the palette (`palette`)", &[Context::Palette]),
    ("In the links of an article (`links`)", &[Context::Links]),
    ("In help (`help`)", &[Context::Help]),
    ("In insights (`insights`)", &[Context::Insights]),
    ("In the subscriptions (`subscriptions`)", &[Context::Subscriptions]),
    ("In pictures (`picture`)", &[Context::Picture]),
    ("In questions (`confirm`)", &[Context::Confirm]),
    ("In other lists: orders, saved searches, themes, problems, notices (`overlay`)", &[Context::Overlay]),
];

/// Whether a binding is listed under a heading.
fn is_under(contexts: &[Context], binding: &Binding) -> bool {
    let in_all = |contexts: &[Context]| contexts.iter().all(|context| binding.contexts.contains(context));
    let several = CONTEXTS.iter().map(|(_, contexts)| *contexts).find(|several| several.len() > 1 && in_all(several));
    match several {
        Some(several) if contexts.len() > 1 => several == contexts,
        Some(several) => in_all(contexts) && !several.contains(&contexts[0]),
        None => in_all(contexts),
    }
}

fn keys() -> String {
    let keymap = Keymap::new().expect("the default keys");
    let under = |(heading, contexts): &(&str, &[Context])| {
        // Name of the command, what it does, its keys: a command may have several rows in the table of keys.
        let mut rows: Vec<(String, String, Vec<String>)> = Vec::new();
        for binding in keymap.all().iter().filter(|binding| is_under(contexts, binding)) {
            let keys = binding.keys.iter().map(|keys| keymap::print(keys));
            // In one context, the word of the footer is more precise than the help of the action.
            let hint = binding.hint.filter(|_| contexts.len() == 1);
            let (name, help) = (binding.command.to_string(), hint.unwrap_or(binding.command.action.help()));
            match rows.iter_mut().find(|(known, ..)| *known == name) {
                Some((.., known)) => known.extend(keys),
                None => rows.push((name, help.to_owned(), keys.collect())),
            }
        }
        let rows = rows.into_iter().map(|(name, help, keys)| vec![code(keys), code([name]), escaped(&help)]);
        format!("### {heading}\n\n{}", table(&["keys", "action", "what it does"], rows))
    };
    CONTEXTS.iter().map(under).collect::<Vec<_>>().join("\n")
}

fn actions() -> String {
    let keymap = Keymap::new().expect("the default keys");
    let group = |group: &commands::ActionGroup| {
        let row = |named: &commands::NamedAction| {
            let argument = named.argument.map(|argument| format!(" {}", argument.word())).unwrap_or_default();
            let with = named.argument.map(|argument| format!("; with {}: {}", argument.word(), argument.help()));
            let name = code([format!("{}{argument}", named.name)]);
            let help = format!("{}{}", named.help, with.unwrap_or_default());
            vec![name, escaped(&help), code(keymap.keys_of(&named.action.into()))]
        };
        let rows = group.actions.iter().map(row);
        format!("### {}\n\n{}", group.name, table(&["action", "what it does", "keys"], rows))
    };
    commands::ACTION_GROUPS.iter().map(group).collect::<Vec<_>>().join("\n")
}

/// The contexts, by their names in the settings.
const NAMED_CONTEXTS: [(&str, Context); 14] = [
    ("list", Context::List),
    ("detail", Context::Detail),
    ("related", Context::Related),
    ("navigation", Context::Navigation),
    ("prompt", Context::Prompt),
    ("picker", Context::Picker),
    ("palette", Context::Palette),
    ("links", Context::Links),
    ("help", Context::Help),
    ("insights", Context::Insights),
    ("subscriptions", Context::Subscriptions),
    ("picture", Context::Picture),
    ("confirm", Context::Confirm),
    ("overlay", Context::Overlay),
];

/// Keys and the name of their command, with the contexts in which they do that.
fn meanings(keymap: &Keymap) -> BTreeMap<(String, String), Vec<&'static str>> {
    let mut meanings: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (context_name, context) in NAMED_CONTEXTS {
        for binding in keymap.all().iter().filter(|binding| binding.contexts.contains(&context)) {
            for keys in &binding.keys {
                let meaning = (binding.command.to_string(), keymap::print(keys));
                meanings.entry(meaning).or_default().push(context_name);
            }
        }
    }
    meanings
}

fn presets() -> String {
    let default = meanings(&Keymap::new().expect("the default keys"));
    let preset = |(name, preset): &(&str, Preset)| {
        let settings = KeySettings { preset: *preset, ..KeySettings::default() };
        let (keymap, problems) = Keymap::with(&settings).expect("the preset");
        assert!(problems.is_empty(), "{name}");
        // The keys of a command, by the contexts in which they are not those of the default.
        let mut rows: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for ((command, keys), contexts) in meanings(&keymap) {
            let known = default.get(&(command.clone(), keys.clone())).cloned().unwrap_or_default();
            let new: Vec<&str> = contexts.into_iter().filter(|context| !known.contains(context)).collect();
            if !new.is_empty() {
                let place = if new == ["list", "detail", "related"] { "panes".to_owned() } else { new.join(", ") };
                rows.entry((command, place)).or_default().push(keys);
            }
        }
        let row = |((command, place), keys): ((String, String), Vec<String>)| vec![code(keys), code([command]), place];
        format!("### {name}\n\n{}", table(&["keys", "action", "where"], rows.into_iter().map(row)))
    };
    [("newsboat", Preset::Newsboat), ("elfeed", Preset::Elfeed)].iter().map(preset).collect::<Vec<_>>().join("\n")
}

// The command line

/// A section of the end of `frontpage --help`: names, each with a line of text below it.
fn of_help(section: &str, first: &str, second: &str) -> String {
    let help = frontpage::cli::Args::command().get_after_long_help().expect("the long help").to_string();
    let (_, text) = help.split_once(&format!("{section}:\n")).expect("the section");
    let text = text.split("\n\n").next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    table(&[first, second], lines.chunks(2).map(|pair| vec![code(pair[0].split(", ")), escaped(pair[1])]))
}

/// The text of an option or argument: what it is for, its values and its default.
fn words(arg: &Arg) -> String {
    let mut words = escaped(&arg.get_help().map(ToString::to_string).unwrap_or_default());
    let values = arg.get_possible_values();
    let values: Vec<String> = values
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| {
            let help = value.get_help().map(|help| format!(" ({})", escaped(help.to_string().trim_end_matches('.'))));
            code([value.get_name()]) + &help.unwrap_or_default()
        })
        .collect();
    if !values.is_empty() {
        words += &format!(": {}", values.join(", "));
    }
    let defaults: Vec<&str> = arg.get_default_values().iter().filter_map(|value| value.to_str()).collect();
    let default = defaults.first().filter(|default| !default.is_empty() && !arg.is_hide_default_value_set());
    words + &default.map(|default| format!("; default {}", code([*default]))).unwrap_or_default()
}

/// An option or argument as it is typed.
fn typed(arg: &Arg) -> String {
    let value = arg.get_value_names().unwrap_or_default().first().map(ToString::to_string).unwrap_or_default();
    let value = Some(value).filter(|_| arg.get_action().takes_values());
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    match (short, long, value) {
        (None, None, value) => code(value),
        (short, long, value) => {
            let names = short.into_iter().chain(long).collect::<Vec<_>>().join(", ");
            code([format!("{names} {}", value.unwrap_or_default()).trim_end()])
        }
    }
}

fn arguments<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let shown = arguments.filter(|arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str()));
    let rows: Vec<Vec<String>> = shown.map(|arg| vec![typed(arg), words(arg)]).collect();
    if rows.is_empty() { String::new() } else { format!("\n{}", table(&["option", "what it does"], rows)) }
}

/// A command with its options, and examples.
fn command(name: &str, command: &Command) -> String {
    let usage = command.clone().bin_name(name).render_usage().to_string();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = examples.split("\n\n").find_map(|part| part.strip_prefix("Examples:\n")).map(|lines| {
        // What an example does is text in the help, and a comment here.
        let line = |line: &str| match line.trim_start().split_once("   ") {
            Some((call, words)) => format!("{call:<42} # {}\n", words.trim_start()),
            None => format!("{}\n", line.trim_start()),
        };
        let lines: String = lines.lines().map(line).collect();
        format!("\n```sh\n{lines}```\n")
    });
    let own = command.get_arguments().filter(|arg| !arg.is_global_set());
    format!(
        "### `{name}`\n\n{about}.\n\n```\n{}\n```\n{}{}",
        usage.trim_start_matches("Usage: "),
        arguments(own),
        examples.unwrap_or_default()
    )
}

/// A command that can be run, or all below it.
fn below(name: &str, parent: &Command) -> Vec<String> {
    let commands = parent.get_subcommands().filter(|command| !command.is_hide_set());
    let all = commands.filter(|command| command.get_name() != "help").flat_map(|sub| {
        let name = format!("{name} {}", sub.get_name());
        if sub.has_subcommands() { below(&name, sub) } else { vec![command(&name, sub)] }
    });
    all.collect()
}

fn all_commands() -> String {
    let program = frontpage::cli::Args::command();
    let (every, reader): (Vec<&Arg>, Vec<&Arg>) = program.get_arguments().partition(|arg| arg.is_global_set());
    let mut sections = vec![
        format!("### `frontpage`\n\nOpens the terminal reader.\n{}", arguments(reader.into_iter())),
        format!("### Options of every command\n{}", arguments(every.into_iter())),
    ];
    sections.extend(below("frontpage", &program));
    sections.join("\n")
}

// The code

/// The first sentence of the `//!` comment of a source file. Its links become plain code spans.
fn file_summary(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().map_while(|line| line.strip_prefix("//! ")).collect::<Vec<_>>().join(" ");
    let first = lines.split_once(". ").map_or(lines.as_str(), |(first, _)| first).trim_end_matches('.');
    first.replace("[`", "`").replace("`]", "`")
}

/// The first sentence of the documentation of a module.
fn module_summary(module: &str) -> String {
    let paths = [format!("src/{module}/mod.rs"), format!("src/{module}.rs")];
    file_summary(paths.iter().map(Path::new).find(|path| path.exists()).expect("the module"))
}

/// Every source file of the program.
fn source_files() -> String {
    let row = |path: PathBuf| vec![code([path.display().to_string()]), escaped(&file_summary(&path))];
    table(&["file", "what is in it"], sources_below(&["src"]).into_iter().map(row))
}

/// The modules by their layers, from the top, with what they must not name.
fn layers() -> String {
    let row = |(layer, module): (usize, &str)| {
        let forbidden = NEVER_KNOWS.iter().find(|(known, _)| *known == module).map_or(&[][..], |(_, names)| names);
        vec![layer.to_string(), code([module]), escaped(&module_summary(module)), code(forbidden)]
    };
    let modules = LAYERS.iter().enumerate().rev();
    let modules = modules.flat_map(|(layer, modules)| modules.iter().map(move |module| (layer + 1, *module)));
    table(&["layer", "module", "what is in it", "never names"], modules.map(row))
}
