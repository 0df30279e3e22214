//! `frontpage screen`: draws the screen that keys lead to, or a moving picture of a script of keys, without a terminal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::moving_picture::{MovingFrame, moving_svg, recording};
use super::output::{Output, print_notice};
use super::screen_cells::{ansi, text};
use super::screen_script::{self, ScriptStep};
use super::screen_svg::svg;
use crate::app::{Effect, Event, FullTextChange, SubscriptionEffect, shown_address};
use crate::config::saved_searches_file::SearchChange;
use crate::external_program::program;
use crate::feed::{ArticleId, clean};
use crate::jobs::sync_subscriptions::SyncScope;
use crate::keymap::Key;
use crate::library::io_error_text;
use crate::terminal::HeadlessUi;

/// Output formats of `screen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScreenFormat {
    /// Only the characters.
    Text,
    /// Characters with escape sequences for their styles.
    Ansi,
    /// A picture, with --script a moving one.
    Svg,
    /// A recording of asciinema, version 2; with --script.
    Cast,
}

const EXAMPLES: &str = "\
frontpage screen --keys \"jj<enter>\"         opens the third article
frontpage screen --size 160x45 --format svg > reader.svg
frontpage screen --script tour.keys --format cast > tour.cast";

/// Arguments of `screen`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ScreenArgs {
    /// Size of the screen
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "120x36", value_parser = read_size)]
    size: (u16, u16),
    /// Keys to press, such as jj<enter> or t<ctrl-n><space>
    #[arg(long, value_name = "KEYS", default_value = "", hide_default_value = true)]
    keys: String,
    /// Draw a moving picture: lines of seconds, keys and a caption, such as 1.5 jj next articles
    #[arg(long, value_name = "FILE", conflicts_with = "keys")]
    script: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ScreenFormat,
}

/// Why a size cannot be parsed.
#[derive(Debug, thiserror::Error)]
#[error("write columns and rows, as in 120x36")]
struct BadSize;

fn read_size(text: &str) -> Result<(u16, u16), BadSize> {
    let size = text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    size.ok_or(BadSize)
}

/// Draws a screen, or all screens of a script. Effects that keys ask for are printed, not performed; those of a script are left out.
pub fn run(args: &ScreenArgs, context: &Context) -> Result<Exit, CliError> {
    let steps = match &args.script {
        Some(file) => read_script(file)?,
        None if args.format == ScreenFormat::Cast => {
            return Err(CliError::new("a recording needs a script").hint("name a file with keys: --script FILE"));
        }
        None => Vec::new(),
    };
    let keys = Key::parse_all(&args.keys).map_err(|error| CliError::new(&error.to_string()))?;
    let loaded = context.load()?;
    let mut session = context.session();
    let problems = loaded.problems;
    // Marks come before the articles, so the first rows show them. Nothing is written.
    let marks = Event::MarksLoaded { marks: (*context.marks()).clone(), problems: Vec::new() };
    let _ = session.receive(marks);
    let effects = session.receive(Event::FeedLoaded { feed: loaded.feed, problems, complete: true });
    let _ = session.run_jobs(effects);
    let (columns, rows) = args.size;
    let mut screen = session.screen(columns, rows);
    for key in keys {
        let (effects, _) = session.press(key);
        let effects = session.run_jobs(effects);
        for effect in effects.0 {
            print_notice(clean::plain_line(&describe(&effect)));
        }
        screen = session.screen(columns, rows);
    }
    let frames = frames(steps, &mut session, args.size, context);
    let drawn = match (args.format, frames.last()) {
        (ScreenFormat::Text, frame) => text(frame.map_or(&screen, |frame| &frame.screen)),
        (ScreenFormat::Ansi, frame) => ansi(frame.map_or(&screen, |frame| &frame.screen)),
        (ScreenFormat::Svg, None) => svg(&screen),
        (ScreenFormat::Svg, Some(_)) => moving_svg(&frames),
        (ScreenFormat::Cast, _) => recording(&frames),
    };
    let mut out = Output::new();
    exit_after(out.raw(&drawn).and_then(|()| out.finish()), Exit::Success)
}

fn read_script(file: &Path) -> Result<Vec<ScriptStep>, CliError> {
    let name = clean::path(file);
    let text = std::fs::read_to_string(file)
        .map_err(|error| CliError::new(&format!("cannot read {name}: {}", io_error_text(&error))))?;
    screen_script::parse(&text).map_err(|error| CliError::new(&format!("{name}: {error}")))
}

/// The screens after each step of a script. The clock goes on while one is shown.
fn frames(
    steps: Vec<ScriptStep>,
    session: &mut HeadlessUi,
    (columns, rows): (u16, u16),
    context: &Context,
) -> Vec<MovingFrame> {
    let mut elapsed = Duration::ZERO;
    let frame = |step: ScriptStep| {
        session.set_time(context.now + elapsed);
        let effects = session.receive(Event::Tick(context.now + elapsed));
        let _ = session.run_jobs(effects);
        if let Some(key) = step.key {
            let (effects, _) = session.press(key);
            let _ = session.run_jobs(effects);
        }
        // What waits for a pause, such as the keys that may follow, is shown if the step is long enough.
        if session.shows_continuations_at().is_some_and(|due| due <= context.now + elapsed + step.shown) {
            session.set_time(context.now + elapsed + step.shown);
        }
        elapsed += step.shown;
        MovingFrame { screen: session.screen(columns, rows), shown: step.shown, keys: step.keys, caption: step.caption }
    };
    steps.into_iter().map(frame).collect()
}

