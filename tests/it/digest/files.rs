//! What users and their programs do with article files: other line ends, copies, renamed and replaced files.

use frontpage::library::Library as Folders;

use super::*;

#[test]
fn other_line_ends_are_an_edit_that_loses_nothing() {
    for is_state_lost in [false, true] {
        let home = Home::new();
        home.write_well(&of_numbers(1..6));
        for (name, bytes) in home.files() {
            std::fs::write(home.own().join(name), String::from_utf8(bytes).unwrap().replace('\n', "\r\n")).unwrap();
        }
        if is_state_lost {
            std::fs::remove_file(home.state()).unwrap();
        }
        let files = home.files();
        for round in 0..2 {
            let report = home.write_well(&of_numbers(1..6));
            let found = if is_state_lost && round == 0 { 5 } else { 0 };
            assert_eq!(counts(&report), [0, 0, found, 0, 5 - found, 0, 0, 0], "{is_state_lost} {round}");
            assert_eq!(home.files(), files, "{is_state_lost}");
        }
        let report = home.write_well(&channel(vec![titled(1, "New"), item(2)]));
        assert_eq!((report.not_applied.len(), home.files() == files), (1, true), "it is reported");
    }
}

#[test]
fn files_that_an_editor_rewrote_are_found_without_the_state() {
    let home = Home::new();
    home.write_well(&of_numbers(1..4));
    for (name, bytes) in home.files() {
        let text = String::from_utf8(bytes).unwrap();
        let id = text.lines().find(|line| line.starts_with("articleId: ")).unwrap();
        let quoted = id.replace('"', "'");
        let moved = text.replace(&format!("{id}\n"), "").replacen("---\n", &format!("---\n{quoted}\n"), 1);
        std::fs::write(home.own().join(name), moved).unwrap();
    }
    std::fs::remove_file(home.state()).unwrap();
    let files = home.files();
    let report = home.write_well(&of_numbers(1..4));
    assert_eq!((report.new.len(), report.not_applied.len()), (0, 3));
    assert_eq!(home.files(), files);
}

#[test]
fn copies_of_sync_programs_are_no_second_articles() {
    let home = Home::new();
    home.write_well(&of_numbers(1..4));
    let path = home.file_of("Title 1");
    let stem = path.to_str().unwrap().strip_suffix(".md").unwrap().to_owned();
    let copies =
        [".sync-conflict-20261129-101010-ABCDEFG.md", " (conflicted copy 2026-11-29).md", " (Kopie vom Büro).md"];
    for copy in copies {
        std::fs::copy(&path, format!("{stem}{copy}")).unwrap();
    }
    assert_eq!(counts(&home.write_well(&of_numbers(1..4))), [0, 0, 0, 0, 3, 0, 0, 0]);
    std::fs::remove_file(home.state()).unwrap();
    assert_eq!(counts(&home.write_well(&of_numbers(1..4))), [0, 0, 3, 0, 0, 0, 0, 0]);
    let loaded = Folders::Paths(vec![home.own()]).load(day(TODAY), |_| {}).unwrap();
    assert_eq!((loaded.feed.len(), loaded.problems.len()), (3, 0), "the loader shows them as one");
    // An update changes the file with our name, and no copy.
    let copy = std::fs::read(format!("{stem}{}", copies[0])).unwrap();
    assert_eq!(counts(&home.write_well(&channel(vec![titled(1, "New"), item(2), item(3)]))), [0, 1, 0, 0, 2, 0, 0, 0]);
    assert_eq!(std::fs::read(format!("{stem}{}", copies[0])).unwrap(), copy);
}

#[test]
fn a_known_file_that_became_something_else_is_left_alone() {
    let home = Home::new();
    home.write_well(&of_numbers(1..5));
    let secret = home.folder.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    let paths: Vec<PathBuf> = (1..4).map(|number| home.file_of(&format!("Title {number}"))).collect();
    paths.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    std::os::unix::fs::symlink(&secret, &paths[0]).unwrap();
    std::fs::create_dir(&paths[1]).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &paths[2], rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    let changed = channel((1..5).map(|number| titled(number, "New")).collect());
    for updated in [1, 0] {
        let report = home.write_well(&changed);
        assert_eq!((report.updated.len(), report.not_applied.len()), (updated, 3));
    }
    assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
    assert!(paths[0].is_symlink() && paths[1].is_dir() && std::fs::read_dir(home.own()).unwrap().count() == 4);
}

#[test]
fn a_clock_that_is_wrong_removes_nothing_that_is_in_the_channel() {
    for (today, keep) in
        [(0, Keep::Days(9)), (TODAY, Keep::Newest(0)), (TODAY * 50, Keep::Days(0)), (TODAY, Keep::Days(u32::MAX))]
    {
        let mut home = Home::new();
        home.subscription.keep = Some(keep);
        let undated = Item { published: None, ..item(9) };
        let document = |numbers: std::ops::Range<i64>| channel(numbers.map(item).chain([undated.clone()]).collect());
        home.write_well(&document(1..6));
        let choices = Choices { is_protected: &|_| false, ..Choices::cautious(day(today)) };
        let report = home.write_with(&document(1..4), &choices);
        let expected = if matches!(keep, Keep::Newest(0) | Keep::Days(0)) { 2 } else { 0 };
        assert_eq!((report.problems.len(), report.removed.len()), (0, expected), "{today} {keep:?}");
        // Undated items have no age.
        let report = home.write_with(&of_numbers(1..4), &choices);
        assert_eq!(report.removed, [], "{today} {keep:?}");
        assert_eq!(home.files().len(), 6 - expected, "{today} {keep:?}");
    }
}
