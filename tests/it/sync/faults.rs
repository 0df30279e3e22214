//! A fault at each file call of a sync: nothing is lost, nothing is doubled, and the next run removes what was left.

use super::*;
use crate::harness::faulty_disk::{Fault, FaultyDisk, NO_SPACE};

const THREE: [&str; 3] = ["https://one.example/f", "https://two.example/f", "https://three.example/f"];

/// A device whose channels have three items, then three others and two of the first.
fn device() -> Device {
    let device = Device::following(&THREE);
    for address in THREE {
        device.reply(address, [Reply::ok(rss(0..3)).etag("1")]);
    }
    device
}

fn second_documents(device: &Device) {
    for address in THREE {
        device.site.script().replies.insert(address.to_owned(), [Reply::ok(rss(1..6)).etag("2")].into());
    }
}

/// Names and content of all articles, without the folder of the device.
fn relative(device: &Device) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = device.path("articles");
    let strip = |(path, bytes): (PathBuf, Vec<u8>)| (path.strip_prefix(&folder).unwrap().to_owned(), bytes);
    device.articles().into_iter().map(strip).collect()
}

fn sync_at(disk: FaultyDisk, undisturbed: &BTreeMap<PathBuf, Vec<u8>>) -> bool {
    let mut device = device();
    device.sync();
    device.pass(day());
    second_documents(&device);
    let _ = device.try_sync(Occasion::Timer, &disk);
    let has_fired = disk.has_fired();
    device.pass(TimeDelta::days(3)).sync();
    device.pass(TimeDelta::days(3)).sync();
    assert_eq!(&relative(&device), undisturbed, "{disk:?}");
    for subscription in &device.subscriptions {
        let record = device.record_of(subscription);
        assert_eq!((record.etag.as_deref(), record.problem), (Some("2"), None), "{disk:?}");
    }
    let leftover = files(device.folder.path()).into_keys().find(|path| path.to_str().unwrap().contains("/.new-"));
    assert_eq!(leftover, None, "{disk:?}");
    has_fired
}

fn undisturbed() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut device = device();
    device.sync();
    second_documents(&device);
    device.pass(day()).sync();
    assert_eq!(device.articles().len(), 18);
    relative(&device)
}

/// Each `step`th call fails, from `first` on.
fn faults(step: usize) {
    let undisturbed = undisturbed();
    for fault in [Fault::Once(NO_SPACE), Fault::FromThenOn(NO_SPACE), Fault::Torn, Fault::Short] {
        let mut at = 1;
        while sync_at(FaultyDisk::new(fault, at), &undisturbed) {
            at += step;
        }
        println!("{fault:?}: {at} calls");
    }
}

#[test]
fn a_fault_at_some_file_calls_loses_and_doubles_nothing() {
    faults(29);
}

#[test]
#[ignore = "heavy"]
fn a_fault_at_each_file_call_loses_and_doubles_nothing() {
    faults(1);
}
