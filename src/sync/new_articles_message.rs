//! The message of the desktop about new articles.

use std::sync::Arc;

use crate::external_program::program::Program;
use crate::feed::{Article, SafeText, clean};
use crate::text::grouped;

/// Titles in a message about several articles.
const MOST_TITLES: usize = 5;
/// Longest title in a message, in characters.
const MAX_TITLE: usize = 100;

/// The call of `notify-send` that shows `articles`. There is at least one.
pub fn desktop(articles: &[Arc<Article>]) -> Program {
    let (summary, body) = words(articles);
    // Behind `--`, because a title may begin with a dash.
    Program::new(["notify-send", "--app-name=frontpage", "--", &summary, &for_notify_send(&body)])
}

/// A message in one line, for a terminal.
pub fn line(articles: &[Arc<Article>]) -> SafeText {
    let (summary, body) = words(articles);
    let is_one = articles.len() == 1;
    let titles = body.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" · ");
    let between = match (titles.is_empty(), is_one) {
        (true, _) => "",
        (false, true) => " · ",
        (false, false) => ": ",
    };
    clean::plain_line(&format!("{summary}{between}{titles}"))
}

/// The first line of the message, and the others.
fn words(articles: &[Arc<Article>]) -> (String, String) {
    let cut = |text: &str| -> String { text.chars().take(MAX_TITLE).collect() };
    if let [one] = articles
        && !one.title.as_str().trim().is_empty()
    {
        return (cut(one.title.as_str()), cut(one.provider.name.as_str()));
    }
    let count = articles.len();
    let more = count.saturating_sub(MOST_TITLES);
    let shown = if more == 1 { MOST_TITLES + 1 } else { MOST_TITLES };
    let mut lines: Vec<String> = articles.iter().take(shown).map(|article| cut(article.title.as_str())).collect();
    lines.extend((count > shown).then(|| format!("and {} more", grouped(more))));
    let s = if count == 1 { "" } else { "s" };
    (format!("{} new article{s}", grouped(count)), lines.join("\n"))
}

/// A text as `notify-send` reads the lines below the first: with escapes that begin with a backslash, and with markup.
fn for_notify_send(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' => escaped.push_str("\\\\"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles(titles: &[&str]) -> Vec<Arc<Article>> {
        let article = |title: &&str| Arc::new(Article::builder(title).provider("P & Q", "").build());
        titles.iter().map(article).collect()
    }

    fn shown(titles: &[&str]) -> [String; 2] {
        let words = desktop(&articles(titles)).words;
        assert_eq!(words[..3], ["notify-send", "--app-name=frontpage", "--"]);
        [3, 4].map(|at| words[at].clone().into_string().expect("text"))
    }

    #[test]
    fn a_message_names_the_first_titles_without_markup_and_escapes() {
        assert_eq!(shown(&["-rf <b>&\\n"]), ["-rf <b>&\\n", "P &amp; Q"]);
        let two = shown(&["a <img src=x>\\n\\x41", "--hint=b"]);
        assert_eq!(two, ["2 new articles", "a &lt;img src=x&gt;\\\\n\\\\x41\n--hint=b"]);
        let titles: Vec<String> = (0..1234).map(|number| format!("t{number}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        assert_eq!(shown(&titles), ["1,234 new articles", "t0\nt1\nt2\nt3\nt4\nand 1,229 more"]);
        assert_eq!(shown(&titles[..6]), ["6 new articles", "t0\nt1\nt2\nt3\nt4\nt5"]);
        assert_eq!(line(&articles(&["a <b>"])).as_str(), "a <b> · P & Q");
        assert_eq!(line(&articles(&titles[..7])).as_str(), "7 new articles: t0 · t1 · t2 · t3 · t4 · and 2 more");
        assert_eq!(shown(&["x".repeat(300).as_str()])[0].len(), MAX_TITLE);
    }
}
