//! t
pub mod app;
pub mod browser;
pub mod feed;
pub mod keymap;
pub mod library;
pub mod program;
pub mod query;
