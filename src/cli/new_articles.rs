//! What `frontpage sync` runs for new articles (`on new`): loads the articles, and prints what went wrong.

use serde_json::{Value, json};

use super::context::Context;
use super::error::CliError;
use super::output::print_notice;
use super::subscription_lookup::articles_folder;
use crate::feed::clean;
use crate::library::Library;
use crate::query::SearchContext;
use crate::sync::claims::SyncLock;
use crate::sync::hooks::{self, HookContext, HookResult};
use crate::sync::{Environment, Failure};
use crate::text::grouped;

/// Runs the programs of the setting `on new` for the articles of this sync, and for those that an earlier one has left.
/// `has_reader`: a reader has started the sync.
pub fn run(lock: &SyncLock, environment: &Environment, context: &Context, has_reader: bool) -> Vec<HookResult> {
    let failed = |error: CliError| Failure::new(error.to_string(), "the articles wait for the next sync");
    let load = |needs_links: bool| load(context, needs_links).map_err(failed);
    let outside = HookContext { settings: &context.files.config_file, has_reader, load: &load };
    hooks::run(lock, environment, &outside)
}

/// The library of the user with the articles of subscriptions, as a reader shows them.
fn load(context: &Context, needs_links: bool) -> Result<SearchContext, CliError> {
    let library = match (&context.subscription_articles, articles_folder()) {
        (Some(folder), _) => {
            context.named_library.with_subscriptions(folder).unwrap_or_else(|| context.named_library.clone())
        }
        // A library that was named has no articles of subscriptions.
        (None, Some(folder)) => Library::Paths(vec![folder]),
        (None, None) => context.named_library.clone(),
    };
    let context = context.with_library(library);
    let loaded = context.load_quietly(needs_links)?;
    Ok(context.search_context(&loaded.feed))
}

/// Prints what a user must know. What ran well is not printed.
pub fn print(result: &HookResult) {
    if let Some(problem) = &result.problem {
        print_notice(problem.one_line());
    }
    if result.waiting > 0 {
        let s = if result.waiting == 1 { "" } else { "s" };
        let waiting =
            format!("{} article{s} of `on new` `{}` left for the next sync", grouped(result.waiting), result.when);
        print_notice(clean::plain_line(&waiting));
    }
}

/// The result as an object.
pub fn to_json(result: &HookResult) -> Value {
    let problem = result.problem.as_ref();
    json!({
        "on_new": result.when.as_str(),
        "result": if problem.is_some() { "failed" } else { "ran" },
        "articles": result.articles,
        "waiting": result.waiting,
        "problem": problem.map(|problem| problem.what.as_str()),
        "remedy": problem.map(|problem| problem.hint.as_str()),
    })
}
