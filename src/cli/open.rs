//! `frontpage open`: opens the original of an article in the browser.

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, print_notice};
use crate::browser::Browser;
use crate::config::ProgramOutputUse;
use crate::external_program::EARLY_FAILURE;
use crate::feed::{Address, Link, clean};
use crate::jobs::open_link::with_opener;
use crate::jobs::run_program::ProgramRun;

const EXAMPLES: &str = "\
frontpage open 0123456789abcdef            an id, as list --format tsv prints it
frontpage open title:\"tide clocks\" --related 1 --print";

/// Arguments of `open`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct OpenArgs {
    /// An id, a link, a path, or a query that finds one article
    #[arg(value_name = "ARTICLE", required = true)]
    article: Vec<String>,
    /// Open the Nth related article instead, numbered as in `show`
    #[arg(long, value_name = "N")]
    related: Option<usize>,
    /// Print the address instead of opening it
    #[arg(long)]
    print: bool,
}

/// Opens or prints the link of an article.
pub fn run(args: &OpenArgs, context: &Context) -> Result<Exit, CliError> {
    let loaded = context.load()?;
    let index = context.find_one(&args.article, &loaded.feed)?;
    let (article, related) = (loaded.feed.get(index), loaded.feed.related(index));
    let link = match args.related {
        None => article.as_ref().and_then(|article| article.link_to_open()),
        Some(number) => match number.checked_sub(1).and_then(|at| related.get(at)) {
            Some(entry) => entry.target.link_to_open(),
            None => {
                return Err(CliError::new(&format!("no related article {number}: this article has {}", related.len())));
            }
        },
    };
    let address = match link {
        Some(Link::Web(address)) => address,
        Some(Link::Refused { shown, why }) => {
            return Err(CliError::new(&format!("link not opened: {shown}")).hint(&why.to_string()));
        }
        None => return Err(CliError::new("this article has no link")),
    };
    if args.print {
        let mut out = Output::new();
        return exit_after(out.line(address.shown()).and_then(|()| out.finish()), Exit::Success);
    }
    let opener = with_opener(&context.user.settings.openers, address).map_err(|refused| {
        CliError::new(&format!("link not opened: {refused}")).hint(&format!("the address is {}", address.shown()))
    })?;
    if let Some(run) = opener {
        return open_with(&run, address);
    }
    let variable = std::env::var("BROWSER").ok();
    let browser = Browser::new(context.user.settings.browser.as_deref(), variable.as_deref());
    match browser.open(address) {
        Ok(()) => {
            print_notice(clean::plain_line(&format!("opened {}", address.shown())));
            Ok(Exit::Success)
        }
        Err(error) => Err(CliError::new(&error.to_string()).hint(&format!("the address is {}", address.shown()))),
    }
}

/// Opens an address with the program of an opener: in this terminal, or in a window.
fn open_with(run: &ProgramRun, address: &Address) -> Result<Exit, CliError> {
    for call in &run.calls {
        let opened = match run.output {
            ProgramOutputUse::Takeover => call.run_in_terminal(),
            _ => call.start().and_then(|mut started| started.watch(EARLY_FAILURE).map(drop)),
        };
        opened.map_err(|error| {
            CliError::new(run.failure(&error, 0).as_str()).hint(&format!("the address is {}", address.shown()))
        })?;
    }
    if run.output != ProgramOutputUse::Takeover {
        print_notice(clean::plain_line(&format!("opened {} with {}", address.shown(), run.name)));
    }
    Ok(Exit::Success)
}
