//! Names of article files.

use std::fmt;

use chrono::Datelike;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::dates::Date;
use crate::feed::{ArticleId, SafeText};

/// Longest slug in bytes. With date, hash and ending, a name has at most 113 bytes; file systems allow 143 (eCryptfs) or more.
const MAX_SLUG_BYTES: usize = 80;
/// A slug that is cut in a word loses the whole word, unless it would lose more than this number of bytes.
const MAX_LOST_BYTES: usize = 24;

/// The name of an article file: `2026-11-29-a-title-0123456789abcdef.md`, or `undated-…` without a date. It has only the letters
/// a to z, digits, dashes and one dot, so it is neither a path nor a reserved name, and equal on every file system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(Box<str>);

impl FileName {
    /// The name of the file of an article. A date without zone counts as UTC.
    pub fn new(published: Option<Date>, title: &SafeText, id: ArticleId) -> FileName {
        let slug = slug(title.as_str());
        let (day, slug) = match published {
            Some(date) => (date.as_utc().format("%Y-%m-%d").to_string(), slug),
            // The loader would take a date in the name for the date of the article.
            None => ("undated".to_owned(), without_dashes_between_digits(&slug)),
        };
        let slug = if slug.is_empty() { slug } else { format!("-{slug}") };
        FileName(format!("{day}{slug}{}", FileName::ending(id)).into())
    }

    /// The end of every name of this article, whatever its date and title: `-0123456789abcdef.md`.
    pub fn ending(id: ArticleId) -> String {
        format!("-{id}.md")
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A date that a file can have: of the years 0 to 9999, which are written with four digits. Others count as missing.
pub fn writable(date: Option<Date>) -> Option<Date> {
    date.filter(|date| (0..=9999).contains(&date.as_utc().year()))
}

/// The letters a to z and digits of a text with single dashes between its words; empty for a text in a script that has no simple
/// transliteration.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            // `don't` is one word.
            '\'' | '’' => {}
            c => match transliterated(c) {
                Some(letters) => slug.push_str(letters),
                None if slug.is_empty() || slug.ends_with('-') => {}
                None => slug.push('-'),
            },
        }
        if slug.len() > MAX_SLUG_BYTES {
            break;
        }
    }
    if slug.len() > MAX_SLUG_BYTES {
        slug.truncate(MAX_SLUG_BYTES);
        let whole_words = slug.rfind('-').filter(|end| MAX_SLUG_BYTES - end <= MAX_LOST_BYTES);
        slug.truncate(whole_words.unwrap_or(MAX_SLUG_BYTES));
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Latin letters for a lower-case letter without accents. Cyrillic by BGN/PCGN and Greek by ISO 843, simplified to plain letters.
fn transliterated(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "ng",
        'ŧ' => "t",
        'а' | 'α' => "a",
        'б' => "b",
        'в' | 'β' => "v",
        'г' | 'ґ' | 'γ' => "g",
        'д' | 'δ' => "d",
        'е' | 'э' | 'ε' => "e",
        'є' => "ye",
        'ж' => "zh",
        'з' | 'ζ' => "z",
        'и' | 'і' | 'ι' | 'η' => "i",
        'к' | 'κ' => "k",
        'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'н' | 'ν' => "n",
        'о' | 'ο' | 'ω' => "o",
        'п' | 'π' => "p",
        'р' | 'ρ' => "r",
        'с' | 'σ' | 'ς' => "s",
        'т' | 'τ' => "t",
        'у' => "u",
        'ф' | 'φ' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ы' | 'υ' => "y",
        'ю' => "yu",
        'я' => "ya",
        'θ' => "th",
        'ξ' => "x",
        'χ' => "ch",
        'ψ' => "ps",
        _ => return None,
    })
}

