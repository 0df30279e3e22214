//! [OPML](http://opml.org/spec2.opml) 1.0, 1.1 and 2.0: outlines with addresses of channels, in folders.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use quick_xml::escape::escape;

use super::fetch_record::FetchRecord;
use super::imported_list::{Collector, Entry, RefusalReason};
use super::subscription::Subscription;
use super::subscription_key::SubscriptionKey;
use crate::feed::{Address, SafeText, clean};
use crate::xml::{Element, Event, Reader};

/// Folders inside each other that become topics; deeper ones are left out.
const MAX_FOLDERS: usize = 16;

/// True if the first element of a text is `opml`, or an outline.
pub(super) fn is_opml(text: &str) -> bool {
    let mut reader = Reader::new(text, None);
    loop {
        match reader.next() {
            Some(Event::Start(element)) => {
                return ["opml", "outline"].iter().any(|name| element.local.eq_ignore_ascii_case(name));
            }
            Some(Event::Text(_)) => {}
            Some(Event::End) | None => return false,
        }
    }
}

/// Reads a document.
///
/// The names of the folders around an outline, and its categories, become topics of the subscription.
pub(super) fn read(text: &str, collector: &mut Collector) {
    let mut reader = Reader::new(text, None);
    // For each open element the name of the folder that it is.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut is_too_deep = false;
    while let Some(event) = reader.next() {
        match event {
            Event::Start(element) if element.local.eq_ignore_ascii_case("outline") => {
                let line = reader.line();
                let outline = Outline::new(&element);
                let mut folders: Vec<&str> = open.iter().flatten().map(String::as_str).collect();
                if folders.len() > MAX_FOLDERS && !is_too_deep {
                    is_too_deep = true;
                    let what =
                        format!("more than {MAX_FOLDERS} folders inside each other: the inner ones are left out");
                    collector.note(line, clean::plain_line(&what));
                }
                folders.truncate(MAX_FOLDERS);
                let is_folder = outline.address().is_none();
                outline.add(line, folders, collector);
                open.push(is_folder.then(|| outline.name().to_owned()).filter(|name| !name.trim().is_empty()));
            }
            Event::Start(_) => open.push(None),
            Event::Text(_) => {}
            Event::End => {
                open.pop();
            }
        }
    }
    let damages = reader.into_damages();
    for damage in &damages.first {
        collector.note(damage.line, clean::plain_line(&damage.kind.to_string()));
    }
}

/// The attributes of an outline that matter here; empty if missing.
#[derive(Default)]
struct Outline<'a> {
    xml_url: Cow<'a, str>,
    url: Cow<'a, str>,
    html_url: Cow<'a, str>,
    title: Cow<'a, str>,
    text: Cow<'a, str>,
    kind: Cow<'a, str>,
    category: Cow<'a, str>,
    /// A program of newsboat that changes the channel.
    filter: Cow<'a, str>,
}

