//! What a program gets of articles with hostile texts: exactly these texts, each in its own argument.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use frontpage::config::{CommandSetting, Settings};
use frontpage::dates::{Now, Zone};
use frontpage::external_program::program::{KeptOutput, Program, ProgramLimits};
use frontpage::jobs::own_command::CommandRun;
use frontpage::library::Library;
use frontpage::query::SearchContext;

use crate::harness::folder::Folder;

/// Titles that a shell, a program or a careless split would treat as something else.
const HOSTILE: [&str; 16] = [
    "$(touch canary)",
    "`touch canary`",
    "; touch canary; #",
    "a && touch canary || b | c > d",
    "-rf",
    "--output=/etc/passwd",
    "-",
    "--",
    "it's \"quoted\" \\ and 'single",
    "{link} {title} {{file}}",
    "%s %u %n",
    "a  b\u{1b}[2J\u{202e}c\nd",
    "~/x *.md [a-z] $HOME",
    "Überschrift 港新聞 🦀",
    "\u{7f}x",
    "${IFS}&\u{0}x",
];

/// Prints its arguments, each with a NUL, then a `|` and what it reads.
const RECORDER: &str = "printf '%s\\0' \"$@\"; printf '|'; cat";

struct Desk {
    _folder: Folder,
    context: SearchContext,
}

impl Desk {
    fn new() -> Desk {
        let mut folder = Folder::new();
        for (number, title) in HOSTILE.iter().enumerate() {
            let text = serde_json::to_string(title).expect("a text");
            let file = format!(
                "---\ntitle: {text}\nprovider: {{name: {text}}}\ntopics: [{text}, two]\nlink: https://e.org/{number}?a=$(x)&b='c'\n---\nBody {number}.\n"
            );
            folder = folder.file(&format!("{number} $(x).md"), file);
        }
        folder = folder.file("no-link.md", "---\ntitle: No link\n---\nText.\n");
        let now = Now { at: crate::harness::reader::now(), zone: Zone::Utc };
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let loaded = library.load(now, |_| {}).expect("the articles");
        assert_eq!(loaded.feed.len(), HOSTILE.len() + 1);
        Desk { _folder: folder, context: SearchContext::new(loaded.feed, Arc::default(), now) }
    }

    /// A run of a command that is written as in the settings.
    fn run(&self, command: &str, articles: &[usize], query: &str) -> CommandRun {
        let settings = format!("commands:\n  - {{name: mine, {command}}}\n");
        let (settings, problems) = Settings::parse(&settings, Path::new(""), None).expect("the settings");
        assert_eq!(problems, [], "{command}");
        let command = settings.commands.iter().next().expect("a command");
        let (context, query) = (self.context.clone(), query.to_owned());
        CommandRun { command: command.clone(), articles: articles.to_vec(), context, query, remedy: "" }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.context.feed.len()).filter(|index| self.title(*index) != "No link").collect()
    }

    fn title(&self, index: usize) -> String {
        self.context.feed.get(index).expect("an article").title.to_string()
    }
}

/// The arguments and the input that a call gave to the recorder.
fn recorded(call: &Program) -> (Vec<String>, String) {
    let limits = ProgramLimits { time: Duration::from_secs(60), kept: KeptOutput::First(1 << 20) };
    let output = call.run(limits, &|| false).expect("the recorder");
    let text = String::from_utf8(output.bytes).expect("text");
    let (words, input) = text.split_once("\0|").expect("words and input");
    (words.split('\0').map(str::to_owned).collect(), input.to_owned())
}

fn recorder(arguments: &str, rest: &str) -> String {
    let script = serde_json::to_string(RECORDER).expect("a text");
    format!("run: [sh, -c, {script}, sh{arguments}]{rest}")
}

