//! The reading session: a value that actions and events change. It has no terminal, no files, no threads and no clock.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod action;
mod action_targets;
mod argument;
mod bookmark;
mod bound_commands;
mod buttons;
mod code_copy;
pub mod commands;
mod count;
mod day_summary;
mod days;
mod decoded_pictures;
mod detail_pane;
mod downloads;
mod effect;
mod event;
mod find_in_article;
mod focus;
mod frame_info;
mod frame_items;
mod jump_history;
mod link_target;
mod link_throttle;
mod list_geometry;
mod list_pane;
mod list_search;
mod loaded_feed;
mod marks_to_send;
mod mouse_action;
mod movement;
mod navigation;
mod news;
mod notices;
mod open_article;
mod overlay_cursor;
pub mod overlays;
mod pane_layout;
mod panes;
mod picture_facts_cache;
mod pictures;
mod problems;
mod programs;
mod prompt_history;
mod reading_places;
mod related_pane;
mod restored_session;
mod rows;
mod scroll;
mod session;
mod session_init;
mod session_marks;
mod session_rules;
mod session_time;
mod sideways;
mod similar_cache;
mod story_folds;
mod subscription_row;
mod subscriptions;
mod subscriptions_answer;
mod subscriptions_update;
mod sync_notice;
mod tag_choice;
mod text_input;
mod theme_choice;
mod typed_words;
mod undo;
mod unread_set;
mod user_config;
mod view_before_prompt;
mod visible_folds;

pub use action::Action;
pub use action_targets::{ActionTargets, NoTarget};
pub use bookmark::Bookmark;
pub use bound_commands::{BoundCommand, BoundCommands};
pub use buttons::{Button, ButtonCommand, Buttons};
pub use commands::{Argument, Command, CommandError};
pub use count::Count;
pub use days::{DaySection, Days};
pub use decoded_pictures::WantedPicture;
pub use detail_pane::DetailPane;
pub use effect::{Effect, Effects, LinkRefused, SubscriptionEffect};
pub use event::{Event, LibraryChange};
pub use find_in_article::FindInArticle;
pub use focus::{Context, Focus};
pub use frame_info::{
    DayLineSet, DetailInfo, FooterInfo, FrameInfo, IndexedCells, ListInfo, NavigationInfo, OverlayInfo, RelatedInfo,
    TopLines, VisibleLinks,
};
pub use frame_items::FrameItems;
pub use link_target::LinkTarget;
pub use list_geometry::ListGeometry;
pub use list_pane::ListPane;
pub use list_search::ListSearch;
pub use loaded_feed::LoadedFeed;
pub use mouse_action::{HitTarget, MouseAction};
pub use navigation::{Entry, EntryKind, Folds, Navigation, PresentPlace, Section};
pub use news::News;
pub use notices::{Notice, NoticeRecord, Notices};
pub use overlay_cursor::OverlayCursor;
#[cfg(feature = "sync")]
pub use overlays::ChannelPicker;
pub use overlays::{
    ArticleSource, Confirm, FoundChannelList, InsightsOptions, InsightsSection, InsightsView, LabelPicker, LinkList,
    Menu, NoticeList, Outline, Palette, PaletteItem, PaletteLine, PaletteRow, PickerLabel, ProblemList, PromptState,
    SavedSearchList, SortList, SubscriptionList, ThemeList, Welcome,
};
pub use pane_layout::PaneLayout;
pub use pictures::Pictures;
pub use problems::Problems;
pub use programs::{ProgramText, Programs};
pub use prompt_history::PromptKind;
pub use related_pane::RelatedPane;
pub use rows::Rows;
pub use scroll::ScrollPosition;
pub use session::App;
pub use session_init::SessionInit;
pub use session_marks::{MarksNotSaved, SessionMarks};
pub use session_rules::SessionRules;
pub use session_time::SessionTime;
pub use subscription_row::{Health, RowKind, SubscriptionRow, shown_address};
pub use subscriptions::Subscriptions;
pub use text_input::{Edit, TextInput};
pub use theme_choice::{PickedTheme, ThemeChoice};
pub use undo::{FullTextChange, FullTextNotMoved};
pub use unread_set::UnreadSet;
pub use user_config::UserConfig;
pub use visible_folds::{FoldLine, VisibleFolds};
