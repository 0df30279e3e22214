//! frontpage, a terminal reader for folders of Markdown articles: a map of the code.
//!
//! Article files go in at the bottom, become one immutable [`feed::Feed`], an [`app::App`] moves over it as keys arrive,
//! and the screen is a pure function of that value.
//!
//! ```text
//! article files ──library──▶ Feed ──Event::FeedLoaded──▶ App ◀─Action, MouseAction─ keymap ◀── keys, mouse
//!  snapshot ─────────┘
//!                                                         │ │
//!                                        View (borrowed)  │ └─ Effects ──terminal::effects──▶ browser, clipboard, editor
//!                                              │          │                                       │
//!                                              ui ──▶ screen + FrameInfo ──▶ app.frame_drawn Event ◀── jobs
//! ```
//!
//! # The screen, and the types behind it
//!
//! ```text
//!  app::ListPane                                        app::DetailPane
//! ┏▌ diablo4 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1/1,592 ┓╭ Article ───────────────────────────────╮
//! ┃▸●   3y  Blizzard    Your Guide to the …  +26 162┃│ Your Guide to the Diablo IV Open Beta  │ feed::Article,
//! ┃ ●   5y  IGN         Don't Expect Overw…  +29 127┃│ Blizzard · blizzard.com                │ laid out by ui::detail_pane
//! ┃ ●   5y  GameSpot    Diablo 4 Game Dire…  +17 146┃│ 18 February 2023 · 3 years ago         │
//! ┃     5y  TechRadar   Overwatch 2 and Di…      107┃│ #Diablo 4                              │ feed::Topic
//! ┃ │    │      │             │            │     │  ┃│ https://news.blizzard.com/…            │ feed::Link
//! ┃ │   age  Provider       title          │ quality╰────────────────────────────────────────╯
//! ┃ feed::Marks                       feed::Story   ┃╭ Related ───────────────────────── 1/39 ╮ app::RelatedPane
//! ┃                                                 ┃│▸• in this story  3y  GameSpot  Diabl…  │ feed::Related
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛╰────────────────────────────────────────╯
//!  sort:-heat · 1,592 of 1,592      l read  o original   ui::footer: query::Query, app::Notice, keymap hints
//! ```
//!
//! Three enums hold everything that can happen: [`app::Action`] is what a reader can ask for, [`app::Event`] a fact from
//! outside, [`app::Effect`] what the world must now do. Only `terminal::effects` performs effects.
//!
//! Each feature (the list, marks, the search, rules, …) is a type with private fields in a file of its name in `app`, which changes
//! by its own methods. [`app::App`], in `app/session`, holds them: it sends each action and event to the feature that it is about,
//! and does what concerns several, in a file of the feature's name.
//!
//! # A start
//!
//! ```text
//! the snapshot of the last time ─▶ library::Snapshot, mapped ─▶ feed::Columns ─▶ Feed: the first frame, whatever its size
//!                                                                 ▲
//! then, in the background: library::parallel_scan, many threads: list, ask the state of each file, read what was changed
//!     ─▶ feed::Article ─▶ feed::record, bytes ─▶ feed::columns_builder ──┘─▶ Event::FeedLoaded, and a new snapshot is kept
//! ```
//!
//! A [`feed::Feed`] is bytes, in memory or in a file, and both look the same: for each article a [`feed::ArticleHeader`] of fixed size,
//! which queries and orders look at; lists of numbers for topics, stories and what is related to what; and a record of all else,
//! which becomes a [`feed::Article`] when somebody looks at it. So a million articles are opened without being read. Nothing of
//! a snapshot is believed: bounds and sums are checked, text is cleaned again, links are checked again, and what does not fit
//! has the files read.
//!
//! # A change of the files
//!
//! ```text
//! notify ──▶ library::watcher, a thread: waits until things have come to rest ─▶ Event::FilesChanged ─▶ Effect::ReloadFiles
//!    ▲                                                                                                  │
//!    └── folders are watched as they are entered ◀── library::parallel_scan: look again ◀── jobs::load ◀─────────┘
//!                                                        └─▶ Event::Job with the feed, when it is news
//! ```
//!
//! What is told of a change is not believed; it only says that one must look, and a look finds what is there. So nothing is lost
//! when more happens than can be told. Of a file that breaks, the look keeps what it said before, for the session.
//!
//! # A search
//!
//! ```text
//! key ─▶ app::PromptState ─▶ app::ListSearch, a query::Query ─▶ Effect::RunJob(jobs::Job) ─▶ jobs: one query::Search, a chunk at a time
//!           │ cannot be read: a QueryError stands below the line             │
//!           ▼                                                                ▼
//!     ui::overlays::prompt                    app::ListPane, new rows ◀─ Event::Job, early and when all is done
//! ```
//!
//! The same job is run at once where there is no terminal. [`query::FoldedTexts`] has the folded text of all articles, a chunk
//! at a time when it is first searched: as it is kept beside the snapshot, else made. [`query::Highlighter`] says where on the screen the words stand.
//!
//! # What is new, and what is like it
//!
//! ```text
//! Event::FeedLoaded ─▶ app::App, feed: rows, selection and scroll go on by ArticleId ─▶ jobs::Job, in the background:
//!    what nobody has seen before, what reads otherwise ─▶ app::News, in the footer
//!    query::SimilarityIndex, an index of words, of which only what was changed is made anew ─▶ app::RelatedPane, beside what files relate
//! ```
//!
//! The list shows what a query finds, folded by the stories that [`feed::Feed`] knows: a head stands for its members.
//!
//! # A job
//!
//! ```text
//! App ─▶ Effect::RunJob(jobs::Job): an id, a kind, a Task with all that it looks at ─▶ jobs::runner, a thread for each
//!                                                                                         │ a later job of its kind cancels it
//! footer ◀─ jobs::running, the list in App ◀─ Event::Job(Report) ◀─ Started, Progress, ◀──┤
//! the feature that takes the answer, by the table in jobs ◀─────── SoFar, Answer, Failed ◀┘
//! ```
//!
//! A failure, a panic too, is the failure of that job alone. [`jobs::process`] runs another program as a job: it tells its
//! progress in lines of JSON, a signal cancels it, its exit status is the answer. A new job is a file in `jobs` with its task, a
//! row in the table in `jobs`, and the method of the app that the row names.
//!
//! # A mark
//!
//! ```text
//! key ─▶ app::ActionTargets ─▶ app::SessionMarks: feed::Change ─┬─▶ feed::Marks of the session, and the steps for undo
//!                        with a feed::Stamp               └─▶ Effect::SaveMarks ─▶ terminal::keeper, a thread
//! rows dim, counts change ◀─ App ◀─ Event::MarksLoaded ◀─ other instances and devices ◀─ library::marks_log ◀─┘
//! ```
//!
//! The key waits for the thread, but not for a slow disk: what is seen on the screen is written. Marks are values that merge in
//! any order. The rows of a view were found by the marks as they were when it was opened, so that nothing vanishes.
//!
//! # Who an article is
//!
//! ```text
//! article file ─▶ feed::ArticleId, of its link, else of title and time, else of its path
//!     ─▶ feed::shared_identity: copies become one article; of different articles with one id the first keeps it, the others get their own
//!     ─▶ feed::identity: feed::LastSeen of each marked article ─▶ the right one of several; marks move to an edited or moved article
//! ```
//!
//! A file says who it is, whatever else is loaded. A trace is recorded with every mark: the keys of file, text and title. The
//! reader compares traces in the background after each load; the command line does so before each command.
//!
//! # A rule
//!
//! ```text
//! a feed, other rules, a mark, a minute ─▶ app::SessionRules ─▶ jobs::Job, in the background: query::Rules are asked
//!     ─▶ query::RuleResults: which articles each is about ─▶ feed::RuleOverlay, the lowest layer of feed::Marks
//! ```
//!
//! So everything that looks at marks sees what rules say, where the reader has said nothing; and nothing of it is written.
//!
//! # The settings
//!
//! ```text
//! config.yaml ─▶ config::SETTINGS, a declaration for each ─▶ config::Settings ─▶ cli::user_files: queries, rules, Keymap
//!      │                  └─▶ config --default, README                             ─▶ app::UserConfig ─▶ terminal::Session
//!      └── terminal::own_files looks each second ─▶ Event::SettingsChanged ─▶ Effect::ReloadSettings ─▶ the same way again
//! ```
//!
//! All readers share one [`config::Settings`] by `Arc`, which the `App` holds. A new setting is a declaration in
//! `config::settings`, its type there if it is a new one, and the place that uses it.
//!
//! `config` knows no other room: only [`cli`] knows what a query or a key in them means. A [`keymap::Keymap`] gives
//! [`app::Command`]s, which the palette finds by their names in [`app::commands`]: so keys, settings, palette and help are one table.
//!
//! # The layers
//!
//! A module imports modules of lower layers only, and no two files import each other; `tests/it/architecture.rs` reads the `use`
//! lines. From the top:
//!
//! | layer |
//! |---|
//! | `main` |
//! | [`cli`]: the reader without a screen |
//! | [`terminal`]: the world, with threads and a clock |
//! | [`ui`]: the picture |
//! | [`keymap`]: keys to actions |
//! | [`app`]: the reading session |
//! | [`markdown`]: bodies of articles as styled lines · [`jobs`]: work in the background |
//! | [`text`]: width and wrapping of text on a screen · [`query`]: which articles · [`library`]: the article folder, and marks on disk · [`browser`]: opens links |
//! | [`feed`]: what is read · [`config`]: settings · [`external_program`]: starts other programs |
//! | [`dates`]: dates as people write them, and zones |
//! | [`fnv`]: a hash for keys on disk · [`bracket_limit`]: refuses text that stalls a parser |
//!
//! `browser` is above `feed` because it opens a [`feed::Address`], a type that only the check of a link can make. `external_program` is the
//! one place that starts other programs, for the browser, the editor and the clipboard alike.
//!
//! # The words
//!
//! *article*: one file, one thing to read · *story*: a head article and its members · *feed*: all loaded articles ·
//! *library*: the folders of article files · *provider*: who published it · *topic*: a label · *marks*: what the reader did ·
//! *change*: sets one of them · *trace*: what a marked article was known by when it was seen last · *twins*: different articles
//! whose files give them one identity · *bookmark*: where the reader was, and the marks that were seen there · *snapshot*: the
//! parsed library kept for the next start · *record, brief*: an article as bytes, and what of it is looked at for many · *query,
//! term*: what narrows the list · *rule*: what holds of all that a query finds · *verdict*: what the rules say of a feed ·
//! *insights, bar*: what a query finds, counted; articles counted together · *command*: an action, and what it is done with ·
//! *palette*: where commands are found by their names · *preset*: keys that people know from elsewhere · *theme*: a dozen named
//! colours · *zen*: one pane alone · *share*: what the list has of the screen · *related*: another article, or a link given in the
//! file · *pane, overlay, footer*: parts of the screen · *hit*: where what is looked for stands · *problem*: something wrong in a
//! file, shown and not thrown ·
//! *guardian*: a second process, which restores the screen when the first is killed.
//!
//! # What is never there
//!
//! No text from outside that is not [`feed::SafeText`] on the screen, on stdout, on stderr or in the log. No write to an article
//! folder. No network. No shell. No `unsafe` but one line, `library::mapped_file`, which says why.

pub mod bracket_limit;
pub mod dates;
pub mod fnv;

pub mod feed;

pub mod query;

pub mod library;

pub mod config;

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