#[test]
fn each_text_is_exactly_one_argument() {
    let desk = Desk::new();
    let arguments = ", '{link}', '{file}', '-t{title}', 'a={provider}{topics}', '--', '{title}', '{provider}', '{topics}', '{query}'";
    let query = "title:\"$(touch canary)\" -x";
    let run = desk.run(&recorder(arguments, ", input: text"), &desk.all(), query).program_run().expect("calls");
    assert_eq!(run.calls.len(), HOSTILE.len());
    let mut caught = 0;
    for (call, index) in run.calls.iter().zip(desk.all()) {
        let article = desk.context.feed.get(index).expect("an article");
        let (title, provider) = (article.title.as_str(), article.provider.name.as_str());
        let topics: Vec<&str> = article.topics.iter().map(|topic| topic.shown().as_str()).collect();
        let topics = topics.join(", ");
        let link = article.link_to_open().and_then(|link| link.address()).expect("a link").as_str();
        let file = article.path.to_str().expect("text");
        let expected = [
            link,
            file,
            &format!("-t{title}"),
            &format!("a={provider}{topics}"),
            "--",
            title,
            provider,
            &topics,
            query,
        ];
        let (words, input) = recorded(call);
        assert_eq!(words, expected);
        assert!(input.starts_with(title) && input.contains("Body "), "{input}");
        // A twin that fills the line before it is split gives other words.
        let twin = shell_words::split(&format!("x {link} {file} -t{title} {provider}")).unwrap_or_default();
        caught += usize::from(twin != ["x", link, file, &format!("-t{title}"), provider]);
    }
    assert!(caught >= 12, "the titles are too tame: {caught}");
    assert!(!Path::new("canary").exists(), "a title was run");
}

#[test]
fn variables_have_the_same_texts_for_scripts() {
    let desk = Desk::new();
    let script = "printf '%s\\0' \"$FRONTPAGE_TITLE\" \"$FRONTPAGE_LINK\" \"$FRONTPAGE_QUERY\"; printf '|'";
    let script = serde_json::to_string(script).expect("a text");
    let run = desk.run(&format!("run: [sh, -c, {script}]"), &desk.all(), "q $(x)").program_run().expect("calls");
    for (call, index) in run.calls.iter().zip(desk.all()) {
        let article = desk.context.feed.get(index).expect("an article");
        let link = article.link_to_open().and_then(|link| link.address()).expect("a link").as_str();
        assert_eq!(recorded(call).0, [article.title.as_str(), link, "q $(x)"]);
    }
}

#[test]
fn a_selection_is_one_call_with_all_links_and_all_texts() {
    let desk = Desk::new();
    let command = recorder(", '{link}', '-q={query}'", ", for: selection, input: json");
    let all = desk.all();
    let run = desk.run(&command, &all, "x").program_run().expect("a call");
    let [call] = run.calls.as_slice() else { panic!("{} calls", run.calls.len()) };
    let (words, input) = recorded(call);
    assert_eq!((words.len(), words.last().map(String::as_str)), (all.len() + 1, Some("-q=x")));
    let list: serde_json::Value = serde_json::from_str(&input).expect("JSON");
    let titles: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|one| one["title"].as_str()).collect();
    assert_eq!(titles, all.iter().map(|index| desk.title(*index)).collect::<Vec<_>>());
    // The same for one article is a list too, so that a program need not look.
    let run = desk.run(&command, &all[..1], "x").program_run().expect("a call");
    assert!(recorded(&run.calls[0]).1.starts_with('['));
}

#[test]
fn a_missing_link_is_reported_and_nothing_runs() {
    let desk = Desk::new();
    let lacking = (0..desk.context.feed.len()).find(|index| desk.title(*index) == "No link").expect("an article");
    let error = |articles: &[usize]| {
        let run = desk.run("run: 'x {link}', for: selection", articles, "");
        run.program_run().map_err(|error| run.failure(&error).to_string())
    };
    assert_eq!(error(&[lacking]), Err("`mine`: this article has no link".to_owned()));
    let both = [desk.all()[0], lacking];
    assert_eq!(error(&both), Err("`mine`: 1 of 2 articles have no link".to_owned()));
    let many = vec![lacking; 1001];
    let too_many = desk.run("run: x", &many, "").program_run().map_err(|error| error.to_string());
    assert_eq!(too_many, Err("a command gets at most 1,000 articles: narrow the list".to_owned()));
}

