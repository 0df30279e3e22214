//! What the parsing process does: it reads documents from a pipe, and answers what their articles need. It opens nothing.

use std::io::{self, Read, Write};

use url::Url;

use super::messages::ParseRequest;
use crate::channel::{self, Document, NotAChannel};
use crate::digest::{self, Body, NotExtracted, PreparedChannel, prepare};
use crate::frames;

/// Answers one document after the other, until the input ends.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    while let Some((request, bytes)) = frames::read::<ParseRequest>(&mut input)? {
        match request.of_account {
            Some(document) => frames::write(&mut output, &document.read(&bytes), &[])?,
            None if request.is_page => frames::write(&mut output, &extract(&request, &bytes), &[])?,
            None => frames::write(&mut output, &parse(&request, bytes), &[])?,
        }
    }
    Ok(())
}

/// Extracts the article of a page.
pub fn extract(request: &ParseRequest, bytes: &[u8]) -> Result<Body, NotExtracted> {
    let base = request.base.as_ref().and_then(|base| Url::parse(base).ok());
    digest::extract(bytes, request.content_type.as_deref(), base.as_ref())
}

/// Reads a document, and prepares its articles.
pub fn parse(request: &ParseRequest, bytes: Vec<u8>) -> Result<PreparedChannel, NotAChannel> {
    let base = request.base.as_ref().and_then(|base| Url::parse(base).ok());
    let document = Document {
        bytes: &bytes,
        content_type: request.content_type.as_deref(),
        content_language: request.content_language.as_deref(),
        base: base.as_ref(),
    };
    let channel = channel::read(&document)?;
    // It may be long, and so may be what is made of it.
    drop(bytes);
    Ok(prepare(channel, request.with_text))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;
    use crate::channel::Format;

    type Answer = Result<PreparedChannel, NotAChannel>;

    /// What the service answers to documents.
    fn answers(documents: &[&[u8]]) -> Vec<(Answer, usize)> {
        let (mut here, there) = UnixStream::pair().unwrap();
        let input = there.try_clone().unwrap();
        thread::scope(|scope| {
            let service = thread::Builder::new().spawn_scoped(scope, move || serve(input, there)).unwrap();
            let mut counted = Counted { input: here.try_clone().unwrap(), bytes: 0 };
            let mut found = Vec::new();
            for document in documents {
                let base = Some("https://site.example/blog/".to_owned());
                frames::write(&mut here, &ParseRequest { base, ..ParseRequest::default() }, document).unwrap();
                let (answer, body) = frames::read::<Answer>(&mut counted).unwrap().expect("an answer");
                assert!(body.is_empty());
                found.push((answer, std::mem::take(&mut counted.bytes)));
            }
            here.shutdown(std::net::Shutdown::Write).unwrap();
            assert!(service.join().unwrap().is_ok());
            found
        })
    }

    struct Counted<R> {
        input: R,
        bytes: usize,
    }

    impl<R: Read> Read for Counted<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.input.read(buffer)?;
            self.bytes += count;
            Ok(count)
        }
    }

    #[test]
    fn each_document_is_answered() {
        let found = answers(&[
            b"<rss><channel><title>One</title><link>/</link><item><title>A</title><description>&lt;a href=x>b&lt;/a></description></item></channel></rss>",
            b"",
            b"<html><head><title>T</title><link rel=alternate type=application/rss+xml href=/feed title=F></head><input type=password></html>",
            b"<opml/>",
            b"<urlset/>",
            b"{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Two\", \"items\": []}",
        ]);
        let found: Vec<Answer> = found.into_iter().map(|(answer, _)| answer).collect();
        let one = found[0].as_ref().unwrap();
        assert_eq!((one.format, one.title.untrusted()), (Format::Rss, "One"));
        let body = one.items[0].body.as_ref().unwrap();
        assert_eq!(body.markdown.untrusted(), "[b](https://site.example/x)");
        assert_eq!(found[1], Err(NotAChannel::Empty));
        let Err(NotAChannel::Page(page)) = &found[2] else { panic!("{:?}", found[2]) };
        assert_eq!((page.channels[0].url.as_str(), page.asks_for_password), ("https://site.example/feed", true));
        assert_eq!(found[3], Err(NotAChannel::Opml));
        assert!(
            matches!(&found[4], Err(NotAChannel::Other { looks_like }) if looks_like.as_str().contains("map of a site"))
        );
        assert_eq!(found[5].as_ref().unwrap().title.untrusted(), "Two");
    }

    #[test]
    fn bombs_are_answered_with_frames_that_can_be_read() {
        let item = |text: &str| format!("<item><title>T</title><description><![CDATA[{text}]]></description></item>");
        let channel = |items: String| format!("<rss><channel><title>T</title>{items}</channel></rss>").into_bytes();
        // Each link becomes longer by its base.
        let links =
            format!("<div xml:base=\"https://site.example/{}\">", "b/".repeat(900)) + &"<a href=x>y</a> ".repeat(900);
        let titles = format!("<item><title>{}</title></item>", "&#1;&#2;\"\\".repeat(100_000));
        let documents = [
            channel(item(&"&lt;<b>\"\\\n".repeat(1_600)).repeat(20)),
            channel(item(&links).repeat(25)),
            channel(titles.repeat(2)),
            channel(item(&"<ul><li>".repeat(20_000))),
            channel(item("").repeat(3_000)),
        ];
        let found = answers(&documents.iter().map(Vec::as_slice).collect::<Vec<&[u8]>>());
        for (number, (answer, bytes)) in found.iter().enumerate() {
            assert!(*bytes < frames::MAX_BYTES && answer.is_ok(), "{number}: {bytes}");
        }
    }
}
