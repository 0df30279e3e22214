//! Files of pictures are decoded within limits, and what is wrong with a file harms nothing: in this process, and in the confined one.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use frontpage::confined_process::Connection;
use frontpage::confinement::Enforced;
use frontpage::feed::Problem;
use frontpage::frames;
use frontpage::jobs::picture_decoder::{OwnProgram, PictureDecoder, StartDecoder};
use frontpage::library::Library;
use frontpage::picture::service::{Answer, Request};
use frontpage::picture::{self, Format, Ground, MAX_FILE_BYTES, MAX_SIDE, Measured, Pixels, Size, Unreadable};

use crate::harness::folder::Folder;
use crate::harness::random::Random;
use crate::harness::reader::now;
use crate::rounds;

const FOLDER: &str = "tests/fixtures/pictures";

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FOLDER).join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All files by name.
fn files() -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(FOLDER).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    names.map(|name| (name.clone(), file(&name))).collect()
}

fn decoded(bytes: &[u8], most: Size) -> Result<(Measured, Pixels), Unreadable> {
    picture::decode(bytes, most, Ground::Dark)
}

/// The files are one picture, 48 × 32: yellow at the top, red on the left, dark blue else, with a white circle.
const YELLOW: [u8; 3] = [240, 224, 64];
const RED: [u8; 3] = [208, 64, 32];
const BLUE: [u8; 3] = [32, 32, 96];

fn is_near([red, green, blue, _]: [u8; 4], colour: [u8; 3]) -> bool {
    [red, green, blue].iter().zip(colour).all(|(one, other)| one.abs_diff(other) < 12)
}

#[test]
fn each_kind_of_file_is_decoded() {
    for (name, bytes) in files() {
        let (measured, pixels) = decoded(&bytes, Size::new(24, 24)).unwrap_or_else(|why| panic!("{name}: {why}"));
        let is_turned = ["turned.jpg", "interlaced.png"].contains(&name.as_str());
        let (size, shown) = (Size::new(48, 32), Size::new(24, 16));
        let (size, shown) = if is_turned { (size.turned(), shown.turned()) } else { (size, shown) };
        assert_eq!((measured.size, pixels.size()), (size, shown), "{name}");
        let ending = name.rsplit('.').next();
        let format = match ending {
            Some("jpg") => Format::Jpeg,
            Some("png") => Format::Png,
            Some("webp") => Format::WebP,
            _ => Format::Gif,
        };
        assert_eq!(measured.format, format, "{name}");
        assert_eq!(picture::measure(&bytes), Ok(measured), "{name}");
        // A quarter to the right, and a quarter to the left.
        let [top, left, right] = match name.as_str() {
            "turned.jpg" => [(14, 12), (4, 2), (8, 22)],
            "interlaced.png" => [(1, 12), (8, 22), (8, 2)],
            _ => [(12, 1), (2, 10), (22, 14)],
        };
        let at = |(x, y): (u32, u32)| pixels.at(x, y);
        if name != "grey.jpg" {
            assert!(is_near(at(top), YELLOW), "{name}: top {:?}", at(top));
            assert!(is_near(at(left), RED), "{name}: left {:?}", at(left));
            assert!(is_near(at(right), BLUE), "{name}: right {:?}", at(right));
        }
        let centre = if is_turned { at((8, 8)) } else { at((16, 10)) };
        let is_clear = name.starts_with("alpha") && centre[3] < 128;
        assert!(is_clear || is_turned || centre[0] > 200, "{name}: centre {centre:?}");
    }
}

/// A PNG of `size` pixels, all black, with rows as `writer` compresses them.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("a header");
    let mut stream = writer.stream_writer().expect("a stream");
    let row = vec![0; width.div_ceil(8) as usize];
    (0..height).for_each(|_| stream.write_all(&row).expect("a row"));
    stream.finish().expect("the end");
    writer.finish().expect("the end");
    bytes
}

#[test]
fn a_picture_that_is_too_large_is_known_by_its_header() {
    // Of 400 megapixels: only the header is right.
    let mut bomb = png_of(8, 8);
    bomb[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let mut jpeg = file("baseline.jpg");
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x27, 0x10, 0x27, 0x10]);
    let mut gif = file("animation.gif");
    gif[6..10].copy_from_slice(&[0x10, 0x27, 0x10, 0x27]);
    let long = MAX_SIDE + 1;
    let cases = [
        (bomb, Unreadable::TooLarge(Size::new(20_000, 20_000))),
        (jpeg, Unreadable::TooLarge(Size::new(10_000, 10_000))),
        (gif, Unreadable::TooLarge(Size::new(10_000, 10_000))),
        (png_of(long, 1), Unreadable::TooLarge(Size::new(long, 1))),
        (vec![0xff; MAX_FILE_BYTES as usize + 1], Unreadable::LongFile),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Unreadable::UnknownFormat),
        (Vec::new(), Unreadable::UnknownFormat),
        (file("plain.png")[..40].to_vec(), Unreadable::Damaged),
    ];
    for (bytes, why) in cases {
        let words = why.to_string();
        assert_eq!(decoded(&bytes, Size::new(10, 10)).map(|(measured, _)| measured), Err(why.clone()), "{words}");
        assert_eq!(picture::measure(&bytes), Err(why), "{words}");
    }
    assert_eq!(Unreadable::TooLarge(Size::new(20_000, 20_000)).to_string(), "too large: 400 megapixels of at most 40");
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| (0..8).fold(sum, |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 });
    !bytes.iter().fold(u32::MAX, |sum, byte| step(sum ^ u32::from(*byte)))
}

