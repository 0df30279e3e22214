//! The notice of a sync that the user asked for.

use super::notices::Notice;
use crate::feed::{SafeText, clean};
use crate::jobs::sync_subscriptions::SyncSummary;

/// What a sync that the user asked for has done. The footer has room for about 60 characters: what failed comes first.
pub fn sync_notice(summary: &SyncSummary) -> Notice {
    let SyncSummary { asked, new, updated, failed, full_texts, marks_sent, programs_failed, message, .. } = summary;
    let programs =
        if *programs_failed == 1 { "program failed: see :problems" } else { "programs failed: see :problems" };
    let counted = [
        (*failed, "failed: see :subscriptions"),
        (*programs_failed, programs),
        (*new, "new"),
        (*updated, "updated"),
        (*full_texts, "full texts"),
        (*marks_sent, if *marks_sent == 1 { "mark sent" } else { "marks sent" }),
    ];
    let parts = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let mut parts: Vec<String> = parts.collect();
    match (asked, parts.is_empty()) {
        (0, true) if message.is_empty() => {
            return Notice::of("Nothing is due; `:sync-all` fetches all the same".into());
        }
        (0, true) => {}
        (_, true) => parts.push("nothing new".to_owned()),
        (_, false) => {}
    }
    parts.extend((!message.is_empty()).then(|| message.to_string()));
    let what = if *asked == 0 { "Not fetched" } else { "Synced" };
    let text: SafeText = clean::plain_line(&format!("{what}: {}", parts.join(" · ")));
    if *failed > 0 || *programs_failed > 0 { Notice::failure(text) } else { Notice::of(text) }
}
