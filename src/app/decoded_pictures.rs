//! The pictures in the text of articles that were decoded, to be drawn there.

use std::collections::VecDeque;

use crate::feed::{ArticleId, SafeText};
use crate::jobs::{Job, JobId, NotShown};
use crate::picture::{ShownPicture, Size};

/// Bytes of pixels that are kept.
const MOST_BYTES: u64 = 32 << 20;
/// The most pictures that are kept, also those that cannot be shown.
const MOST_PICTURES: usize = 250;

/// A picture that the screen has room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPicture {
    /// Its article.
    pub article: ArticleId,
    /// Its link as the article shows it.
    pub address: SafeText,
    /// The largest size that is drawn, in pixels.
    pub most: Size,
}

/// The decoded pictures, the latest last.
#[derive(Clone, Debug, Default)]
pub struct DecodedPictures {
    kept: VecDeque<(WantedPicture, Option<ShownPicture>)>,
    pending: Option<(WantedPicture, JobId)>,
}

impl DecodedPictures {
    /// A picture. `None` if it was not decoded yet; nothing in it if it cannot be.
    pub fn of(&self, wanted: &WantedPicture) -> Option<Option<&ShownPicture>> {
        self.kept.iter().find(|(kept, _)| kept == wanted).map(|(_, shown)| shown.as_ref())
    }

    /// The first of the wanted pictures that must be decoded. `None` if none must, or if it is being decoded already.
    pub fn next<'a>(&self, wanted: &'a [WantedPicture]) -> Option<&'a WantedPicture> {
        let next = wanted.iter().find(|wanted| self.of(wanted).is_none())?;
        let is_running = self.pending.as_ref().is_some_and(|(pending, _)| wanted.contains(pending));
        (!is_running).then_some(next)
    }

    /// Waits for a job. The answer to an earlier one is dropped.
    pub fn await_job(&mut self, wanted: WantedPicture, job: &Job) {
        self.pending = Some((wanted, job.id));
    }

    /// Takes the answer of the job.
    pub fn decoded(&mut self, job: JobId, answer: Result<ShownPicture, NotShown>) {
        let Some((wanted, _)) = self.pending.take_if(|(_, pending)| *pending == job) else { return };
        self.kept.push_back((wanted, answer.ok()));
        let bytes = |(_, shown): &(WantedPicture, Option<ShownPicture>)| {
            shown.as_ref().map_or(0, |shown| shown.pixels.size().pixels() * 4)
        };
        // The new one is kept, whatever its size.
        while self.kept.len() > 1
            && (self.kept.len() > MOST_PICTURES || self.kept.iter().map(bytes).sum::<u64>() > MOST_BYTES)
        {
            self.kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::feed::Address;
    use crate::picture::{Format, Measured, Pixels};

    fn wanted(address: &'static str) -> WantedPicture {
        let article = ArticleId::of_link(&Address::parse("https://example.org/1").expect("an address"));
        WantedPicture { article, address: address.into(), most: Size::new(10, 10) }
    }

    fn shown(size: Size) -> ShownPicture {
        let pixels = Arc::new(Pixels::new(size, vec![0; size.pixels() as usize * 4]).expect("pixels"));
        ShownPicture { measured: Measured { format: Format::Png, size }, pixels }
    }

    #[test]
    fn pictures_are_decoded_one_after_the_other_and_none_twice() {
        let mut decoded = DecodedPictures::default();
        let all = [wanted("a.png"), wanted("b.png")];
        let decode = |decoded: &mut DecodedPictures, wanted: &WantedPicture, answer| {
            let job = crate::jobs::complete_path::complete("a");
            decoded.await_job(wanted.clone(), &job);
            assert_eq!(decoded.next(&all), None, "one runs");
            decoded.decoded(job.id, answer);
        };
        assert_eq!(decoded.next(&all), Some(&all[0]));
        decode(&mut decoded, &all[0], Ok(shown(Size::new(2, 2))));
        assert_eq!(decoded.next(&all), Some(&all[1]));
        decode(&mut decoded, &all[1], Err(NotShown("damaged".into())));
        assert_eq!(decoded.next(&all), None, "what cannot be shown is not tried again");
        assert!(decoded.of(&all[0]).is_some_and(|shown| shown.is_some()));
        assert_eq!(decoded.of(&all[1]), Some(None));
        // A large one: the others leave.
        let large = wanted("large.png");
        let job = crate::jobs::complete_path::complete("a");
        decoded.await_job(large.clone(), &job);
        decoded.decoded(job.id, Ok(shown(Size::new(4_000, 2_200))));
        assert!(decoded.of(&all[0]).is_none() && decoded.of(&large).is_some());
    }
}
