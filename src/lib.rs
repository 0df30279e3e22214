//! frontpage, a terminal reader for feeds and for folders of Markdown articles.
//!
//! This page is an overview. `docs/architecture.md` in the repository has the layers, the flows in diagrams, and the words.
//!
//! Article files become one immutable [`feed::Feed`]. An [`app::App`] is the state of a session over it: keys and events change
//! it, and it returns effects. The screen is a pure function of that state.
//!
//! ```text
//! article files ──library──▶ Feed ──Event::FeedLoaded──▶ App ◀── Action ◀── keymap ◀── keys, mouse
//!  snapshot ─────────┘                                   │ │
//!                                ui::FrameInput (borrowed) └─ Effects ──terminal::effects──▶ files, browser, clipboard, jobs
//!                                           │                                                       │
//!                                           ui ──▶ screen + FrameInfo ──▶ App            Event ◀────┘
//! ```
//!
//! * [`app::Action`]: what the user can ask for. [`app::Event`]: a fact from outside. [`app::Effect`]: what the program must do
//!   outside; only `terminal` performs effects.
//! * [`feed::Feed`] is bytes, in memory or mapped from a snapshot; a record becomes a [`feed::Article`] when it is needed.
//! * [`feed::Body`] is the Markdown of an article as events, for the screen, the search text, the excerpt and the links alike.
//! * [`query::Query`] selects and orders articles: for the search, topics, saved searches, rules and the command line.
//! * [`feed::Marks`] are read, starred, hidden, note and tags; they merge in any order, and [`library::marks_log`] keeps them.
//! * `channel::read` makes items of the bytes of a channel (RSS, RDF, Atom, JSON Feed), and `digest` makes article files of them.
//! * `sync` fetches what is due of the [`subscriptions`] with `net`, in confined processes, and writes articles with `digest`.
//! * `account` keeps the marks of reader services and of this device equal, and `sync` asks the services.
//! * [`export`] writes articles as documents: Markdown, HTML, JSON, Atom, JSON Feed, EPUB.
//! * [`jobs::Job`] is work in the background; its answer comes back as an event.
//! * [`feed::SafeText`] is the only text from outside that can be shown, printed or logged.
//!
//! A module imports only modules of lower layers. From the top: `main`, [`cli`], [`terminal`], [`ui`], [`keymap`], [`app`] and
//! `sync`, [`jobs`], [`export`] and `account`, `digest` and [`markdown`], [`text`], [`query`], [`library`], `channel`,
//! [`subscriptions`], `net`, `confined_process` and [`browser`], [`feed`], [`config`] and [`external_program`], [`dates`], [`picture`],
//! [`html`], `xml`, `frames`, `confinement`, [`file_system`], [`code`], [`fnv`] and [`bracket_limit`]. (Links are missing where a cargo
//! feature decides whether the module exists.) `tests/it/architecture.rs` checks it.

pub mod bracket_limit;
pub mod code;
#[cfg(any(feature = "sync", feature = "pictures"))]
pub mod confined_process;
#[cfg(any(feature = "sync", feature = "pictures"))]
pub mod confinement;
pub mod dates;
pub mod file_system;
pub mod fnv;
#[cfg(any(feature = "sync", feature = "pictures"))]
pub mod frames;
pub mod html;
pub mod picture;
#[cfg(feature = "sync")]
pub mod xml;

pub mod feed;

pub mod query;

pub mod library;

#[cfg(feature = "sync")]
pub mod account;
#[cfg(feature = "sync")]
pub mod channel;
#[cfg(feature = "sync")]
pub mod digest;
#[cfg(feature = "sync")]
pub mod net;
pub mod subscriptions;
#[cfg(feature = "sync")]
pub mod sync;

pub mod config;

pub mod export;

pub mod jobs;

pub mod app;

pub mod markdown;
pub mod text;

pub mod keymap;

pub mod ui;

pub mod terminal;

pub mod browser;
pub mod external_program;

pub mod cli;
