//! `frontpage account`: accounts at reader services, such as FreshRSS and Miniflux.

use std::path::PathBuf;

use serde_json::json;
use url::Url;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, print_notice};
use super::subscription_lookup::states_folder;
use super::subscriptions::not_changed;
use super::sync_setup::SyncSetup;
use crate::account::FeedChange;
use crate::feed::{UntrustedText, clean};
use crate::file_system::RealFileSystem;
use crate::subscriptions::{
    Access, Account, Login, PasswordSource, ServiceKind, Subscription, account_refusal, edit, read_record,
    without_secrets,
};
use crate::sync::accounts;
use crate::sync::{Environment, Failure};
use crate::text::counted;

const EXAMPLES: &str = "\
frontpage account add freshrss https://rss.example.org --user me --password-command 'pass show rss'
frontpage account add miniflux https://miniflux.example.org --user me --password-file ~/.config/miniflux-password
frontpage account add fever http://192.168.1.5/fever --user me --password-variable FEVER_PASSWORD --private
frontpage account list
frontpage account follow rss.example.org https://example.org/feed.xml
frontpage account remove rss.example.org";

/// Subcommands of `account`.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub enum AccountCommand {
    /// Add an account, after its address, user and password were checked
    Add(AddArgs),
    /// List the accounts with their health
    List(ListArgs),
    /// Remove an account; its articles and marks stay
    Remove(NameArgs),
    /// Follow a channel at the service
    Follow(FeedArgs),
    /// End following a feed at the service; its articles stay
    Unfollow(FeedArgs),
}

/// Arguments of `account add`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct AddArgs {
    /// The service
    #[arg(value_name = "SERVICE", value_parser = ["freshrss", "miniflux", "greader", "fever"])]
    service: String,
    /// Address of the service, or of its API
    #[arg(value_name = "URL")]
    address: String,
    /// User name at the service
    #[arg(long, value_name = "NAME")]
    user: String,
    /// Command that prints the password on its first line
    #[arg(long, value_name = "COMMAND", group = "password")]
    password_command: Option<String>,
    /// File with the password on its first line
    #[arg(long, value_name = "FILE", group = "password")]
    password_file: Option<PathBuf>,
    /// Variable of the environment with the password
    #[arg(long, value_name = "NAME", group = "password")]
    password_variable: Option<String>,
    /// Title to show for the account
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// The service is on your own network
    #[arg(long)]
    private: bool,
}

/// Arguments of `account list`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ListArgs {
    /// Print one object for each account, each on its line
    #[arg(long)]
    json: bool,
}

/// The argument of commands that concern an account.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct NameArgs {
    /// Title, host or address, or a part of one
    #[arg(value_name = "ACCOUNT")]
    name: String,
}

/// Arguments of commands that concern a feed of an account.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct FeedArgs {
    /// Title, host or address of the account, or a part of one
    #[arg(value_name = "ACCOUNT")]
    name: String,
    /// Address of the channel, or the title of a feed that is followed
    #[arg(value_name = "URL|TITLE")]
    feed: String,
}

/// Runs a subcommand.
pub fn run(command: &AccountCommand, context: &Context) -> Result<Exit, CliError> {
    match command {
        AccountCommand::Add(args) => add(args, context),
        AccountCommand::List(args) => list(args, context),
        AccountCommand::Remove(args) => remove(args, context),
        AccountCommand::Follow(args) => follow(args, context),
        AccountCommand::Unfollow(args) => unfollow(args, context),
    }
}