impl<'a> Outline<'a> {
    fn new(element: &Element<'a>) -> Outline<'a> {
        let mut outline = Outline::default();
        for attribute in element.attributes() {
            let field = match attribute.name.to_ascii_lowercase().as_str() {
                "xmlurl" => &mut outline.xml_url,
                "url" => &mut outline.url,
                "htmlurl" => &mut outline.html_url,
                "title" => &mut outline.title,
                "text" => &mut outline.text,
                "type" => &mut outline.kind,
                "category" => &mut outline.category,
                "filtercmd" => &mut outline.filter,
                _ => continue,
            };
            if field.trim().is_empty() {
                *field = attribute.value();
            }
        }
        outline
    }

    /// The address of the channel.
    fn address(&self) -> Option<&str> {
        [&self.xml_url, &self.url].into_iter().map(|url| url.trim()).find(|url| !url.is_empty())
    }

    /// The title, else the text.
    fn name(&self) -> &str {
        if self.title.trim().is_empty() { self.text.trim() } else { self.title.trim() }
    }

    /// Adds the channel of the outline, if it is not a folder.
    fn add(&self, line: u32, folders: Vec<&str>, collector: &mut Collector) {
        let Some(address) = self.address() else {
            if !self.html_url.trim().is_empty() {
                collector.refuse(line, self.name(), RefusalReason::NoAddress);
            }
            return;
        };
        let is_link = ["link", "include"].iter().any(|kind| self.kind.trim().eq_ignore_ascii_case(kind));
        if is_link && self.xml_url.trim().is_empty() {
            return collector.refuse(line, address, RefusalReason::NotAChannel);
        }
        if !self.filter.trim().is_empty() {
            return collector.refuse(line, address, RefusalReason::Program);
        }
        let mut topics = folders;
        topics.extend(categories(&self.category));
        // Writers put the address where a title is missing, because the text is required.
        let title = Some(self.name()).filter(|name| *name != address).unwrap_or_default();
        collector.add(&Entry { line, address, title, topics });
    }
}

/// The categories of an outline: separated by commas, and either a name or a path that begins with a slash.
fn categories(attribute: &str) -> impl Iterator<Item = &str> {
    attribute.split(',').map(str::trim).flat_map(|category| {
        let separator = if category.starts_with('/') { '/' } else { ',' };
        category.split(separator).filter(|name| !name.is_empty())
    })
}

/// Writes subscriptions as OPML 2.0. The first topic of a subscription is its folder, and all topics are its categories. What the user
/// has not named has the title of its channel, if that is in `records`; so is the address of the site.
///
/// The addresses are whole: they may contain passwords. `created` is the date in the head of the document.
pub fn write(
    subscriptions: &[Subscription],
    records: &HashMap<SubscriptionKey, FetchRecord>,
    created: DateTime<Utc>,
) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n");
    out.push_str("    <title>Subscriptions of frontpage</title>\n");
    out.push_str(&format!("    <dateCreated>{}</dateCreated>\n  </head>\n  <body>\n", created.to_rfc2822()));
    for (folders, members) in by_folder(subscriptions) {
        let indent = |depth: usize| "  ".repeat(depth.saturating_add(2));
        for (depth, folder) in folders.iter().enumerate() {
            let name = attribute(folder.as_str());
            out.push_str(&format!("{}<outline text=\"{name}\" title=\"{name}\">\n", indent(depth)));
        }
        for subscription in members {
            out.push_str(&indent(folders.len()));
            push_outline(&mut out, subscription, records.get(&subscription.key()));
        }
        for depth in (0..folders.len()).rev() {
            out.push_str(&format!("{}</outline>\n", indent(depth)));
        }
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

/// The subscriptions by the folders that they are in, in the order in which these occur.
fn by_folder(subscriptions: &[Subscription]) -> Vec<(&[SafeText], Vec<&Subscription>)> {
    let mut groups: Vec<(&[SafeText], Vec<&Subscription>)> = Vec::new();
    let mut known = HashMap::new();
    for subscription in subscriptions {
        let folders = folders(subscription);
        let at = *known.entry(folders).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, members)) => members.push(subscription),
            None => groups.push((folders, vec![subscription])),
        }
    }
    groups
}

/// The topics that are folders: the first one, and all up to the last that a category cannot express.
fn folders(subscription: &Subscription) -> &[SafeText] {
    let is_category = |topic: &SafeText| !topic.as_str().contains(',') && !topic.as_str().starts_with('/');
    let topics = &subscription.topics;
    let last = topics.iter().rposition(|topic| !is_category(topic)).unwrap_or_default();
    topics.get(..=last.min(MAX_FOLDERS.saturating_sub(1))).unwrap_or_default()
}

fn push_outline(out: &mut String, subscription: &Subscription, record: Option<&FetchRecord>) {
    let address = attribute(subscription.address.untrusted().trim());
    let title = match (subscription.title.is_empty(), record) {
        (true, Some(record)) => clean::plain_line(&record.title),
        _ => subscription.title.clone(),
    };
    let title = attribute(title.as_str());
    if title.is_empty() {
        out.push_str(&format!("<outline type=\"rss\" text=\"{address}\" xmlUrl=\"{address}\""));
    } else {
        out.push_str(&format!("<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{address}\""));
    }
    if let Some(site) = record.and_then(|record| Address::parse(record.site.as_deref()?).ok()) {
        // A query may be secret, as that of the channel.
        let site = site.as_str().split(['?', '#']).next().unwrap_or_default();
        out.push_str(&format!(" htmlUrl=\"{}\"", attribute(site)));
    }
    let beyond = folders(subscription).len();
    let is_category = |(at, topic): &(usize, &SafeText)| {
        *at >= beyond || !topic.as_str().contains(',') && !topic.as_str().starts_with('/')
    };
    let categories: Vec<&str> =
        subscription.topics.iter().enumerate().filter(is_category).map(|(_, topic)| topic.as_str()).collect();
    if !categories.is_empty() {
        out.push_str(&format!(" category=\"{}\"", attribute(&categories.join(","))));
    }
    out.push_str("/>\n");
}

