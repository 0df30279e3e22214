//! A page as the rules of a site generator see it: its path in the folder of the site, and the values of its front matter.

use std::path::{Component, Path};

use chrono::{NaiveDate, TimeDelta};

use crate::dates;

/// The values of front matter that decide the address of a page.
pub trait PageValues {
    /// True if the file has front matter, even if it is empty.
    fn has_front_matter(&self) -> bool;
    /// The text of a key; none if it is missing, blank, a list or a map. `a.b` is the key `b` in the map `a`.
    fn text(&self, key: &str) -> Option<String>;
    /// The texts of a list, or of a text with names between blanks.
    fn names(&self, key: &str) -> Vec<String>;
}

/// A page of a site.
pub struct Page<'a> {
    /// The folders above its file, from the folder of the site down.
    pub folders: Vec<&'a str>,
    /// The name of its file without the ending.
    pub stem: &'a str,
    /// Its title; the name of the file if the front matter has none.
    pub title: &'a str,
    /// The values of its front matter.
    pub values: &'a dyn PageValues,
}

impl<'a> Page<'a> {
    /// The page of the file `below` in the folder of the site. None if a name is not UTF-8, or leads out of the folder.
    pub fn new(below: &'a Path, title: &'a str, values: &'a dyn PageValues) -> Option<Page<'a>> {
        let names = below.components().filter(|part| *part != Component::CurDir).map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        });
        let mut folders = names.collect::<Option<Vec<&str>>>()?;
        let stem = Path::new(folders.pop()?).file_stem()?.to_str()?;
        Some(Page { folders, stem, title, values })
    }

    /// The folders below another folder, which is given as a path such as `content/en`; empty or `.` for the folder of the site.
    pub fn folders_below(&self, folder: &str) -> Option<&[&'a str]> {
        let wanted = folder.split('/').filter(|name| !name.is_empty() && *name != ".");
        let mut left = self.folders.as_slice();
        for name in wanted {
            let (first, rest) = left.split_first()?;
            left = (*first == name).then_some(rest)?;
        }
        Some(left)
    }

    /// True if a key is `true` or `yes`.
    pub fn is(&self, key: &str) -> bool {
        self.values.text(key).is_some_and(|text| matches!(text.trim(), "true" | "True" | "yes" | "on"))
    }

    /// True if a key is `false` or `no`.
    pub fn is_not(&self, key: &str) -> bool {
        self.values.text(key).is_some_and(|text| matches!(text.trim(), "false" | "False" | "no" | "off"))
    }

    /// The day of the date of a key, as written.
    pub fn written_day(&self, key: &str) -> Option<NaiveDate> {
        let text = self.values.text(key)?;
        let read = dates::read(text.as_bytes()).ok()?;
        Some(written_day(&text).unwrap_or(read.as_utc().date_naive()))
    }

    /// The day of the date of a key on a machine in a zone whose offsets from UTC are between two numbers of hours. A time without a
    /// zone is in UTC. None if the day depends on the offset, or if the zone is unknown and the day in UTC is not the one that is
    /// written.
    pub fn day_in(&self, key: &str, zone: Option<(i64, i64)>) -> Option<NaiveDate> {
        let text = self.values.text(key)?;
        let date = dates::read(text.as_bytes()).ok()?;
        let day = |hours: i64| Some(date.as_utc().checked_add_signed(TimeDelta::hours(hours))?.date_naive());
        let (one, other) = match (zone, date.has_time()) {
            (Some((from, to)), true) => (day(from), day(to)),
            _ => (day(0), written_day(&text).or(day(0))),
        };
        one.filter(|_| one == other)
    }
}

/// The day at the start of a date such as `2021-02-18` or `2021/02/18 09:00`.
fn written_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&text.trim().get(..10)?.replace('/', "-"), "%Y-%m-%d").ok()
}
