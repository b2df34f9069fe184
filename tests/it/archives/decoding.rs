//! Decompression by itself: every format, every cut, every way of arriving.

use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::time::Duration;

use crate::harness::COMPRESSORS;
use crate::shared::library::{Damage, Decoder, Format, Head, recognize};

/// In the order of [`COMPRESSORS`].
const FORMATS: [Format; 4] = [Format::Gzip, Format::Zstd, Format::Bzip2, Format::Xz];

fn compress(format: Format, text: &[u8]) -> Vec<u8> {
    let place = FORMATS.iter().position(|known| *known == format).unwrap();
    COMPRESSORS[place].1(text)
}

/// What comes out, and how it ends.
fn decode(format: Format, packed: impl Read) -> (Vec<u8>, io::Result<()>) {
    let mut text = Vec::new();
    let mut decoder = Decoder::new(format, packed).unwrap();
    let mut buffer = [0; 1000];
    loop {
        match decoder.read(&mut buffer) {
            Ok(0) => return (text, Ok(())),
            Ok(len) => text.extend_from_slice(&buffer[..len]),
            Err(error) => return (text, Err(error)),
        }
    }
}

fn damage(result: io::Result<()>) -> Option<Damage> {
    result.err().map(|error| Damage::of(&error).expect("not the system's error"))
}

fn sample() -> Vec<u8> {
    (0..150_u64).flat_map(|n| format!("{{\"id\":\"{}\"}}\n", n * n * 7919).into_bytes()).collect()
}

/// Gives one byte at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.0.len().min(buffer.len()).min(1);
        buffer[..len].copy_from_slice(&self.0[..len]);
        self.0 = &self.0[len..];
        Ok(len)
    }
}

#[test]
fn first_bytes_tell_the_format() {
    for format in FORMATS {
        let packed = compress(format, b"{}");
        assert_eq!(recognize(&packed), Head::Compressed(format));
        assert_eq!(recognize(&packed[..1]), Head::Short);
    }
    for n in 0..16 {
        assert_eq!(recognize(&[0x50 + n, 0x2a, 0x4d, 0x18]), Head::Compressed(Format::Zstd));
    }
    for text in [&b"{\"a\":1}"[..], b"data=%7B", b"BZh9 is", b"BZh", b"[]", b"PK\x03\x04", b"\xfd7zYX\0"] {
        assert!(!matches!(recognize(text), Head::Compressed(_)), "{text:?}");
    }
    assert_eq!(recognize(b"BZ"), Head::Short);
    assert_eq!(recognize(b"Bz"), Head::Plain);
}

#[test]
fn members_follow_each_other_with_zeros_between_and_behind_them() {
    for format in FORMATS {
        let packed = compress(format, b"one ");
        let empty = compress(format, b"");
        for zeros in [0, 1, 3, 4, 511, 300_000] {
            let zeros = vec![0; zeros];
            let all = [&packed[..], &zeros, &empty, &packed, &zeros, &packed, &zeros].concat();
            let (text, end) = decode(format, &all[..]);
            assert_eq!((text, damage(end)), (b"one one one ".to_vec(), None), "{format}");
        }
        let all = [&packed[..], &[0; 5], &packed, &[0; 3]].concat();
        let (text, end) = decode(format, Drops(&all));
        assert_eq!((text, damage(end)), (b"one one ".to_vec(), None), "{format}");
    }
}

#[test]
fn something_else_behind_a_member_is_damage() {
    for format in FORMATS {
        for garbage in [&b"x"[..], b"\0\0x", b"{\"a\":1}\n"] {
            let all = [&compress(format, b"one ")[..], garbage].concat();
            let (text, end) = decode(format, &all[..]);
            assert_eq!((text, damage(end)), (b"one ".to_vec(), Some(Damage::Foreign(format))));
        }
        let begin = &compress(format, b"two")[..5];
        let (text, end) = decode(format, &[&compress(format, b"one ")[..], begin].concat()[..]);
        assert_eq!((text, damage(end)), (b"one ".to_vec(), Some(Damage::CutOff(format))));
    }
}