/// A text as the value of an attribute.
fn attribute(text: &str) -> Cow<'_, str> {
    // XML allows no other control characters than white space, not even as references, and turns that into blanks.
    let is_forbidden = |c: char| c.is_ascii_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    match text.contains(is_forbidden) {
        false => escape(text),
        true => Cow::Owned(escape(text.replace(is_forbidden, " ")).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::imported_list::Imported;
    use super::super::test_subscriptions::subscriptions;
    use super::*;
    use crate::feed::UntrustedText;

    fn imported(text: &str) -> Imported {
        let mut collector = Collector::default();
        read(text, &mut collector);
        collector.finish()
    }

    /// The subscriptions as address, title and topics.
    fn shown(imported: &Imported) -> Vec<(&str, &str, Vec<&str>)> {
        fn shown(one: &Subscription) -> (&str, &str, Vec<&str>) {
            (one.address.untrusted(), one.title.as_str(), one.topics.iter().map(SafeText::as_str).collect())
        }
        imported.subscriptions.iter().map(shown).collect()
    }

    #[test]
    fn outlines_are_read() {
        let a = "https://a.org/";
        for (outlines, expected) in [
            (r#"<outline text="A" xmlUrl="https://a.org/"/>"#, (a, "A", vec![])),
            (r#"<outline text="A" title="B &amp; C" type="rss" xmlurl="https://a.org/"/>"#, (a, "B & C", vec![])),
            (r#"<OUTLINE TEXT="A" XMLURL="https://a.org/" title=""/>"#, (a, "A", vec![])),
            (r#"<outline title='A' url='https://a.org/' type='rss'/>"#, (a, "A", vec![])),
            (r#"<outline text="https://a.org/" xmlUrl="https://a.org/"/>"#, (a, "", vec![])),
            (
                r#"<outline text="F"><outline title="G"><outline text="A" xmlUrl="https://a.org/"/></outline></outline>"#,
                (a, "A", vec!["F", "G"]),
            ),
            (
                r#"<outline text="F"/><outline text="A" xmlUrl="https://a.org/" category="x, /y/z/,TCP/IP,,x"/>"#,
                (a, "A", vec!["x", "y", "z", "TCP/IP"]),
            ),
            (r#"<outline text="A" xmlUrl="feed://a.org/?a=1&b=2"/>"#, ("http://a.org/?a=1&b=2", "A", vec![])),
            (r#"<outline text="A" xmlUrl="https://a.org/">"#, (a, "A", vec![])),
        ] {
            for text in [format!("<opml version=\"1.0\"><head/><body>{outlines}</body></opml>"), outlines.to_owned()] {
                let imported = imported(&text);
                assert_eq!(shown(&imported), std::slice::from_ref(&expected), "{text}");
                assert_eq!(imported.refused, [], "{text}");
                assert!(is_opml(&text), "{text}");
            }
        }
    }

    #[test]
    fn a_channel_is_not_a_folder() {
        let outlines =
            r#"<outline text="A" xmlUrl="https://a.org/"><outline text="B" xmlUrl="https://b.org/"></outline>"#;
        assert_eq!(shown(&imported(outlines)), [("https://a.org/", "A", vec![]), ("https://b.org/", "B", vec![])]);
    }

    #[test]
    fn outlines_are_refused() {
        let imported = imported(concat!(
            "<opml><body>\n",
            "<outline text='A' xmlUrl='|cat /etc/passwd'/>\n",
            "<outline text='B' xmlUrl='exec:x'/>\n",
            "<outline text='C' xmlUrl='https://c.org/' filtercmd='x'/>\n",
            "<outline text='D' htmlUrl='https://d.org/'/>\n",
            "<outline text='E' type='include' url='https://e.org/list.opml'/>\n",
            "<outline text='F' xmlUrl='https://me:secret@f.org/'/>\n",
            "<outline text='G' xmlUrl='https://g.org/'/>\n",
            "</body></opml>",
        ));
        use RefusalReason::*;
        let refused: Vec<_> =
            imported.refused.iter().map(|one| (one.line, one.what.as_str(), one.why.clone())).collect();
        assert_eq!(
            refused,
            [
                (2, "|cat", Program),
                (3, "exec:x", Program),
                (4, "https://c.org/", Program),
                (5, "D", NoAddress),
                (6, "https://e.org/list.opml", NotAChannel),
                (7, "https://f.org/", UserName),
            ]
        );
        assert_eq!(shown(&imported), [("https://g.org/", "G", vec![])]);
    }

    #[test]
    fn a_document_is_written() {
        let subscription = |address, title: &'static str, topics: &[&'static str]| Subscription {
            address: UntrustedText::new(address),
            title: title.into(),
            topics: topics.iter().map(|topic| SafeText::from(*topic)).collect(),
            ..Subscription::default()
        };
        let record = |title: &str, site: &str| FetchRecord {
            title: title.to_owned(),
            site: Some(site.to_owned()),
            ..FetchRecord::default()
        };
        let key = |address: &str| SubscriptionKey::of_address(&UntrustedText::new(address));
        let records = HashMap::from([
            (key("https://b.org/"), record("B \u{1b}[31m& b", "https://b.org/?x&y")),
            (key("https://d.org/"), record("Other", "javascript:x")),
        ]);
        let written = write(
            &[
                subscription("https://a.org/?a=1&b=2", "A <\"&'> ]]>", &["News", "Two"]),
                subscription("https://b.org/", "", &[]),
                subscription("https://c.org/", "C", &["News", "a, b", "Two"]),
                subscription("https://d.org/", "D", &["News"]),
            ],
            &records,
            DateTime::UNIX_EPOCH,
        );
        assert_eq!(
            written,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Subscriptions of frontpage</title>
    <dateCreated>Thu, 1 Jan 1970 00:00:00 +0000</dateCreated>
  </head>
  <body>
    <outline text="News" title="News">
      <outline type="rss" text="A &lt;&quot;&amp;&apos;&gt; ]]&gt;" title="A &lt;&quot;&amp;&apos;&gt; ]]&gt;" xmlUrl="https://a.org/?a=1&amp;b=2" category="News,Two"/>
      <outline type="rss" text="D" title="D" xmlUrl="https://d.org/" category="News"/>
    </outline>
    <outline type="rss" text="B &amp; b" title="B &amp; b" xmlUrl="https://b.org/" htmlUrl="https://b.org/"/>
    <outline text="News" title="News">
      <outline text="a, b" title="a, b">
        <outline type="rss" text="C" title="C" xmlUrl="https://c.org/" category="News,Two"/>
      </outline>
    </outline>
  </body>
</opml>
"#
        );
    }

    #[test]
    fn hostile_documents_need_little_stack() {
        let folders = "<outline text='a'>".repeat(100_000);
        let attributes: String = (0..50_000).map(|number| format!(" a{number}='x'")).collect();
        let documents = [
            format!("<opml>{folders}<outline xmlUrl='https://a.org/'/>"),
            format!("<opml><outline{attributes} xmlUrl='https://a.org/'/>"),
            format!("<opml>{}<outline xmlUrl='https://a.org/'/>", "<outline text='a'>".repeat(20)),
            format!(
                "<!DOCTYPE opml [{}]><opml><outline text='&a;' xmlUrl='https://a.org/'/>",
                "<!ENTITY a '&a;&a;'>".repeat(10_000)
            ),
            "<".repeat(1_000_000),
            format!("<opml><outline category='{}' xmlUrl='https://a.org/'/>", "a,".repeat(100_000)),
        ];
        let counts = std::thread::Builder::new()
            .stack_size(256 * 1024)
            .spawn(move || documents.iter().map(|text| imported(text).subscriptions.len()).collect::<Vec<_>>())
            .expect("a thread")
            .join()
            .expect("no panic");
        assert_eq!(counts, [0, 1, 1, 1, 0, 1]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(subscriptions in subscriptions()) {
            let mut imported = imported(&write(&subscriptions, &HashMap::new(), DateTime::UNIX_EPOCH));
            let mut expected = Imported { subscriptions, ..Imported::default() };
            for list in [&mut imported.subscriptions, &mut expected.subscriptions] {
                list.sort_by(|a, b| a.address.untrusted().cmp(b.address.untrusted()));
            }
            prop_assert_eq!(imported, expected);
        }
    }
}
