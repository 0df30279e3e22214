//! Fuzzes the entry point `opml`.

#![no_main]
#![allow(dead_code)]

#[path = "../channel_entries.rs"]
mod channel_entries;
#[path = "../entries.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| channel_entries::opml(bytes));
