//! What is done at the ends of elements, texts, items and the document.

use url::Url;

use super::{Context, DocumentReader, Part};
use crate::channel::draft::{Draft, Guid};
use crate::channel::fields::Field;
use crate::channel::people::are_inherited;
use crate::channel::text_kind::Text;
use crate::channel::{Channel, Format, item_parts, language_tag};
use crate::dates;
use crate::feed::{UntrustedText, clean};
use crate::xml::Damages;

impl DocumentReader<'_, '_> {
    pub(super) fn end(&mut self) {
        if let Some(capture) = &mut self.capture {
            if capture.depth() > 0 {
                return capture.end();
            }
            self.finish_capture();
            self.frames.pop();
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let text = frame.text.trim();
        match frame.part {
            Part::None => {}
            Part::Item => {
                self.finish_item();
                // What follows an item inside another one is of neither the channel nor the inner one, and the outer one is read
                // already.
                if self.frames.iter().any(|frame| frame.part == Part::Item) {
                    self.item = Some(Draft::default());
                }
            }
            Part::Field(field) => self.end_field(field, text, frame.line),
            Part::OfPerson(part) => self.person.set(part, text),
            Part::OfPicture(part) => self.picture.set(part, text),
            Part::MediaTitle => self.media.title = text.to_owned(),
            Part::OfSource(_) => {
                let url = if text.is_empty() { None } else { self.absolute(text) };
                if let Some(source) = &mut self.target().source
                    && source.link.is_none()
                {
                    source.link = url;
                }
            }
        }
    }

    fn end_field(&mut self, field: Field, text: &str, line: u32) {
        match field {
            Field::Author => {
                let person = std::mem::take(&mut self.person);
                let person = person.finish(text, |uri| self.absolute(uri));
                person.into_iter().for_each(|person| self.target().add_author(person));
            }
            Field::Image => {
                let mut picture = std::mem::take(&mut self.picture);
                picture.set_address(text);
                self.add_picture(&picture);
            }
            Field::MediaContent => {
                let media = std::mem::take(&mut self.media);
                self.add_media(&media);
            }
            Field::Source => {
                if let Some(source) = &mut self.target().source
                    && source.title.is_blank()
                {
                    source.title = UntrustedText::new(text);
                }
            }
            _ if text.is_empty() => {}
            Field::Guid => {
                let is_atom = self.format == Format::Atom;
                let text = match text.starts_with('/').then(|| self.absolute(text)).flatten().filter(|_| is_atom) {
                    Some(url) => url.untrusted().to_owned(),
                    None => text.to_owned(),
                };
                let is_link = self.target().guid.get().is_none_or(|guid| guid.is_link);
                self.target().guid.set(3, Guid { text, is_link });
            }
            Field::Link(rank) => {
                let link = self.absolute(text);
                link.into_iter().for_each(|link| self.target().link.set(rank, link));
                self.set_home();
            }
            Field::Published(_) | Field::Updated(_) | Field::Date => self.set_date(field, text, line),
            Field::Topic => self.target().add_topic(text),
            Field::Topics => text.split(',').for_each(|topic| self.target().add_topic(topic)),
            Field::Language(rank) => self.target().language.set(rank, text.to_owned()),
            Field::Comments(rank) => {
                let url = self.absolute(text);
                url.into_iter().for_each(|url| self.target().comments.set(rank, url));
            }
            Field::Icon(rank) => {
                let url = self.absolute(text);
                url.into_iter().for_each(|url| self.target().icon.set(rank, url));
            }
            Field::OriginalFile => {
                let url = self.absolute(text);
                url.into_iter().for_each(|url| self.target().set_original_file(url));
            }
            // Those of an item are not about the channel.
            Field::Hint(hint) if self.item.is_none() => self.hints.set(hint, text),
            Field::Duration => self.target().files.duration = item_parts::seconds(text),
            _ => {}
        }
    }

    /// Remembers the address of the site, which is the base where the document has none.
    pub(super) fn set_home(&mut self) {
        if self.item.is_none() {
            self.home = self.channel.link.get().and_then(|link| Url::parse(link.untrusted()).ok());
        }
    }

    pub(super) fn set_date(&mut self, field: Field, text: &str, line: u32) {
        let date = match dates::read_of_any_language(text.trim().as_bytes()) {
            Ok(date) => date,
            Err(error) => {
                let what = clean::plain_line(&format!("`{}`: {error}", clean::quote(text)));
                return self.repairs.push(line, what);
            }
        };
        let target = self.target();
        match field {
            Field::Published(rank) => target.published.replace(rank, date),
            Field::Updated(rank) => target.updated.replace(rank, date),
            _ => {
                target.published.replace(1, date);
                target.updated.replace(1, date);
            }
        }
    }

    /// Ends the text that is being read. Its frame stays.
    pub(super) fn finish_capture(&mut self) {
        let Some(capture) = self.capture.take() else { return };
        let (field, base) = (capture.field, capture.base.clone());
        let text = capture.finish();
        if text.text.trim().is_empty() {
            return;
        }
        if self.context() == Context::Source {
            if let Some(source) = &mut self.target().source {
                source.title = UntrustedText::new(&text.into_plain());
            }
            return;
        }
        let target = self.target();
        match field {
            Field::Title(rank) => target.title.set(rank, text),
            Field::Description(rank) => target.texts.description.set(rank, (text, base)),
            Field::Summary(rank) => target.texts.summary.set(rank, (text, base)),
            _ => target.texts.content.set(rank_of(field), (text, base)),
        }
    }

    pub(super) fn finish_item(&mut self) {
        self.finish_capture();
        let Some(draft) = self.item.take() else { return };
        if draft.line > 0 && !draft.is_blank() {
            let base = self.home.as_ref().or(self.document.base);
            self.items.push(draft.into_item(base));
        }
    }

    pub(super) fn finish(mut self, damages: Damages) -> Channel {
        self.finish_item();
        let left_out = self.items.left_out;
        // Only the end of `rss`, which is around the channel, may be missing without a loss.
        let is_cut = self.reader.cut().is_some_and(|name| !name.eq_ignore_ascii_case("rss"));
        let mut items = self.items.newest();
        let mut channel = self.channel;
        if left_out > 0 {
            self.repairs.push_left_out(items.last().map_or(1, |item| item.line), left_out);
        }
        let language = channel.language.take();
        let language = language.or_else(|| self.document.content_language.map(str::to_owned));
        let language = language.map(|language| language_tag(&language)).filter(|language| !language.is_empty());
        // Of the formats in XML, only Atom says that the authors of a channel are those of its items, too (RFC 4287, 4.2.1).
        if self.format == Format::Atom && are_inherited(&channel.authors) {
            let without = items.iter_mut().filter(|item| item.authors.is_empty());
            without.for_each(|item| item.authors.clone_from(&channel.authors));
        }
        let about = channel.texts.about().map(Text::into_plain).unwrap_or_default();
        Channel {
            format: self.format,
            title: channel.take_title(),
            link: channel.take_link(),
            description: UntrustedText::new(&about),
            language: language.as_deref().map(UntrustedText::new),
            updated: channel.updated.take().or_else(|| channel.published.take()),
            icon: channel.icon.take(),
            hints: self.hints.finish(),
            items,
            is_partial: left_out > 0 || is_cut,
            repairs: self.repairs.with([damages, self.reader.into_damages()]),
        }
    }
}

fn rank_of(field: Field) -> u8 {
    match field {
        Field::Content(rank) => rank,
        _ => 0,
    }
}
