//! The network: fetches documents over HTTP, politely, within limits, and never from a private address unless it may. The only
//! module that opens connections; it runs in a confined process of its own, and answers requests that come through a pipe.

mod address_guard;
mod client;
mod download;
mod failures;
mod host_queue;
mod journey;
mod limits;
mod messages;
mod proxies;
mod service;

pub use address_guard::{Resolve, ResolveError, SystemResolver};
pub use download::serve_download;
pub use limits::Limits;
pub use messages::{Answer, DownloadPart, FetchError, FetchErrorKind, MAX_AT_ONCE, NetworkSettings, Request, Response};
pub use proxies::Proxies;
pub use service::{Environment, serve};
