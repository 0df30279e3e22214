//! Integration tests: the session, the command line, and the program in a terminal.

// Test helpers may panic if a precondition fails.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods)]
// Large tests print how much they did: `cargo test -- --nocapture`.
#![allow(clippy::print_stdout)]

#[cfg(feature = "sync")]
mod accounts;
#[cfg(feature = "sync")]
mod accounts_in_reader;
mod architecture;
mod buttons;
mod channel_articles;
mod cli;
mod docs;
#[cfg(feature = "sync")]
mod downloads;
#[cfg(feature = "sync")]
mod downloads_in_reader;
mod export;
mod fields;
mod folding;
mod footer;
mod full_texts;
mod fuzz;
mod harness;
mod hostile_files;
mod hostile_text;
mod palette;
mod terminal_query;

mod adverse_conditions;
mod appearance;
#[cfg(feature = "sync")]
mod article_files;
mod article_pane;
#[cfg(feature = "sync")]
mod channels;
mod code_blocks;
#[cfg(feature = "sync")]
mod confinement;
mod costs;
mod counts;
mod dependencies;
#[cfg(feature = "sync")]
mod digest;
mod highlights;
mod html_pages;
mod identity;
mod input;
mod insights;
mod jumps;
mod lexer;
mod list;
mod live_updates;
mod loading;
mod local_links;
mod marks;
mod marks_on_disk;
mod messages;
mod model;
mod mouse;
mod navigation;
#[cfg(feature = "sync")]
mod net;
mod notices;
mod open_links;
mod overlays;
mod own_commands;
mod packaging;
#[cfg(feature = "pictures")]
mod picture_captions;
#[cfg(feature = "pictures")]
mod picture_files;
#[cfg(feature = "pictures")]
mod picture_protocols;
#[cfg(feature = "pictures")]
mod picture_viewer;
mod places;
#[cfg(feature = "sync")]
mod preview;
mod progress;
mod related;
#[cfg(all(feature = "sync", feature = "pictures"))]
mod remote_pictures;
mod repository_files;
mod rules;
mod saved_searches;
mod screens;
mod scroll_position;
mod search;
mod session;
mod settings;
mod sites;
mod stories;
mod style;
#[cfg(feature = "sync")]
mod subscribing;
mod subscription_articles;
#[cfg(feature = "sync")]
mod subscription_lists;
#[cfg(feature = "sync")]
mod subscriptions_file;
#[cfg(feature = "sync")]
mod sync;
mod sync_in_reader;
#[cfg(feature = "sync")]
mod sync_processes_of_reader;
#[cfg(feature = "sync")]
mod sync_program;
mod tags;
mod terminal;
mod themes;
mod time_zones;
mod watcher;
mod wide_blocks;