#[test]
fn a_cut_anywhere_is_told_and_what_came_before_is_kept() {
    let text = sample();
    for format in FORMATS {
        let packed = compress(format, &text);
        for cut in 1..packed.len() {
            let (got, end) = decode(format, &packed[..cut]);
            assert!(text.starts_with(&got));
            assert_eq!(damage(end), Some(Damage::CutOff(format)), "{format} cut at {cut}");
        }
        assert_eq!(damage(decode(format, &packed[..]).1), None);
    }
}

#[test]
fn a_changed_byte_never_passes_for_other_text() {
    let text = sample();
    for format in FORMATS {
        let packed = compress(format, &text);
        for place in 0..packed.len() {
            let mut other = packed.clone();
            other[place] ^= 0x10;
            let (got, end) = decode(format, &other[..]);
            // Fields that do not matter, such as gzip's time, may change.
            assert!(damage(end).is_some() || got == text, "{format} at {place}");
        }
    }
}

#[test]
fn text_before_damage_does_not_depend_on_how_it_arrives() {
    let text: Vec<u8> =
        (0..40_000_u64).flat_map(|n| format!("{{\"id\":\"{}\"}}\n", n * n).into_bytes()).collect();
    for format in FORMATS {
        let mut packed = compress(format, &text);
        let place = packed.len() * 3 / 4;
        packed[place] ^= 0xff;
        let (whole, end) = decode(format, &packed[..]);
        assert!(damage(end).is_some());
        let (drops, end) = decode(format, Drops(&packed));
        assert!(damage(end).is_some());
        if format == Format::Xz {
            // All that was good, but for the piece with the damage.
            assert!(whole[..text.len() / 3] == text[..text.len() / 3] && drops.starts_with(&whole));
        } else {
            assert!(whole == drops && whole.len() > 1000, "{format}");
        }
    }
}

#[test]
fn what_is_flushed_comes_out_before_the_next_arrives() {
    for format in [Format::Gzip, Format::Zstd, Format::Xz] {
        let (reader, writer) = io::pipe().unwrap();
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut decoder = Decoder::new(format, reader).unwrap();
            let mut buffer = [0; 4096];
            while let Ok(len) = decoder.read(&mut buffer) {
                if send.send(buffer[..len].to_vec()).is_err() || len == 0 {
                    break;
                }
            }
        });
        let mut encoder: Box<dyn Write> = match format {
            Format::Gzip => Box::new(flate2::write::GzEncoder::new(writer, flate2::Compression::default())),
            Format::Zstd => Box::new(zstd::stream::write::Encoder::new(writer, 3).unwrap().auto_finish()),
            _ => {
                let options = lzma_rust2::XzOptions::with_preset(1);
                Box::new(lzma_rust2::XzWriter::new(writer, options).unwrap())
            }
        };
        for line in ["{\"a\":1}\n", "{\"a\":2}\n", "{\"a\":3}\n"] {
            encoder.write_all(line.as_bytes()).unwrap();
            encoder.flush().unwrap();
            let mut got = Vec::new();
            while got.len() < line.len() {
                got.extend(receive.recv_timeout(Duration::from_secs(10)).expect("nothing came"));
            }
            assert_eq!(got, line.as_bytes(), "{format}");
        }
    }
}

#[test]
fn an_error_of_the_system_is_no_damage() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::from_raw_os_error(5))
        }
    }
    for format in FORMATS {
        let packed = compress(format, &sample());
        let (_, end) = decode(format, packed[..packed.len() / 2].chain(Fails));
        let error = end.unwrap_err();
        assert_eq!(error.raw_os_error(), Some(5));
        assert_eq!(Damage::of(&error), None);
    }
}