fn without_dashes_between_digits(slug: &str) -> String {
    let bytes = slug.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let kept =
        slug.char_indices().filter(|(at, c)| *c != '-' || !is_digit(at.checked_sub(1)) || !is_digit(Some(at + 1)));
    kept.map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::dates;
    use crate::feed::clean;

    fn name(title: &str) -> String {
        name_of(Some("2026-11-29T23:30:00-02:00"), title)
    }

    fn name_of(published: Option<&str>, title: &str) -> String {
        let published = published.map(|date| date.parse().expect("a date"));
        FileName::new(published, &clean::plain_line(title), ArticleId::of_number(0x0123_4567_89ab_cdef)).to_string()
    }

    #[test]
    fn a_name_has_the_day_in_utc_the_title_and_the_id() {
        assert_eq!(name("Hello, World!"), "2026-11-30-hello-world-0123456789abcdef.md");
        for (date, day) in [
            ("2026-11-29", "2026-11-29"),
            ("2026-11-29T23:30:00", "2026-11-29"),
            ("2026-11-29T23:30:00Z", "2026-11-29"),
            ("2026-11-29T00:30:00+01:00", "2026-11-28"),
        ] {
            assert_eq!(name_of(Some(date), ""), format!("{day}-0123456789abcdef.md"), "{date}");
        }
    }

    #[test]
    fn titles_become_slugs() {
        for (title, expected) in [
            ("Don't — panic’s “over”", "dont-panics-over"),
            ("Crème Brûlée ﬁn ½ №5", "creme-brulee-fin-1-2-no5"),
            ("Straße, Ærø, Œuvre, Łódź, Đà Nẵng, Þór, ısı", "strasse-aero-oeuvre-lodz-da-nang-thor-isi"),
            ("Ёжик в тумане: щётка", "ezhik-v-tumane-shchetka"),
            ("Αθήνα, ψυχή", "athina-psychi"),
            ("ＦＵＬＬ　ｗｉｄｔｈ", "full-width"),
            ("日本語", ""),
            ("日本語 iPhone 17", "iphone-17"),
            ("العربية", ""),
            ("👨\u{200d}👩\u{200d}👧", ""),
            ("-- --", ""),
            ("C++ & C#", "c-c"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\Windows\\System32", "c-windows-system32"),
            ("a\0b\nc", "ab-c"),
            ("COM¹", "com1"),
            ("con", "con"),
            (".htaccess", "htaccess"),
            ("-rf", "rf"),
            ("name. ", "name"),
            ("$(rm -rf ~)`id`;|", "rm-rf-id"),
            ("\u{202e}gnp.exe", "gnp-exe"),
        ] {
            assert_eq!(slug(clean::plain_line(title).as_str()), expected, "{title}");
        }
    }

    #[test]
    fn a_long_slug_ends_with_a_whole_word() {
        let words = slug(&"word ".repeat(1_000));
        assert_eq!(words, "word-".repeat(16).trim_end_matches('-'));
        assert_eq!(slug(&"long".repeat(1_000)), "long".repeat(20));
        assert_eq!(slug(&"щ".repeat(1_000)).len(), MAX_SLUG_BYTES);
        assert!(slug(&"ﷺ".repeat(1_000)).len() <= MAX_SLUG_BYTES);
        assert_eq!(slug(&"日".repeat(100_000)), "");
    }

    #[test]
    fn the_name_of_an_undated_file_has_no_date() {
        for (title, expected) in [
            ("2021-02-18 in review", "undated-20210218-in-review-0123456789abcdef.md"),
            ("Part 1, 2 and 3", "undated-part-12-and-3-0123456789abcdef.md"),
            ("", "undated-0123456789abcdef.md"),
        ] {
            let name = name_of(None, title);
            assert_eq!(name, expected);
            assert_eq!(dates::find_in_name(&name), None, "{name}");
        }
    }

    #[test]
    fn dates_outside_of_four_digit_years_count_as_missing() {
        for (seconds, is_kept) in
            [(0, true), (253_402_300_799, true), (253_402_300_800, false), (-62_167_219_201, false)]
        {
            let date = chrono::DateTime::from_timestamp(seconds, 0).map(Date::moment);
            assert_eq!(writable(date).is_some(), is_kept, "{seconds}");
        }
        assert_eq!(writable(None), None);
    }

    /// True for a name that every file system accepts and no program takes for something else than a name.
    fn is_safe(name: &str) -> bool {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let stem = name.strip_suffix(".md").unwrap_or("/");
        let begins_with_date = stem.starts_with("undated-") || stem.starts_with("2026-11-30-");
        name.len() <= 113 && stem.bytes().all(is_allowed) && !stem.contains("--") && begins_with_date
    }

    #[test]
    fn titles_that_differ_by_case_or_normal_form_have_different_names() {
        let titles = ["Café", "café", "CAFÉ", "Cafe\u{301}", "cafe", "", "..", "日本", "中国"];
        let names: HashSet<String> = titles
            .iter()
            .map(|title| {
                FileName::new(None, &clean::plain_line(title), ArticleId::of_item(title)).to_string().to_lowercase()
            })
            .collect();
        assert_eq!(names.len(), titles.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24_000))]

        #[test]
        fn any_title_gives_a_safe_name(title in r"\PC{0,40}|.{0,40}|[./\\:~$-]{0,9}[a-zA-Zß-ÿА-я0-9]{0,90}|(\.\./|con|[\x00-\x1f]|\u{202e}|-){0,9}", dated: bool) {
            let name = name_of(dated.then_some("2026-11-29T23:30:00-02:00"), &title);
            prop_assert!(is_safe(&name), "{}", name);
            prop_assert!(dated || dates::find_in_name(&name).is_none(), "{}", name);
        }
    }
}