fn add(args: &AddArgs, context: &Context) -> Result<Exit, CliError> {
    let password = match (&args.password_command, &args.password_file, &args.password_variable) {
        (Some(command), ..) => PasswordSource::Command(command.clone()),
        (_, Some(file), _) => PasswordSource::File(std::path::absolute(file).unwrap_or_else(|_| file.clone())),
        (_, _, Some(name)) => PasswordSource::Variable(name.clone()),
        _ => {
            let hint =
                "add --password-command, --password-file or --password-variable; the password itself is never written";
            return Err(CliError::new("the password is missing").hint(hint));
        }
    };
    let service = ServiceKind::NAMES.iter().find(|(name, _)| *name == args.service).map(|(_, kind)| *kind);
    let service = service.unwrap_or(ServiceKind::GoogleReader);
    let login = Some(Login { user: UntrustedText::new(args.user.trim()), password });
    let access = Access { login, is_private: args.private, ..Access::default() };
    let setup = SyncSetup::of(context)?;
    let environment = setup.environment(context, &[], &|_| {});
    let mut first: Option<Failure> = None;
    for address in addresses(service, &args.address, args.private)? {
        let server = Subscription {
            first_key: Some(Account::key_of(&address, args.user.trim())),
            address: UntrustedText::from_string(address),
            title: clean::plain_line(args.title.as_deref().unwrap_or_default()),
            access: access.clone(),
            ..Subscription::default()
        };
        let account = Account { service, server };
        if context.user.subscriptions.accounts.iter().any(|listed| listed.account.key() == account.key()) {
            return Err(CliError::new("this account is in subscriptions.yaml already"));
        }
        match accounts::check(&account, &environment) {
            Ok(feeds) => {
                let file = context.files.subscriptions_file();
                edit::add_account(&file, &account).map_err(|error| not_changed(&error))?;
                let shown = without_secrets(account.server.address.untrusted());
                print_notice(clean::plain_line(&format!("added {shown}: {}", counted(feeds, "feed"))));
                print_notice(clean::plain_line("`frontpage sync` brings its articles and marks"));
                return Ok(Exit::Success);
            }
            // A wrong password says more than that there is nothing at another address.
            Err(failure) if failure.status == Some(401) => return Err(not_added(&failure)),
            Err(failure) => drop(first.get_or_insert(failure)),
        }
    }
    Err(first.map_or_else(|| CliError::new("the address cannot be used"), |failure| not_added(&failure)))
}

/// The error of an account that was not added: there is no line of it yet, and nothing asks again by itself.
fn not_added(failure: &Failure) -> CliError {
    error(&Failure { remedy: remedy_of_add(failure.status, &failure.remedy).to_owned(), ..failure.clone() })
}

/// What the user can do about an account that was not added. `remedy` is that of an account with a line of its own.
fn remedy_of_add(status: Option<u16>, remedy: &str) -> &str {
    match status {
        Some(401) => "check --user and the password; services want a password of their own for the API",
        // These are about the API of the service.
        Some(403 | 404) => remedy,
        Some(429 | 500..=599) => "try again later",
        Some(_) => "check the address",
        None if remedy.contains("asked again") => "the server may be slow or down; try again later",
        None if remedy.contains("private: true") => "add --private if it is a server on your own network",
        None if remedy.contains("subscribe to") => "open the address in a browser, and give the one that it leads to",
        None if remedy.contains("channel") => "check the address",
        None => remedy,
    }
}

fn error(failure: &Failure) -> CliError {
    CliError::new(&clean::plain_line(&failure.what).to_string()).hint(clean::plain_line(&failure.remedy).as_str())
}

/// The addresses at which the API may be, in the order in which they are tried.
fn addresses(service: ServiceKind, address: &str, is_private: bool) -> Result<Vec<String>, CliError> {
    let address = address.trim().trim_end_matches('/');
    let address = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let url = Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(url) = url else {
        return Err(CliError::new("this is not an address").hint("write it with https://"));
    };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        let hint = "write it without user, password and query; --user names the user";
        return Err(CliError::new("the address has more than a host and a path").hint(hint));
    }
    if let Some(why) = account_refusal(&url).filter(|_| !is_private) {
        return Err(CliError::new(why).hint("add --private if it is a server on your own network, or write https://"));
    }
    let paths: &[&str] = match service {
        _ if url.path().ends_with(".php") => &[""],
        ServiceKind::FreshRss => &["/api/greader.php", "/p/api/greader.php", ""],
        ServiceKind::Miniflux => &[""],
        ServiceKind::GoogleReader => &["", "/api/greader.php"],
        ServiceKind::Fever => &["", "/fever", "/api/fever.php"],
    };
    Ok(paths.iter().map(|path| format!("{address}{path}")).collect())
}