/// A file with a few changes.
fn mutated(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=random.roll(6) {
        let at = random.roll(bytes.len());
        match random.roll(5) {
            0 => bytes[at] = u8::try_from(random.roll(256)).unwrap_or_default(),
            1 => bytes[at] ^= 1 << random.roll(8),
            2 => bytes[at] = 0xff,
            3 => bytes.truncate(at.max(12)),
            _ => {
                let copied = bytes[at..(at + 8).min(bytes.len())].to_vec();
                let to = random.roll(bytes.len());
                bytes.splice(to..to, copied);
            }
        }
    }
    bytes
}

fn mutated_files_are_decoded_or_refused(rounds: usize) {
    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (name, bytes) in files() {
        let mut random = Random::new(26);
        let same_format = files().keys().filter(|other| other.rsplit('.').next() == name.rsplit('.').next()).count();
        for round in 0..rounds.div_ceil(same_format) {
            let file = mutated(&bytes, &mut random);
            let result = std::panic::catch_unwind(|| decoded(&file, Size::new(30, 30)));
            let result = result.unwrap_or_else(|_| panic!("round {round} of {name} panics"));
            let shown = result.as_ref().map(|(_, pixels)| pixels.size());
            assert!(shown.is_ok_and(|size| size.width <= 30 && size.height <= 30) || result.is_err(), "{name} {round}");
            let format = name.rsplit('.').next().unwrap_or_default().to_owned();
            counts.entry(format).or_default()[usize::from(result.is_err())] += 1;
        }
    }
    println!("decoded and refused: {counts:?}");
    assert!(counts.values().all(|[decoded, refused]| *decoded > 0 && *refused > 0));
}
rounds!(mutated_files_are_decoded_or_refused, 100, 10_000);

fn own_program() -> OwnProgram {
    OwnProgram::of(env!("CARGO_BIN_EXE_frontpage").into())
}

/// The program, with a count of its starts.
struct Counted {
    program: OwnProgram,
    starts: AtomicUsize,
}

impl Counted {
    fn new() -> Counted {
        Counted { program: own_program(), starts: AtomicUsize::new(0) }
    }
}

impl StartDecoder for Counted {
    fn start(&self) -> io::Result<Connection> {
        self.starts.fetch_add(1, Ordering::SeqCst);
        self.program.start()
    }
}

#[test]
fn the_confined_process_answers_what_this_process_would() {
    let program = Counted::new();
    let mut decoder = PictureDecoder::new(&program);
    for (name, bytes) in files() {
        let most = Size::new(20, 20);
        assert_eq!(decoder.measure(bytes.clone()), picture::measure(&bytes), "{name}");
        assert_eq!(decoder.decode(bytes.clone(), most, Ground::Light), picture::decode(&bytes, most, Ground::Light));
    }
    assert_eq!(decoder.measure(b"no picture".to_vec()), Err(Unreadable::UnknownFormat));
    assert_eq!(program.starts.load(Ordering::SeqCst), 1);
}

fn mutated_files_harm_only_themselves(rounds: usize) {
    let program = Counted::new();
    let mut decoder = PictureDecoder::new(&program);
    let mut random = Random::new(27);
    let (files, most) = (files(), Size::new(40, 40));
    let names = files.iter().cycle();
    for (round, (name, bytes)) in (0..rounds).zip(names) {
        let file = mutated(bytes, &mut random);
        let answer = decoder.decode(file.clone(), most, Ground::Dark);
        assert_eq!(answer, decoded(&file, most), "round {round} of {name}");
    }
    // The good one after all of them.
    assert!(decoder.decode(file("plain.png"), most, Ground::Dark).is_ok());
}
rounds!(mutated_files_harm_only_themselves, 40, 200);

/// A picture of 400 megapixels in 50 KB, and the largest that is decoded.
#[test]
#[ignore = "heavy"]
fn a_bomb_is_refused_and_the_largest_picture_fits_into_the_memory() {
    let program = Counted::new();
    let mut decoder = PictureDecoder::new(&program);
    let bomb = png_of(20_000, 20_000);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let most = Size::new(800, 600);
    let too_large = Unreadable::TooLarge(Size::new(20_000, 20_000));
    assert_eq!(decoder.decode(bomb, most, Ground::Dark).map(drop), Err(too_large));
    let (measured, pixels) = decoder.decode(png_of(8_000, 5_000), most, Ground::Dark).expect("40 megapixels");
    assert_eq!((measured.size, pixels.size()), (Size::new(8_000, 5_000), Size::new(800, 500)));
    assert_eq!(program.starts.load(Ordering::SeqCst), 1);
}

