//! Fetches a picture for the terminal reader into the cache of pictures: what `frontpage fetch --picture` does, which is not for users.

use std::cell::RefCell;

use serde_json::json;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::output::Output;
use super::sync_setup::{SyncSetup, read_request};
use crate::config::paths::UserPaths;
use crate::feed::{Address, SafeText, clean};
use crate::file_system::RealFileSystem;
use crate::jobs::remote_picture::{RemoteRequest, why_not_kept};
use crate::library::io_error_text;
use crate::library::picture_cache::PictureCache;
use crate::sync::pictures::{self, PictureFailure};

/// Reads an address from stdin, fetches the picture, and prints progress and an object: `result` (`fetched` or `failed`) and `problem`.
pub fn run(context: &Context) -> Result<Exit, CliError> {
    let address = read_request(RemoteRequest::address_from_json)?;
    let out = RefCell::new(Output::new());
    let progress = |done: u64, total: Option<u64>| {
        let mut out = out.borrow_mut();
        out.json_line(&json!({"done": done, "total": total.unwrap_or(0)})).and_then(|()| out.flush()).is_ok()
    };
    let problem = fetch(&address, context, &progress)?;
    let mut out = out.into_inner();
    let result = if problem.is_none() { "fetched" } else { "failed" };
    let exit = if problem.is_none() { Exit::Success } else { Exit::Failure };
    let object = json!({"result": result, "problem": problem.as_ref().map(SafeText::as_str)});
    exit_after(out.json_line(&object).and_then(|()| out.finish()), exit)
}

/// Fetches the picture at an address and keeps it. Returns what went wrong.
fn fetch(
    address: &Address,
    context: &Context,
    progress: &dyn Fn(u64, Option<u64>) -> bool,
) -> Result<Option<SafeText>, CliError> {
    let no_folder = || CliError::new("$HOME is not set to a folder: there is no place for pictures");
    let folder = UserPaths::find().ok_or_else(no_folder)?.pictures;
    let cache = PictureCache::new(&folder, &RealFileSystem);
    let setup = SyncSetup::of(context)?;
    let why = match pictures::fetch(address, setup.workers(), progress) {
        Ok(file) => match why_not_kept(&file) {
            None => {
                let kept = cache.keep(address, &file, context.user.settings.pictures.cache);
                let unkept =
                    |error| format!("it cannot be kept in {}: {}", clean::path(&folder), io_error_text(&error));
                return Ok(kept.err().map(|error| clean::plain_line(&unkept(error))));
            }
            Some(why) => why,
        },
        Err(failure) if failure.is_passing() => return Ok(Some(words(&failure))),
        Err(failure) => words(&failure),
    };
    // Without the note it is asked for again, which is no harm.
    let _ = cache.refuse(address, &why);
    Ok(Some(why))
}

fn words(failure: &PictureFailure) -> SafeText {
    clean::plain_line(&failure.to_string())
}
