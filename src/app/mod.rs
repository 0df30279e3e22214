//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod action;
mod action_targets;
mod bookmark;
pub mod commands;
mod detail_pane;
mod effect;
mod event;
mod find_in_article;
mod focus;
mod frame_info;
mod jump_history;
mod link_throttle;
mod list_cursor;
mod list_pane;
mod list_search;
mod loaded_feed;
mod mouse_action;
mod news;
mod notices;
mod open_article;
pub mod overlays;
mod pane_layout;
mod panes;
mod problems;
mod prompt_history;
mod related_pane;
mod restored_session;
mod rows;
mod saved_view;
mod scroll;
mod session;
mod session_init;
mod session_marks;
mod session_rules;
mod session_time;
mod similar_cache;
mod story_folds;
mod text_input;
mod theme_choice;
mod undo;
mod unread_set;
mod user_config;

pub use action::Action;
pub use action_targets::{NoTarget, Targets};
pub use bookmark::Bookmark;
pub use commands::{Argument, Command, CommandError};
pub use detail_pane::Detail;
pub use effect::{Effect, Effects, NotOpened};
pub use event::Event;
pub use find_in_article::Find;
pub use focus::{Context, Focus};
pub use frame_info::{DetailInfo, FrameInfo, ListInfo, OverlayInfo, RelatedInfo, TOPICS, Top, TopicCells};
pub use list_cursor::Cursor;
pub use list_pane::List;
pub use list_search::Search;
pub use loaded_feed::Articles;
pub use mouse_action::{Pointed, Thing};
pub use news::News;
pub use notices::{Notice, Notices, Told};
pub use overlays::{
    Choice, Confirm, InsightsOptions, InsightsView, Label, LinkList, NoticeList, Palette, PaletteLine, Picker,
    ProblemList, PromptState, SavedList, Section, SortList, ThemeList,
};
pub use pane_layout::Shape;
pub use problems::Problems;
pub use prompt_history::PromptKind;
pub use related_pane::RelatedPane;
pub use rows::Rows;
pub use scroll::Scrolled;
pub use session::App;
pub use session_init::SessionInit;
pub use session_marks::{SessionMarks, Unkept};
pub use session_rules::SessionRules;
pub use session_time::SessionTime;
pub use text_input::{Edit, TextInput};
pub use theme_choice::{Picked, ThemeChoice};
pub use unread_set::Unread;
pub use user_config::UserConfig;
