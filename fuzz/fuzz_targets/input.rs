//! Bytes through the entry `input`, for as long as one likes.

#![no_main]
#![allow(dead_code)]

#[path = "../entries.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entries::input(bytes));