fn describe(effect: &Effect) -> String {
    match effect {
        Effect::OpenLink(address) => format!("would open {}", address.shown()),
        Effect::Download(request) => format!("would download the file of {}", request.title),
        Effect::StopDownloads => "would stop downloads".to_owned(),
        Effect::Play(address) => format!("would play {}", address.shown()),
        Effect::StartPlayer(_) => "would start the player".to_owned(),
        Effect::Copy { text, what } => format!("would copy the {what} {text}"),
        Effect::ShowMessage(text) => format!("would show the message {text}"),
        Effect::EditFile { path, line } => format!("would edit {} at line {line}", clean::path(path)),
        Effect::ReloadFiles => "would reload the articles".to_owned(),
        Effect::RunJob(job) => format!("would run a job: {:?}", job.kind()),
        Effect::ChangeSearch(change) => describe_search_change(change),
        Effect::SaveMarks(changes) => {
            // A key may set several marks of an article.
            let articles: BTreeSet<ArticleId> = changes.iter().flat_map(|change| change.articles.clone()).collect();
            let count = articles.len();
            format!("would save marks of {count} article{}", if count == 1 { "" } else { "s" })
        }
        Effect::EditSavedSearches => "would edit the saved searches".to_owned(),
        Effect::EditSettings => "would edit the settings".to_owned(),
        Effect::ReloadSettings => "would reload the settings".to_owned(),
        Effect::JoinSubscriptions => "would read the articles of subscriptions".to_owned(),
        Effect::OpenLibrary(path) => format!("would read {}", clean::path(path)),
        #[cfg(feature = "sync")]
        Effect::Import(_) => "would import subscriptions".to_owned(),
        Effect::Subscriptions(effect) => describe_for_subscriptions(effect),
        Effect::Suspend => "would suspend".to_owned(),
        Effect::Redraw => "would redraw the screen".to_owned(),
        Effect::RunCommand(run) => match run.program_run() {
            Ok(run) => {
                let words = run.calls.first().map(|call| program::shown(&call.words)).unwrap_or_default();
                format!("would run {words}")
            }
            Err(error) => format!("would not run: {}", run.failure(&error)),
        },
        Effect::WriteArticles(request) => format!("would write {}", clean::quote(&request.typed)),
        Effect::StopPrograms => "would end the running programs".to_owned(),
        Effect::ShowInPager(_) => "would show the output in the pager".to_owned(),
        #[cfg(feature = "pictures")]
        Effect::FetchPicture(_) => "would fetch a picture".to_owned(),
        #[cfg(feature = "pictures")]
        Effect::StopPicture => "would stop fetching a picture".to_owned(),
        Effect::FullText(_) => "would fetch the full text".to_owned(),
        Effect::ChangeFullText(_, FullTextChange::SetAside) => "would show the text of the file again".to_owned(),
        Effect::ChangeFullText(_, FullTextChange::Restore) => "would show the full text again".to_owned(),
        Effect::Quit => "would quit".to_owned(),
    }
}

fn describe_search_change(change: &SearchChange) -> String {
    match change {
        SearchChange::Save { name, query } => format!("would save {query} as {name}"),
        SearchChange::Rename { from, to } => format!("would rename the saved search {from} to {to}"),
        SearchChange::Delete { name } => format!("would delete the saved search {name}"),
        SearchChange::Pin { name, keys: Some(keys) } => format!("would pin the saved search {name} to {keys}"),
        SearchChange::Pin { name, keys: None } => format!("would pin the saved search {name} to no key"),
    }
}

fn describe_for_subscriptions(effect: &SubscriptionEffect) -> String {
    match effect {
        SubscriptionEffect::Sync { scope: SyncScope::Due, .. } => {
            "would fetch the subscriptions that are due".to_owned()
        }
        SubscriptionEffect::Sync { scope: SyncScope::All, .. } => "would fetch all subscriptions".to_owned(),
        SubscriptionEffect::SendMarks => "would send marks to accounts".to_owned(),
        SubscriptionEffect::StopSync => "would end the running sync".to_owned(),
        SubscriptionEffect::Subscribe(request) => format!("would subscribe to {}", shown_address(&request.address)),
        SubscriptionEffect::ReadRecords => "would read the records of subscriptions".to_owned(),
        SubscriptionEffect::EditLine(line) => format!("would edit the subscriptions at line {line}"),
        SubscriptionEffect::Unsubscribe(key) => format!("would remove the subscription {key}"),
        SubscriptionEffect::Unfollow { feed, .. } => format!("would end following the feed {feed}"),
        SubscriptionEffect::Move { to, .. } => format!("would move a subscription to {}", shown_address(to)),
    }
}
