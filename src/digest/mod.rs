//! Turns the items of a channel into article files in the folder of its subscription.

mod article_body;
mod article_file;
mod file_lock;
mod file_name;
mod fingerprint;
mod front_matter;
mod identity;
mod item_hash;
mod item_id;
mod prepare;
mod removal;
mod report;
mod retention;
mod short_text;
mod subscription_folder;
mod sync_record;
mod sync_state;
mod visible_text;
mod write_articles;
mod yaml_string;

pub use article_body::Body;
pub use article_file::{ArticleFile, NotAsWritten, article_file, article_id, read_back, verify};
pub use file_name::FileName;
pub use fingerprint::{Fingerprint, IdSource};
pub use identity::{KnownItem, KnownItems, assign_ids};
pub use item_hash::ItemHash;
pub use item_id::ItemId;
pub use prepare::{PreparedChannel, PreparedItem, prepare};
pub use removal::{Removal, RemovalError, remove_articles};
pub use report::{ArticleChange, LeftOut, LeftOutReason, Report};
pub use subscription_folder::{FolderError, folder_name};
pub use sync_record::{Entry, Gone};
pub use sync_state::{StateError, SyncState};
pub use write_articles::{Choices, Places, write_articles};
