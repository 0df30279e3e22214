//! Downloads in the reader: how several wait for each other, what is reported of one that runs, and what quitting does with it.

use frontpage::app::{Effect, Event};
use frontpage::feed::clean;
use frontpage::jobs::download::{DownloadEnd, DownloadRequest};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus, Progress};

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// Episodes with files on two hosts, newest first, and an article without a file.
fn reader() -> Reader {
    let mut folder = Folder::new().file("9.md", "---\ntitle: Text\ndate: 2021-01-09\n---\n");
    for (number, host) in [(8, "e.org"), (7, "e.org"), (6, "other.org"), (5, "e.org")] {
        let text = format!(
            "---\ntitle: Episode {number}\ndate: 2021-01-0{number}\nenclosures: [{{url: 'https://{host}/{number}.mp3'}}]\n---\n"
        );
        folder = folder.file(&format!("{number}.md"), text);
    }
    let mut reader = Reader::of_folder(folder.path());
    reader.press("Fsort:-date<enter>gg");
    reader.look();
    reader
}

/// The downloads that were started since the last call.
fn started(reader: &mut Reader) -> Vec<DownloadRequest> {
    let effects = std::mem::take(&mut reader.effects).into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Download(request) => Some(request),
            _ => None,
        })
        .collect()
}

fn addresses(requests: &[DownloadRequest]) -> Vec<&str> {
    requests.iter().map(|request| request.address.untrusted()).collect()
}

/// Reports of a download that was started.
fn reports(reader: &mut Reader, statuses: impl IntoIterator<Item = JobStatus>) {
    let (job, kind) = (JobId::next(), JobKind::Download);
    for status in [JobStatus::Started].into_iter().chain(statuses) {
        reader.receive(Event::Job(JobReport { job, kind, status }));
    }
    reader.look();
}

fn done() -> JobStatus {
    JobStatus::Answer(Answer::Download(DownloadEnd::There(clean::plain_line("Downloaded Episode: /d/x.mp3"))))
}

#[test]
fn the_files_of_a_range_are_downloaded_one_after_the_other() {
    for keys in ["5:download<enter>", "vG:download<enter>"] {
        let mut reader = reader();
        reader.press(keys);
        assert_eq!(reader.notice().trim(), "Downloading 4 files, one after the other; 1 article without one", "{keys}");
        assert!(reader.app().list().range_rows().is_empty(), "the range ends");
        for (address, end) in [
            ("https://e.org/8.mp3", done()),
            ("https://e.org/7.mp3", JobStatus::Failed("Not downloaded: 403".into())),
            ("https://other.org/6.mp3", JobStatus::Cancelled),
            ("https://e.org/5.mp3", done()),
        ] {
            assert_eq!(addresses(&started(&mut reader)), [address], "{keys}");
            reports(&mut reader, [end]);
        }
        assert_eq!(started(&mut reader), []);
        reader.press("Q");
        assert!(reader.effects.contains(&Effect::Quit), "{}", reader.notice());
    }
}

#[test]
fn a_download_that_runs_or_waits_is_not_started_again() {
    let mut reader = reader();
    reader.press("j:download<enter>");
    assert_eq!(reader.notice().trim(), "Downloading (Audio): Episode 8");
    reader.press(":download<enter>");
    assert_eq!(reader.notice().trim(), "Already downloading: Episode 8");
    reports(&mut reader, [JobStatus::Progress(Progress::of(412, 1_000))]);
    assert!(reader.footer().contains("downloading 41 %"), "{}", reader.footer());
    reader.press(":download<enter>");
    assert_eq!(reader.notice().trim(), "Already downloading, 41 %: Episode 8");
    reader.press("j:download<enter>");
    assert_eq!(reader.notice().trim(), "Waits for 1 other download: Episode 7");
    reader.press(":download<enter>");
    assert_eq!(reader.notice().trim(), "Waits already: Episode 7");
    assert_eq!(addresses(&started(&mut reader)), ["https://e.org/8.mp3"]);
    reader.press(":stop-downloads<enter>");
    assert!(reader.effects.contains(&Effect::StopDownloads));
    reader.press("gg:download<enter>");
    assert_eq!(reader.notice().trim(), "This article has no sound, film or other file");
}

#[test]
fn quitting_warns_once_before_it_stops_a_download() {
    let mut reader = reader();
    reader.press("j:download<enter>j:download<enter>Q");
    assert_eq!(
        reader.notice().trim(),
        "! Press again to quit and stop 2 downloads; what has arrived is kept for the next time"
    );
    assert!(!reader.effects.contains(&Effect::Quit));
    reader.press("j");
    reader.press("q");
    assert!(reader.effects.contains(&Effect::Quit), "{}", reader.notice());
    let mut reader = self::reader();
    reader.press("j:download<enter>");
    reports(&mut reader, [done()]);
    reader.press("Q");
    assert!(reader.effects.contains(&Effect::Quit), "a download that is over is no reason to ask");
}

#[test]
fn a_server_on_a_private_network_is_one_question_for_all_its_files() {
    let mut reader = reader();
    reader.press("5:download<enter>");
    let first = started(&mut reader).remove(0);
    let refused = |request: &DownloadRequest| {
        let end = DownloadEnd::Private("e.org is on a private network".into(), request.clone());
        JobStatus::Answer(Answer::Download(end))
    };
    reports(&mut reader, [refused(&first)]);
    assert!(reader.text().contains("e.org is on a private network. Download 3 files? y/n"), "{}", reader.text());
    assert!(!reader.text().contains("Not downloaded"), "the question is enough: {}", reader.text());
    assert_eq!(addresses(&started(&mut reader)), ["https://other.org/6.mp3"], "other servers are not asked for");
    reader.press("y");
    assert_eq!(started(&mut reader), [], "one runs");
    reports(&mut reader, [done()]);
    let next = started(&mut reader);
    assert_eq!((addresses(&next), next[0].is_private), (vec!["https://e.org/8.mp3"], true));
    // Without a yes nothing is downloaded.
    let mut reader = self::reader();
    reader.press("j:download<enter>");
    let first = started(&mut reader).remove(0);
    reports(&mut reader, [refused(&first)]);
    reader.press("n");
    assert_eq!(started(&mut reader), []);
}

#[test]
fn many_files_are_a_question_first() {
    let mut folder = Folder::new();
    for number in 0..11 {
        let text = format!("---\ntitle: Episode {number}\nenclosures: [{{url: 'https://e.org/{number}.mp3'}}]\n---\n");
        folder = folder.file(&format!("{number}.md"), text);
    }
    let mut reader = Reader::of_folder(folder.path());
    reader.press("ggvG:download<enter>");
    assert!(reader.text().contains("Download 11 files? y/n"), "{}", reader.text());
    assert_eq!(started(&mut reader), []);
    reader.press("y");
    assert_eq!(started(&mut reader).len(), 1);
}
