//! `frontpage preview`: reads a channel from an address, a file or stdin, and prints what articles it would become. Writes nothing.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use ratatui::style::Style;
use serde_json::{Value, json};
use url::Url;

use super::context::exit_after;
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError, print_notice};
use super::preview_address::{self, FetchedChannel};
use crate::channel::{self, Document, Enclosure, Format, NotAChannel, Person, Repair};
use crate::config::SymbolSet;
use crate::dates::{Date, Zone};
use crate::digest::{
    Fingerprint, ItemId, KnownItems, PreparedChannel, PreparedItem, article_file, assign_ids, prepare, read_back,
};
use crate::export::rfc3339;
use crate::feed::{Article, SafeText, UntrustedText, clean};
use crate::file_system::open_regular;
use crate::library::io_error_text;
use crate::subscriptions::Subscription;
use crate::text::{self, Piece, wrap};

/// Longest document that is read, in bytes. The longest channels of real sites have 5 MB.
const MAX_BYTES: u64 = 16 << 20;
/// Width of text in columns without a terminal, and the maximum on one.
const COLUMNS: usize = 80;
const WIDEST: usize = 100;
/// Lines of a description or an excerpt that are printed.
const EXCERPT_LINES: usize = 2;
/// Channels of a page that a message lists.
const MAX_LISTED_CHANNELS: usize = 20;
/// The name of the standard input in messages.
const STDIN: &str = "stdin";
/// The first bytes of a file of gzip (RFC 1952).
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What is before each line about an item, below its title.
const INDENT: &str = "  ";

/// Output formats of `preview`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PreviewFormat {
    /// Text for people.
    Text,
    /// One object with everything that was read.
    Json,
}

const EXAMPLES: &str = "\
frontpage preview https://example.org/feed.xml
frontpage preview feed.xml
some-program | frontpage preview -
frontpage preview page.html --base https://example.org/     the channels that a page names
frontpage preview feed.xml --format json | jq -r .items[].title";

const JSON_HELP: &str = "\
The JSON object always has all keys: format (rss, rdf, atom or json), channel, items, repairs.
Times are RFC 3339 in UTC. What is missing is null; titles, texts and lists are empty instead.
`text` and `markdown` are the body of the article, `images` the pictures beside it.";

/// The end of the help: examples, and what the JSON is.
fn help() -> String {
    format!("{}\n\n{JSON_HELP}", help_text::examples(EXAMPLES))
}

/// Arguments of `preview`.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub struct PreviewArgs {
    /// File with a channel (RSS, Atom, JSON Feed), - for stdin, or the address of a channel or page, with https://
    #[arg(value_name = "FILE|URL")]
    file: PathBuf,
    /// The server of the address may be on your own network
    #[arg(long)]
    private: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: PreviewFormat,
    /// The header Content-Type that the file was served with, which may name an encoding
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The address that the file is from: relative addresses in it are resolved against this one
    #[arg(long, value_name = "URL", value_parser = parse_base)]
    base: Option<Url>,
}

/// Parses the value of `--base`.
fn parse_base(text: &str) -> Result<Url, CliError> {
    let wrong = || CliError::new("write an address with http or https, as in https://example.org/feed.xml");
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)
}

/// Prints what is read from a channel. Exit code 1 if it had to be repaired.
pub fn run(args: &PreviewArgs, symbols: SymbolSet) -> Result<Exit, CliError> {
    if let Some(address) = args.file.to_str().filter(|word| is_address(word)) {
        if args.base.is_some() || args.content_type.is_some() {
            return Err(CliError::new("--base and --content-type are for files; the server of an address says them"));
        }
        let FetchedChannel { channel, address, is_found } = preview_address::fetch(address, args.private)?;
        if is_found {
            print_notice(clean::plain_line(&format!("this is {address}")));
        }
        return print(&channel, args.format, &address, true, symbols);
    }
    let (bytes, name) = read_input(&args.file)?;
    let document = Document {
        bytes: &bytes,
        content_type: args.content_type.as_deref(),
        base: args.base.as_ref(),
        ..Document::default()
    };
    let channel = channel::read(&document).map_err(|why| not_a_channel(&why, &bytes, &name, args.base.is_some()))?;
    print(&prepare(channel, true), args.format, &name, args.base.is_some(), symbols)
}