fn list(args: &ListArgs, context: &Context) -> Result<Exit, CliError> {
    let listed = &context.user.subscriptions.accounts;
    if listed.is_empty() {
        print_notice("no accounts: `frontpage account add` adds one");
        return Ok(Exit::NothingOrProblems);
    }
    let states = states_folder(context).unwrap_or_default();
    let mut out = Output::new();
    let mut print = || -> Result<(), super::output::OutputError> {
        for one in listed {
            let account = &one.account;
            let (record, _) = read_record(&states, account.key(), &RealFileSystem);
            let record = record.unwrap_or_default();
            let feeds = accounts::known_feeds(account, &states, &RealFileSystem).len();
            let address = without_secrets(account.server.address.untrusted());
            let problem = record.problem.as_ref().map(|problem| clean::plain_line(&problem.what));
            match args.json {
                true => out.json_line(&json!({
                    "title": account.title().as_str(), "service": account.service.name(),
                    "address": address.as_str(), "feeds": feeds,
                    "synced": record.succeeded.map(crate::export::rfc3339),
                    "problem": problem.as_ref().map(|problem| problem.as_str()),
                }))?,
                false => {
                    let state = match &problem {
                        Some(problem) => problem.to_string(),
                        None if record.succeeded.is_none() => "not synced yet".to_owned(),
                        None => counted(feeds, "feed"),
                    };
                    out.line(clean::plain_line(&format!("{}  {address}  {state}", account.title())))?;
                }
            }
        }
        Ok(())
    };
    let printed = print();
    exit_after(printed.and_then(|()| out.finish()), Exit::Success)
}

/// The account that a text names.
pub fn find<'a>(context: &'a Context, name: &str) -> Result<&'a Account, CliError> {
    let wanted = name.trim().to_lowercase();
    let accounts: Vec<&Account> = context.user.subscriptions.accounts.iter().map(|listed| &listed.account).collect();
    let names = |account: &Account| {
        let address = without_secrets(account.server.address.untrusted());
        let user = account.server.access.login.as_ref().map_or("", |login| login.user.untrusted());
        let host =
            Url::parse(address.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        let with_user = format!("{user}@{host}");
        let key = account.key().to_string();
        [account.title().to_string(), address.to_string(), host, with_user, key].map(|name| name.to_lowercase())
    };
    let is_named = |account: &&&Account| names(account).contains(&wanted);
    let has_part = |account: &&&Account| names(account).iter().any(|name| name.contains(&wanted));
    let mut found: Vec<&&Account> = accounts.iter().filter(is_named).collect();
    if found.is_empty() {
        found = accounts.iter().filter(has_part).collect();
    }
    match found.as_slice() {
        [one] => Ok(one),
        [] if accounts.is_empty() => {
            Err(CliError::new("there are no accounts").hint("`frontpage account add` adds one"))
        }
        [] => Err(CliError::new(&format!("no account is called {}", clean::quote(name)))
            .hint("`frontpage account list` lists them")),
        several => {
            let what = format!("{} accounts match {}", several.len(), clean::quote(name));
            let hint = several.iter().map(|account| account.title().to_string()).collect::<Vec<_>>().join(", ");
            Err(CliError::new(&what).hint(&hint))
        }
    }
}

