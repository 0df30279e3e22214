//! The list: columns, dates, days, the way back to earlier views.

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// The cells of each row of the list in which its title is drawn. Titles are `TTTT…` or `tttt…`.
fn title_cells(reader: &Reader) -> Vec<usize> {
    let area = reader.frame.list.area;
    let rows = (area.top()..area.bottom()).take(reader.frame.list.rows_built);
    rows.map(|y| {
        let cells: Vec<&str> = (area.left()..area.right()).map(|x| reader.screen()[(x, y)].symbol()).collect();
        let is_title = |cell: &&&str| matches!(**cell, "T" | "t" | "…");
        let start = cells.iter().position(|cell| is_title(&cell)).unwrap_or(cells.len());
        cells[start..].iter().take_while(is_title).count()
    })
    .collect()
}

/// Articles with long titles; of each third, one lacks what a line of `front` says.
fn folder(front: &[&str]) -> Folder {
    (0..30).fold(Folder::new(), |folder, n| {
        let lines = front.iter().enumerate().filter(|(at, _)| n % 3 != *at).map(|(_, line)| format!("{line}\n"));
        let text = format!("---\ntitle: {} {n}\n{}---\nText.\n", "T".repeat(190), lines.collect::<String>());
        folder.file(&format!("{n}.md"), text)
    })
}

#[test]
fn titles_get_at_least_60_percent_of_the_list() {
    let (provider, date, topics) =
        ("provider: {name: The Times of Harbours}", "date: 2020-05-10T04:06:00Z", "topics: [Sea, Ships, Slow Clocks]");
    for front in [
        &[][..],
        &[provider],
        &[date],
        &[topics],
        &[provider, date],
        &[date, topics, provider],
        &[provider, date, "quality: 12345"],
    ] {
        let folder = folder(front);
        for (columns, rows) in [(120, 30), (160, 45), (100, 30), (80, 24), (60, 20), (40, 16), (20, 5)] {
            let mut reader = Reader::of_folder(folder.path()).sized(columns, rows);
            for keys in ["", ":sort quality<enter>", ":sort title<enter>"] {
                // The number has priority over the date.
                let yields = columns == 40 && keys.contains("quality") && front.contains(&"quality: 12345");
                reader.press(keys);
                let width = usize::from(reader.frame.frames[0].width);
                let titles = title_cells(&reader);
                let average = titles.iter().sum::<usize>() * 100 / titles.len();
                assert!(
                    average >= width * 60 && titles.iter().min() >= Some(&(width * 55 / 100)),
                    "{average} of {width} {front:?}: {}",
                    reader.text()
                );
                let has_date = front.contains(&date) && columns > 20 && !yields;
                assert_eq!(reader.text().contains("May 2020"), has_date, "{}", reader.text());
            }
        }
    }
}

/// A column that no row of the view fills is not there: titles have its place.
#[test]
fn empty_columns_are_not_drawn() {
    let lines = ["provider: {name: The Times of Harbours}", "date: 2020-05-10T04:06:00Z"];
    let with = folder(&lines);
    let mut reader = Reader::of_folder(with.path()).sized(160, 45);
    assert!(reader.text().contains("The Times…") && reader.text().contains("May 2020"), "{}", reader.text());
    let widest = |reader: &Reader| title_cells(reader).into_iter().max().expect("rows");
    let width = usize::from(reader.frame.list.area.width);
    assert_eq!(widest(&reader), width - 4 - 10, "a title continues where its row has no provider");
    reader.press("F-date:*<enter>");
    assert!(!reader.text().contains("May 2020") && reader.text().contains("The Times of…"), "{}", reader.text());
    assert_eq!(widest(&reader), width - 4 - 15);
    reader.press("cF-provider:*<enter>");
    assert_eq!(widest(&reader), width - 4 - 10);
    assert!(!reader.text().contains("The Times"), "{}", reader.text());
    let bare = folder(&[]);
    let reader = Reader::of_folder(bare.path()).sized(160, 45);
    let width = usize::from(reader.frame.list.area.width);
    assert!(title_cells(&reader).into_iter().all(|title| title == width - 4), "{}", reader.text());
}
