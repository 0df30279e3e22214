//! frontpage, a terminal reader for folders of Markdown articles: a map of the code.
//!
//! Article files are loaded into one immutable [`feed::Feed`]. An [`app::App`] is the state of a session over it, which keys
//! change. The screen is a pure function of that state.
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
//! Three enums describe everything that happens: [`app::Action`] is what the user can ask for, [`app::Event`] is a fact from
//! outside, [`app::Effect`] is something that the program must do outside. Only `terminal::effects` performs effects.
//!
//! Each feature (the list, marks, the search, rules, …) is a type with private fields in a file of `app`. [`app::App`], in
//! `app/session`, holds one value of each. It passes each action and event to the feature that it is about. What needs several
//! features is a method of `App`, in the file of `app/session` that is named after the feature.
//!
//! # A start
//!
//! ```text
//! snapshot of the last session ─▶ library::Snapshot, mapped ─▶ feed::Columns ─▶ Feed: the first frame, whatever its size
//!                                                                ▲
//! then, in the background: library::parallel_scan, many threads: list folders, stat files, read the changed ones
//!     ─▶ feed::Article ─▶ feed::record, bytes ─▶ feed::columns_builder ──┘─▶ Event::FeedLoaded, and a new snapshot is written
//! ```
//!
//! A [`feed::Feed`] is bytes, in memory or in a mapped file. It has three parts: for each article a [`feed::ArticleHeader`] of
//! fixed size, which queries and orders read; lists of numbers for topics, stories and relations; and a record with everything
//! else, which becomes a [`feed::Article`] when it is needed. So a million articles open without being read.
//!
//! A snapshot is untrusted: bounds and checksums are checked, text is cleaned again, links are checked again. If a check fails,
//! the article files are read.
//!
//! # A change of the files
//!
//! ```text
//! notify ──▶ library::watcher, a thread: waits until events stop ─▶ Event::FilesChanged ─▶ Effect::ReloadFiles
//!    ▲                                                                                         │
//!    └── folders are watched as they are listed ◀── library::parallel_scan ◀── jobs::load_library ◀┘
//!                                                        └─▶ Event::Job with the feed, if it differs
//! ```
//!
//! An event only triggers a scan; its contents are ignored. The scan finds what is there, so lost events lose no change. If a
//! file becomes unreadable, its last version stays for the session.
//!
//! # A search
//!
//! ```text
//! key ─▶ app::PromptState ─▶ app::ListSearch, a query::Query ─▶ Effect::RunJob(jobs::Job) ─▶ one query::Search, in chunks
//!           │ invalid: a QueryError is shown below the line          │
//!           ▼                                                        ▼
//!     ui::overlays::prompt            app::ListPane, new rows ◀─ Event::Job: first rows early, then all
//! ```
//!
//! Without a terminal the same job runs at once. [`query::FoldedTexts`] has the folded text of all articles. A chunk of it is
//! loaded when it is first searched: from the file beside the snapshot, else from the articles. [`query::Highlighter`] finds
//! the words of the query in the text on the screen.
//!
//! # New and similar articles
//!
//! ```text
//! Event::FeedLoaded ─▶ app::App: rows, selection and scroll positions move to the new feed by ArticleId
//!    ─▶ jobs::Job, in the background: articles that are new or whose text has changed ─▶ app::News, in the footer
//!    ─▶ query::SimilarityIndex: an index of words, updated for changed articles only ─▶ app::RelatedPane
//! ```
//!
//! The list shows the articles that a query finds, folded by the stories of the [`feed::Feed`]: a head represents its members.
//!
//! # A job
//!
//! ```text
//! App ─▶ Effect::RunJob(jobs::Job): an id, a kind, a Task with all its input ─▶ jobs::job_runner, one thread per job
//!                                                                                     │ a later job of the kind cancels it
//! footer ◀─ jobs::running_jobs, in App ◀─ Event::Job(JobReport) ◀─ Started, Progress ◀┤
//! feature that gets the answer, by the table in jobs ◀─────── Partial, Answer, Failed ◀┘
//! ```
//!
//! If a job fails or panics, only that job fails. [`jobs::process_job`] runs another program as a job: the program reports
//! progress as lines of JSON, a signal cancels it, and its exit status is the answer. A new job is a file in `jobs` with its
//! task, a row in the table in `jobs`, and the method of the app that the row names.
//!
//! # A mark
//!
//! ```text
//! key ─▶ app::ActionTargets ─▶ app::SessionMarks: feed::Change ─┬─▶ feed::Marks of the session, and the steps for undo
//!                              with a feed::Stamp               └─▶ Effect::SaveMarks ─▶ terminal::marks_writer, a thread
//! rows dim, counts change ◀─ App ◀─ Event::MarksLoaded ◀─ other instances and devices ◀─ library::marks_log ◀─┘
//! ```
//!
//! A key waits up to 50 ms until its marks are written: what the screen shows is on the disk. On a slower disk the write
//! finishes later.
//! Marks are values that merge in any order. The rows of a view are found with the marks of the moment in which the view was
//! opened, so that a row does not disappear when its article is marked.
//!
//! # Identity of articles
//!
//! ```text
//! article file ─▶ feed::ArticleId: hash of its link, else of title and time, else of its path
//!     ─▶ feed::shared_identity: copies become one article; of different articles with one id the first keeps it
//!     ─▶ feed::identity: feed::LastSeen of each marked article ─▶ marks move to an edited or moved article
//! ```
//!
//! The id of a file does not depend on the other files. Each mark is written with a `LastSeen`: hashes of file, text and title.
//! They are compared after each load: in the background in the terminal reader, before each command on the command line.
//!
//! # A rule
//!
//! ```text
//! a feed, other rules, a mark, a minute ─▶ app::SessionRules ─▶ jobs::Job, in the background: query::Rules are evaluated
//!     ─▶ query::RuleResults: the articles of each rule ─▶ feed::RuleOverlay, the lowest layer of feed::Marks
//! ```
//!
//! Code that reads marks sees the effect of rules wherever the user has set no mark. Rules write nothing to disk.
//!
//! # The settings
//!
//! ```text
//! config.yaml ─▶ config::SETTINGS, one declaration each ─▶ config::Settings ─▶ cli::user_files: queries, rules, Keymap
//!      │                  └─▶ config --default, docs                              ─▶ app::UserConfig ─▶ terminal::UiSession
//!      └── terminal::config_watcher, each second ─▶ Event::SettingsChanged ─▶ Effect::ReloadSettings ─▶ the same way again
//! ```
//!
//! All code shares one [`config::Settings`] by `Arc`, which the `App` holds. A new setting is a declaration in
//! `config::settings`, its type there if it is a new one, and the code that uses it.
//!
//! `config` imports no other module: only [`cli`] parses the queries and keys in the settings. A [`keymap::Keymap`] maps keys to
//! [`app::Command`]s, and the palette finds these by name in [`app::commands`]: keys, settings, palette and help use one table.
//!
//! # The layers
//!
//! A module imports modules of lower layers only, and no two files import each other; `tests/it/architecture.rs` checks the
//! imports. From the top:
//!
//! | layer |
//! |---|
//! | `main` |
//! | [`cli`]: the command line, and the start of the terminal reader |
//! | [`terminal`]: input and output, threads and the clock |
//! | [`ui`]: draws the session |
//! | [`keymap`]: keys to actions |
//! | [`app`]: the state of a session |
//! | [`markdown`]: bodies of articles as styled lines · [`jobs`]: work in the background |
//! | [`text`]: width and wrapping of text on a screen · [`query`]: selects articles · [`library`]: article folders, and marks on disk · [`browser`]: opens links |
//! | [`feed`]: articles, stories and marks as values · [`config`]: settings · [`external_program`]: starts other programs |
//! | [`dates`]: parses dates, and time zones |
//! | [`fnv`]: a hash for keys on disk · [`bracket_limit`]: refuses text that stalls a parser |
//!
//! `browser` is above `feed` because it opens a [`feed::Address`], a type that only the check of a link can make.
//! `external_program` is the only code that starts other programs: browser, editor and clipboard tools.
//!
//! # Vocabulary
//!
//! *article*: one file, one thing to read · *story*: a head article and its members · *feed*: all loaded articles ·
//! *library*: the folders of article files · *provider*: who published an article · *topic*: a label of an article · *marks*:
//! read, starred, hidden, note · *change*: sets one mark of articles · *last seen*: hashes by which a marked article is
//! recognised after an edit or a move · *bookmark*: the position in a library, and the marks at that time · *snapshot*: the
//! parsed library on disk · *record, header*: an article as bytes, and its part of fixed size · *query, term*: what selects
//! articles, one part of it · *rule*: an action for every article that a query finds · *insights, bucket*: counts of the articles
//! that a query finds; articles counted together · *command*: an action with its argument · *palette*: finds commands by name ·
//! *preset*: key bindings known from another program · *theme*: a dozen named colours · *zen*: one pane alone · *share*: the
//! part of the screen that the list has · *related*: another article, or a link given in the file · *pane, overlay, footer*:
//! parts of the screen · *hit*: a place that matches the search · *problem*: something wrong in a file, shown and not thrown ·
//! *guardian*: a second process, which restores the terminal if the first is killed.
//!
//! # What never happens
//!
//! Text from outside reaches the screen, stdout, stderr and the log only as [`feed::SafeText`]. Article folders are never
//! written to. There is no network access and no shell. `unsafe` code is in one file, `library::mapped_file`, which says why.

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
