//! t
pub mod app;
pub mod browser;
pub mod cli;
pub mod config;
pub mod feed;
pub mod keymap;
pub mod library;
pub mod program;
pub mod query;
pub mod terminal;
pub mod ui;