/// Prints a channel; `name` is that of the document in messages. Exit code 1 if it had to be repaired.
pub(super) fn print(
    channel: &PreparedChannel,
    format: PreviewFormat,
    name: &SafeText,
    has_base: bool,
    symbols: SymbolSet,
) -> Result<Exit, CliError> {
    let exit = if channel.repairs.is_empty() { Exit::Success } else { Exit::NothingOrProblems };
    match format {
        PreviewFormat::Json => {
            let mut out = Output::new();
            let printed = out.json(&json(channel, Zone::Local));
            exit_after(printed.and_then(|()| out.finish()), exit)
        }
        PreviewFormat::Text => {
            let mut out = Output::with_symbols(symbols);
            let printed = print_text(channel, Zone::Local, &mut out);
            let ended = exit_after(printed.and_then(|()| out.finish()), exit);
            print_repairs(&channel.repairs, name);
            if !has_base && lacks_links(channel) {
                print_notice(SafeText::from(
                    "no item has a link; if they are relative, add --base with the address of the channel",
                ));
            }
            ended
        }
    }
}

/// Reads the file, or stdin for `-`. Returns the bytes and the name for messages.
fn read_input(file: &Path) -> Result<(Vec<u8>, SafeText), CliError> {
    let is_stdin = file.as_os_str() == "-";
    let name = if is_stdin { SafeText::from(STDIN) } else { clean::path(file) };
    let failed = |why: &str| CliError::new(&format!("cannot read {name}: {why}"));
    let mut bytes = Vec::new();
    let read = if is_stdin {
        io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        if file.is_dir() {
            return Err(failed("it is a folder, not a file"));
        }
        open_regular(file).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
    };
    if let Err(error) = read {
        let error = failed(&io_error_text(&error));
        let is_pipe = file.metadata().is_ok_and(|metadata| !metadata.is_file());
        return Err(if is_pipe { error.hint("to read from a pipe: COMMAND | frontpage preview -") } else { error });
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(failed(&format!("it has more than {} MB", MAX_BYTES >> 20)));
    }
    Ok((bytes, name))
}

/// True for an address with a scheme; other words are names of files.
fn is_address(word: &str) -> bool {
    let is_web = |scheme: &str| ["http", "https", "feed"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    word.split_once(':').is_some_and(|(scheme, rest)| is_web(scheme) && rest.contains("//"))
}

/// No item has a link: as when the links are relative, and nothing says to what.
fn lacks_links(channel: &PreparedChannel) -> bool {
    !channel.items.is_empty() && channel.items.iter().all(|item| item.item.link.is_none())
}

/// The error for a document that is not a channel: what it is, and for a page the channels that it names.
pub(super) fn not_a_channel(why: &NotAChannel, bytes: &[u8], name: &SafeText, has_base: bool) -> CliError {
    let mut error = CliError::new(&format!("{name}: {why}"));
    let page = match why {
        NotAChannel::Page(page) => page,
        NotAChannel::Empty if name.as_str() == STDIN => {
            return error.hint("the command before the pipe printed nothing");
        }
        // Some servers compress without being asked.
        NotAChannel::Other { .. } if bytes.starts_with(GZIP) => {
            return error.hint("decompress it first: with gunzip, or with curl --compressed");
        }
        NotAChannel::Empty | NotAChannel::Opml | NotAChannel::Other { .. } => return error,
    };
    if page.asks_for_password {
        return error.hint("log in with a browser, then save the channel in a file");
    }
    if page.channels.is_empty() {
        return error.hint(match has_base {
            true => "the page names no channel",
            false => "the page names no channel with a full address; for relative ones add --base URL of the page",
        });
    }
    error = error.hint("the page names these channels; download one of them:");
    for link in page.channels.iter().take(MAX_LISTED_CHANNELS) {
        error = error.hint(format!("{}  {}", link.url, link.title).trim_end());
    }
    match page.channels.len().saturating_sub(MAX_LISTED_CHANNELS) {
        0 => error,
        more => error.hint(&format!("and {more} more")),
    }
}

/// Prints each kind of repair to stderr, with the first line that it is about.
fn print_repairs(repairs: &[Repair], name: &SafeText) {
    // A fault of the program that wrote the channel is in every item.
    let mut kinds: Vec<(&Repair, usize)> = Vec::new();
    for repair in repairs {
        match kinds.iter_mut().find(|(known, _)| known.what == repair.what) {
            Some((_, count)) => *count += 1,
            None => kinds.push((repair, 1)),
        }
    }
    for (Repair { line, what }, count) in kinds {
        let more = if count > 1 { format!(" ({count} times)") } else { String::new() };
        print_notice(clean::plain_line(&format!("{name}:{line}: {what}{more}")));
    }
}

/// What is read from a channel, as a JSON object that always has all keys. Dates without a zone are taken to be in `zone`.
pub fn json(channel: &PreparedChannel, zone: Zone) -> Value {
    json!({
        "format": format_word(channel.format),
        "channel": {
            "title": line(&channel.title),
            "link": optional(channel.link.as_ref()),
            "description": line(&channel.description),
            "language": optional(channel.language.as_ref()),
            "updated": time(channel.updated, zone),
            "icon": optional(channel.icon.as_ref()),
        },
        "items": previewed(channel).iter().map(|item| item_json(item, zone)).collect::<Vec<Value>>(),
        "repairs": channel.repairs.iter().map(|repair| json!({
            "line": repair.line,
            "what": repair.what.as_str(),
        })).collect::<Vec<Value>>(),
    })
}

/// An item, and the article that the reader would show for it.
struct PreviewedItem<'a> {
    prepared: &'a PreparedItem,
    id: ItemId,
    /// The article, read back from the bytes of its file.
    article: Option<Arc<Article>>,
}

