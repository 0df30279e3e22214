//! `frontpage unsubscribe`: removes a subscription, and with `--delete-articles` the files that were written for it.

use std::io::{BufRead, IsTerminal, Write};

use super::context::{Context, full_texts_folder};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::print_notice;
use super::subscription_lookup::{KnownSubscriptions, articles_folder, states_folder};
use super::subscriptions::not_changed;
use crate::digest::{Places, Removal, remove_articles};
use crate::feed::{ArticleId, SafeText, clean, tags};
use crate::file_system::RealFileSystem;
use crate::library::{FullTextFolder, io_error_text};
use crate::subscriptions::{Subscription, edit, without_secrets};
use crate::text::counted;

const EXAMPLES: &str = "\
frontpage unsubscribe rust                      by a part of its title, folder or address
frontpage unsubscribe https://example.org/feed.xml
frontpage unsubscribe rust --delete-articles    with its files, except those you starred, tagged or edited";

/// Arguments of `unsubscribe`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct UnsubscribeArgs {
    /// Title, address, folder or host, or a part of one
    #[arg(value_name = "NAME")]
    name: String,
    /// Delete its articles too, except those that you starred, tagged, noted or edited
    #[arg(long)]
    delete_articles: bool,
    /// Delete without asking
    #[arg(long, requires = "delete_articles")]
    yes: bool,
}

/// Runs the command.
pub fn run(args: &UnsubscribeArgs, context: &Context) -> Result<Exit, CliError> {
    let known = KnownSubscriptions::read(context)?;
    let listed = known.find(&args.name)?;
    let subscription = &listed.subscription;
    let title = known.title(subscription);
    if args.delete_articles {
        let removal = remove(subscription, context, true)?;
        if removal.removed > 0 && !args.yes && !is_confirmed(&title, &removal)? {
            print_notice(clean::plain_line("nothing is changed"));
            return Ok(Exit::NothingOrProblems);
        }
    }
    edit::remove(&context.files.subscriptions_file(), subscription.key()).map_err(|error| not_changed(&error))?;
    let shown = without_secrets(subscription.address.untrusted());
    print_notice(clean::plain_line(&format!("unsubscribed from `{title}` ({shown})")));
    if !args.delete_articles {
        print_notice(clean::plain_line("its articles stay"));
        return Ok(Exit::Success);
    }
    let removal = remove(subscription, context, false)?;
    print_notice(clean::plain_line(&format!("deleted {}", files(removal.removed))));
    for (number, why) in [
        (removal.protected, "starred, tagged or with a note"),
        (removal.edited, "edited"),
        (removal.foreign, "not written for this subscription on this device"),
    ] {
        if number > 0 {
            print_notice(clean::plain_line(&format!("{} {}: {why}", files(number), stay(number))));
        }
    }
    if removal.is_away {
        print_notice("the folder of its articles is missing or empty: what is known of them is kept");
    }
    remove_full_texts(&removal.gone)?;
    Ok(Exit::Success)
}

/// Removes what was fetched from the pages of articles that have no file any more.
fn remove_full_texts(articles: &[ArticleId]) -> Result<(), CliError> {
    let Some(path) = full_texts_folder() else { return Ok(()) };
    let folder = FullTextFolder::new(&path, &RealFileSystem);
    let mut removed = 0;
    for article in articles {
        let failed = |error| {
            let why = format!("a full text cannot be deleted from {}: {}", clean::path(&path), io_error_text(&error));
            CliError::new(&why).hint("delete the files there whose articles you no longer need")
        };
        removed += usize::from(folder.remove(*article).map_err(failed)?);
    }
    if removed > 0 {
        let words = format!("deleted {}", counted(removed, "full text"));
        print_notice(clean::plain_line(&words));
    }
    Ok(())
}

fn files(number: usize) -> String {
    counted(number, "article")
}

fn stay(number: usize) -> &'static str {
    if number == 1 { "stays" } else { "stay" }
}

fn remove(subscription: &Subscription, context: &Context, is_dry: bool) -> Result<Removal, CliError> {
    let (Some(articles), Some(states)) = (articles_folder(), states_folder(context)) else {
        return Err(CliError::new("$HOME is not set to a folder: there are no articles of subscriptions"));
    };
    let marks = context.marks();
    let is_protected = |id: ArticleId| marks.is_starred(id) || marks.note(id).is_some() || tags::has_any(&marks, id);
    let places = Places { articles: &articles, states: &states, fs: &RealFileSystem };
    remove_articles(subscription, &places, &is_protected, is_dry).map_err(|error| CliError::new(&error.to_string()))
}

fn is_confirmed(title: &SafeText, removal: &Removal) -> Result<bool, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::new(&format!("{} of `{title}` would be deleted", files(removal.removed)))
            .hint("add --yes to delete without asking"));
    }
    let question = clean::plain_line(&format!("delete {} of `{title}`? [y/N]", files(removal.removed)));
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "frontpage: {question} ");
    let _ = err.flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    Ok(read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