/// Decoders that are threads, which answer what a function says.
struct Thread(fn(&mut dyn Read, &mut dyn Write));

impl StartDecoder for Thread {
    fn start(&self) -> io::Result<Connection> {
        let ((mut requests, input), (output, mut answers)) = (io::pipe()?, io::pipe()?);
        let serve = self.0;
        std::thread::Builder::new().spawn(move || serve(&mut requests, &mut answers))?;
        let (input, output) = (Box::new(input), Box::new(output));
        Ok(Connection { input, output, process: None, enforced: Enforced::default() })
    }
}

/// A program that cannot be started.
struct Missing;

impl StartDecoder for Missing {
    fn start(&self) -> io::Result<Connection> {
        Err(io::ErrorKind::NotFound.into())
    }
}

#[test]
fn a_decoder_that_hangs_lies_or_dies_is_a_failure_of_its_picture() {
    const ANSWER: Measured = Measured { format: Format::Png, size: Size::new(9, 9) };
    let hangs: fn(&mut dyn Read, &mut dyn Write) =
        |input, _| while frames::read::<Request>(input).is_ok_and(|request| request.is_some()) {};
    let dies: fn(&mut dyn Read, &mut dyn Write) = |input, _| drop(frames::read::<Request>(input));
    // More pixels than asked for, fewer bytes than pixels, and no answer at all.
    let large: fn(&mut dyn Read, &mut dyn Write) = |input, output| {
        while frames::read::<Request>(input).is_ok_and(|request| request.is_some()) {
            drop(frames::write(output, &Answer::Ok((ANSWER, Size::new(9, 9))), &[0; 9 * 9 * 4]));
        }
    };
    let short: fn(&mut dyn Read, &mut dyn Write) = |input, output| {
        while frames::read::<Request>(input).is_ok_and(|request| request.is_some()) {
            drop(frames::write(output, &Answer::Ok((ANSWER, Size::new(5, 5))), &[0; 99]));
        }
    };
    let nonsense: fn(&mut dyn Read, &mut dyn Write) = |input, output| {
        drop(frames::read::<Request>(input));
        drop(frames::write(output, &"\x1b[2J", b"\x1b_G"));
    };
    let wait = Duration::from_millis(20);
    let longer = Duration::from_secs(60);
    for (serve, timeout, why) in [
        (hangs, wait, Unreadable::TooSlow),
        (dies, longer, Unreadable::Damaged),
        (large, longer, Unreadable::ProcessFailed),
        (short, longer, Unreadable::ProcessFailed),
        (nonsense, longer, Unreadable::Damaged),
    ] {
        let thread = Thread(serve);
        let mut decoder = PictureDecoder::with_timeout(&thread, timeout);
        for _ in 0..2 {
            let answer = decoder.decode(file("plain.png"), Size::new(5, 5), Ground::Dark);
            assert_eq!(answer.map(drop), Err(why.clone()));
        }
    }
    let answer = PictureDecoder::new(&Missing).measure(file("plain.png"));
    assert_eq!(answer, Err(Unreadable::ProcessFailed));
}

#[test]
fn check_names_pictures_that_do_not_exist() {
    let article = "---\ntitle: Boats\n---\nText.\n\n![A](a.png) ![gone](img/gone.png) ![far](https://e.org/x.png)\n\
                   ![site](/logo.png) ![[named.png]] ![[No name.png]]\n<img src='up/../../../x.gif'>\n";
    let folder = Folder::new()
        .file("posts/boats.md", article)
        .file("posts/a.png", "")
        .file("deep/named.png", "")
        .file("other.md", "![only](other.png)\n");
    let checked = |folder: &Folder| -> Vec<String> {
        let reports = Library::Paths(vec![folder.path().to_owned()]).report(now()).expect("a report");
        let problems = reports.iter().flat_map(|report| &report.problems);
        let words = |problem: &Problem| {
            let at = problem.at.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
            format!("{} {at} {}", problem.path.file_name().expect("a name").to_string_lossy(), problem.what)
        };
        problems.map(words).filter(|line| !line.contains("not a Markdown file")).collect()
    };
    assert_eq!(
        checked(&folder),
        [
            "other.md 1:9 no picture is at `other.png`",
            "boats.md 6:21 no picture is at `img/gone.png`",
            "boats.md 7:38 no picture is at `No name.png`",
            "boats.md 8:11 no picture is at `up/../../../x.gif`",
        ]
    );
    // Copied without its pictures.
    let bare = Folder::new().file("posts/boats.md", article);
    assert_eq!(checked(&bare), [] as [&str; 0]);
}