/// The items of a channel as articles of a new subscription.
fn previewed(channel: &PreparedChannel) -> Vec<PreviewedItem<'_>> {
    let fingerprints: Vec<Fingerprint> = channel.items.iter().map(|item| item.fingerprint.clone()).collect();
    let ids = assign_ids(&fingerprints, &KnownItems::default());
    let subscription = Subscription::default();
    let preview = |(prepared, id): (_, ItemId)| {
        let file = article_file(prepared, &id, channel, &subscription);
        let report = read_back(Path::new(""), file.name.as_str(), &file.bytes);
        PreviewedItem { prepared, id, article: report.article }
    };
    channel.items.iter().zip(ids).map(preview).collect()
}

impl PreviewedItem<'_> {
    /// What identifies the item: its id as given, else the one by which the article is known.
    fn id(&self) -> &str {
        self.prepared.item.guid.as_ref().map_or_else(|| self.id.as_str(), UntrustedText::untrusted)
    }

    /// The excerpt of the article.
    fn excerpt(&self) -> SafeText {
        self.article.as_ref().map(|article| article.excerpt.clone()).unwrap_or_default()
    }
}

/// The body of the article of an item, as text and as Markdown.
fn body(prepared: &PreparedItem) -> (SafeText, SafeText) {
    let (text, body) = (prepared.text.as_ref(), prepared.body.as_ref());
    let markdown = body.map(|body| clean::text(body.markdown.untrusted().trim_end()));
    (text.map(|text| clean::text(text.untrusted())).unwrap_or_default(), markdown.unwrap_or_default())
}

fn item_json(previewed: &PreviewedItem, zone: Zone) -> Value {
    let item = &previewed.prepared.item;
    let (text, markdown) = body(previewed.prepared);
    json!({
        "id": previewed.id(),
        "title": line(&item.title),
        "link": optional(item.link.as_ref()),
        "published": time(item.published, zone),
        "updated": time(item.updated, zone),
        "authors": item.authors.iter().map(person_json).collect::<Vec<Value>>(),
        "topics": item.topics.iter().map(line).collect::<Vec<Value>>(),
        "excerpt": previewed.excerpt().as_str(),
        "text": text.as_str(),
        "markdown": markdown.as_str(),
        "images": item.images.iter().map(|image| json!({
            "url": line(&image.url),
            "width": image.size.map(|(width, _)| width),
            "height": image.size.map(|(_, height)| height),
        })).collect::<Vec<Value>>(),
        "enclosures": item.enclosures.iter().map(|enclosure| json!({
            "url": line(&enclosure.url),
            "type": optional(enclosure.media_type.as_ref()),
            "length": enclosure.length,
            "duration": enclosure.duration,
        })).collect::<Vec<Value>>(),
        "comments": optional(item.comments.as_ref()),
    })
}

fn person_json(person: &Person) -> Value {
    json!({ "name": line(&person.name), "email": optional(person.email.as_ref()), "url": optional(person.url.as_ref()) })
}

/// The name of a format for programs.
fn format_word(format: Format) -> &'static str {
    match format {
        Format::Rss => "rss",
        Format::Rdf => "rdf",
        Format::Atom => "atom",
        Format::JsonFeed => "json",
    }
}

/// A format for people.
fn format_name(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Rdf => "RSS (RDF)",
        Format::Atom => "Atom",
        Format::JsonFeed => "JSON Feed",
    }
}

fn line(text: &UntrustedText) -> Value {
    shown(text).as_str().into()
}

fn optional(text: Option<&UntrustedText>) -> Value {
    text.map_or(Value::Null, line)
}

fn time(date: Option<Date>, zone: Zone) -> Value {
    json!(date.map(|date| rfc3339(date.at(zone))))
}

fn shown(text: &UntrustedText) -> SafeText {
    clean::plain_line(text.untrusted())
}