fn remove(args: &NameArgs, context: &Context) -> Result<Exit, CliError> {
    let account = find(context, &args.name)?;
    edit::remove_account(&context.files.subscriptions_file(), account.key()).map_err(|error| not_changed(&error))?;
    let setup = SyncSetup::of(context)?;
    accounts::forget(account, &setup.environment(context, &[], &|_| {}));
    print_notice(clean::plain_line(&format!("removed {}; its articles and marks stay", account.title())));
    Ok(Exit::Success)
}

fn follow(args: &FeedArgs, context: &Context) -> Result<Exit, CliError> {
    let change = FeedChange::Follow(args.feed.trim().to_owned());
    if Url::parse(args.feed.trim()).is_err() {
        return Err(CliError::new("this is not an address").hint("write it with https://"));
    }
    with_service(&args.name, context, |account, environment| accounts::change_feeds(account, environment, &change))?;
    print_notice(clean::plain_line("the service follows it; the next sync brings its articles"));
    Ok(Exit::Success)
}

fn unfollow(args: &FeedArgs, context: &Context) -> Result<Exit, CliError> {
    with_service(&args.name, context, |account, environment| {
        let wanted = args.feed.trim().to_lowercase();
        let feeds = accounts::known_feeds(account, environment.states, environment.fs);
        let is_named = |feed: &&crate::account::ServiceFeed| {
            let key = account.key_of_feed(&feed.id).to_string();
            let names = [feed.title.untrusted(), feed.address.untrusted(), &key];
            names.iter().any(|name| name.to_lowercase() == wanted)
        };
        match feeds.iter().filter(is_named).collect::<Vec<_>>().as_slice() {
            [one] => {
                accounts::change_feeds(account, environment, &FeedChange::Unfollow(one.id.clone()))?;
                accounts::forget_feed(account, environment, &one.id)
            }
            [] => Err(Failure::new("the account follows no such feed", "write its whole title, or its address")),
            _ => Err(Failure::new("several feeds have this title", "write the address of the feed")),
        }
    })?;
    print_notice(clean::plain_line("the service does not follow it any more; its articles stay"));
    Ok(Exit::Success)
}

fn with_service(
    name: &str,
    context: &Context,
    work: impl FnOnce(&Account, &Environment) -> Result<(), Failure>,
) -> Result<(), CliError> {
    let account = find(context, name)?;
    let setup = SyncSetup::of(context)?;
    let environment = setup.environment(context, &[], &|_| {});
    work(account, &environment).map_err(|failure| error(&failure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{FetchError, FetchErrorKind};

    #[test]
    fn what_to_do_about_an_account_that_was_not_added_speaks_of_no_line_and_no_subscription() {
        for (status, remedy, expected) in [
            (Some(401), "check `auth`; then sync by name", "check --user and the password"),
            (Some(403), "switch on the API in the settings of the service", "switch on the API"),
            (Some(410), "unsubscribe, or set a new address; its articles stay", "check the address"),
            (Some(429), "it is asked again when the server allows it", "try again later"),
            (Some(503), "it is asked again later", "try again later"),
            (None, "the server may be down; it is asked again later", "slow or down; try again later"),
            (None, "add `private: true` to the subscription if it is yours", "add --private"),
            (None, "open the address in a browser, and subscribe to where it leads", "give the one that it leads to"),
            (None, "check that the address is one of a channel", "check the address"),
            (None, "check the connection of this computer", "check the connection of this computer"),
        ] {
            let failure = match status {
                Some(_) => Failure { status, ..Failure::new("why", remedy) },
                None => {
                    let (kind, what) = (FetchErrorKind::Unreachable, "why".to_owned());
                    Failure::of_fetch(&FetchError { kind, what, remedy: remedy.to_owned() })
                }
            };
            let shown = remedy_of_add(failure.status, &failure.remedy);
            assert!(shown.contains(expected), "{remedy}: {shown}");
            for other in ["subscri", "channel", "`auth`", "asked again", "by name"] {
                assert!(!shown.contains(other), "{remedy}: {shown}");
            }
        }
    }
}
