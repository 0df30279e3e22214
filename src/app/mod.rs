//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod action;
mod articles;
mod bookmark;
pub mod commands;
mod cursor;
mod detail;
mod effect;
mod event;
mod find;
mod focus;
mod frame_info;
mod jumps;
mod link_opener;
mod list;
mod marks;
mod mouse;
mod news;
mod notices;
mod open_article;
pub mod overlays;
mod panes;
mod problems;
mod prompt_history;
mod related;
mod restored;
mod rows;
mod rules;
mod saved_view;
mod scroll;
mod search;
mod session;
mod session_init;
mod shape;
mod similar;
mod stories;
mod targets;
mod text_input;
mod theme_choice;
mod time;
mod undo;
mod unread;
mod user_config;

pub use action::Action;
pub use articles::Articles;
pub use bookmark::Bookmark;
pub use commands::{Argument, Command, CommandError};
pub use cursor::Cursor;
pub use detail::Detail;
pub use effect::{Effect, Effects, NotOpened};
pub use event::Event;
pub use find::Find;
pub use focus::{Context, Focus};
pub use frame_info::{DetailInfo, FrameInfo, ListInfo, OverlayInfo, RelatedInfo, TOPICS, Top, TopicCells};
pub use list::List;
pub use marks::{SessionMarks, Unkept};
pub use mouse::{Pointed, Thing};
pub use news::News;
pub use notices::{Notice, Notices, Told};
pub use overlays::{
    Choice, Confirm, InsightsOptions, InsightsView, Label, LinkList, NoticeList, Palette, PaletteLine, Picker,
    ProblemList, PromptState, SavedList, Section, SortList, ThemeList,
};
pub use problems::Problems;
pub use prompt_history::PromptKind;
pub use related::RelatedPane;
pub use rows::Rows;
pub use rules::SessionRules;
pub use scroll::Scrolled;
pub use search::Search;
pub use session::App;
pub use session_init::SessionInit;
pub use shape::Shape;
pub use targets::{NoTarget, Targets};
pub use text_input::{Edit, TextInput};
pub use theme_choice::{Picked, ThemeChoice};
pub use time::SessionTime;
pub use unread::Unread;
pub use user_config::UserConfig;