fn print_text(channel: &PreparedChannel, zone: Zone, out: &mut Output) -> Result<(), OutputError> {
    let columns = out.columns().unwrap_or(COLUMNS).min(WIDEST);
    match shown(&channel.title) {
        title if title.is_empty() => out.heading("(without a title)")?,
        title => out.heading(title)?,
    }
    if let Some(link) = &channel.link {
        out.line(shown(link))?;
    }
    print_wrapped(&shown(&channel.description), columns, "", out)?;
    let (items, repairs) = (channel.items.len(), channel.repairs.len());
    let mut facts = vec![format_name(channel.format).to_owned()];
    facts.extend(channel.language.as_ref().map(|language| shown(language).to_string()));
    facts.push(format!("{items} item{}", if items == 1 { "" } else { "s" }));
    facts.extend(channel.updated.map(|date| format!("changed {}", date_words(date, zone))));
    facts.extend((repairs > 0).then(|| format!("{repairs} repair{}", if repairs == 1 { "" } else { "s" })));
    out.line(clean::plain_line(&facts.join(" · ")))?;
    previewed(channel).iter().try_for_each(|item| print_item(item, zone, columns, out))
}

fn print_item(previewed: &PreviewedItem, zone: Zone, columns: usize, out: &mut Output) -> Result<(), OutputError> {
    let item = &previewed.prepared.item;
    out.line("")?;
    // An article without a title gets the beginning of its text as title.
    let title = previewed.article.as_ref().map_or_else(|| shown(&item.title), |article| article.title.clone());
    out.heading(title.clone())?;
    if let Some(link) = &item.link {
        out.line(indented(shown(link).as_str()))?;
    }
    let authors = item.authors.iter().map(|person| match (shown(&person.name), &person.email) {
        (name, Some(email)) if name.is_empty() => shown(email),
        (name, _) => name,
    });
    let mut facts: Vec<String> = Vec::new();
    facts.extend(item.published.or(item.updated).map(|date| date_words(date, zone)));
    facts.extend(authors.map(|name| name.to_string()).filter(|name| !name.is_empty()));
    let topics: Vec<SafeText> = item.topics.iter().map(shown).collect();
    facts.extend((!topics.is_empty()).then(|| clean::join(&topics, ", ").to_string()));
    print_wrapped(&clean::plain_line(&facts.join(" · ")), columns, INDENT, out)?;
    let excerpt = previewed.excerpt();
    if excerpt.as_str().trim_end_matches('.') != title.as_str().trim_end_matches('.') {
        print_wrapped(&excerpt, columns, INDENT, out)?;
    }
    for enclosure in &item.enclosures {
        out.line(indented(&enclosure_words(enclosure)))?;
    }
    if let Some(comments) = &item.comments {
        out.line(indented(&format!("comments: {}", shown(comments))))?;
    }
    Ok(())
}

/// A line below the title of an item.
fn indented(line: &str) -> SafeText {
    // `clean::text` keeps the blanks at the beginning; `plain_line` would not.
    clean::text(&format!("{INDENT}{}", clean::plain_line(line)))
}

/// Prints the first lines of a text, with `…` at the end if there are more. Prints nothing for an empty text.
fn print_wrapped(text: &SafeText, columns: usize, indent: &str, out: &mut Output) -> Result<(), OutputError> {
    if text.is_empty() {
        return Ok(());
    }
    let columns = columns.saturating_sub(indent.len()).max(10);
    let pieces = [Piece { text: text.clone(), style: Style::new() }];
    let lines = wrap(&pieces, columns, &[], &[]).take(EXCERPT_LINES + 1);
    let mut lines: Vec<String> =
        lines.map(|line| line.spans.iter().map(|span| span.content.as_ref()).collect::<String>()).collect();
    if lines.len() > EXCERPT_LINES {
        lines.truncate(EXCERPT_LINES);
        if let Some(last) = lines.last_mut() {
            let whole = clean::plain_line(last.trim_end_matches([' ', '…']));
            // The ellipsis of a cut word is enough.
            let cut = text::cut(&whole, columns.saturating_sub(2));
            *last = if cut == whole { format!("{cut} …") } else { cut.to_string() };
        }
    }
    lines.iter().try_for_each(|line| out.line(clean::text(&format!("{indent}{}", line.trim_end()))))
}

/// A date for people: the day, and the time of day if there is one.
fn date_words(date: Date, zone: Zone) -> String {
    let format = if date.has_time() { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
    date.to_local(zone).format(format).to_string()
}

/// An enclosure for people: its type, size, duration and address.
fn enclosure_words(enclosure: &Enclosure) -> String {
    let mut words: Vec<String> = Vec::new();
    words.push(enclosure.media_type.as_ref().map_or_else(|| "file".to_owned(), |kind| shown(kind).to_string()));
    words.extend(enclosure.length.filter(|length| *length > 0).map(size_words));
    words.extend(enclosure.duration.map(duration_words));
    words.push(shown(&enclosure.url).to_string());
    words.join(" · ")
}

/// A number of bytes for people, in decimal units.
fn size_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// A duration for people: `31:04` or `1:02:03`.
fn duration_words(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