/// The commands of the recipes in the documentation.
fn recipes() -> Vec<(String, CommandSetting)> {
    let page = std::fs::read_to_string("docs/commands.md").expect("the page");
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let mut recipes = Vec::new();
    for block in blocks {
        let (settings, problems) = Settings::parse(block, Path::new(""), None).expect("the settings");
        assert_eq!(problems, [], "{block}");
        recipes.extend(settings.commands.iter().map(|command| (command.name.text.clone(), command.clone())));
    }
    recipes
}

/// Words and input of programs as they document them:
/// `shiori add url [flags]`, with `--title`; `ollama run MODEL [PROMPT]`, which puts what it reads before the prompt;
/// `trans [OPTIONS] [SOURCE]:[TARGETS]`, which reads its text from stdin if none is named; `mpv [options] [--] [url]`.
#[test]
fn recipes_call_programs_as_these_document_it() {
    let desk = Desk::new();
    let index = desk.all().into_iter().find(|index| desk.title(*index).starts_with("Überschrift")).expect("an article");
    let (title, all) = (desk.title(index), recipes());
    let link = desk.context.feed.get(index).and_then(|article| article.link_to_open()?.address().cloned());
    let link = link.expect("a link").as_str().to_owned();
    let summary = "Summarise these articles, each in five sentences.";
    for (name, words, reads) in [
        ("read later", vec!["shiori", "add", &format!("--title={title}"), &link], false),
        ("summarise", vec!["ollama", "run", "llama3.2", summary], true),
        ("translate", vec!["trans", "-brief", "-no-ansi", ":en"], true),
        ("play", vec!["mpv", "--force-window", "--", &link], false),
    ] {
        // The last one: the page begins with a shorter example of some.
        let (_, command) = all.iter().rfind(|(of, _)| of == name).expect("the recipe");
        let (command, context) = (command.clone(), desk.context.clone());
        let run = CommandRun { command, articles: vec![index], context, query: String::new(), remedy: "" };
        let run = run.program_run().unwrap_or_else(|error| panic!("{name}: {error}"));
        let [call] = run.calls.as_slice() else { panic!("{name}: {} calls", run.calls.len()) };
        // A script takes the place of the program, and records what it gets.
        let script = ["sh", "-c", RECORDER].map(Into::into).into_iter().chain(call.words.iter().cloned());
        let (arguments, input) = recorded(&Program { words: script.collect(), ..call.clone() });
        assert_eq!((call.words[0].to_str(), arguments), (Some(words[0]), owned(&words[1..])), "{name}");
        match reads {
            true => assert!(input.starts_with(&title) && input.contains("Body "), "{name}: {input}"),
            false => assert_eq!(input, "", "{name}"),
        }
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn every_recipe_of_the_documentation_runs_with_any_title() {
    let desk = Desk::new();
    let (mut count, mut programs) = (0, Vec::new());
    for (name, command) in recipes() {
        programs.push(command.program.program().to_owned());
        let (context, articles) = (desk.context.clone(), desk.all());
        let run = CommandRun { command, articles, context, query: "-x".to_owned(), remedy: "" };
        let run = run.program_run().unwrap_or_else(|error| panic!("{name}: {error}"));
        for call in &run.calls {
            // Recipes have a `--` of their own.
            let titles = HOSTILE.iter().filter(|title| **title != "--");
            let titles = titles.filter(|title| call.words.iter().any(|word| word == **title));
            assert_eq!(titles.count(), 0, "{name}: a title is a word of its own in {:?}", call.words);
        }
        count += 1;
    }
    programs.dedup();
    assert!(count >= 12 && programs.len() >= 12, "{count} {programs:?}");
}
