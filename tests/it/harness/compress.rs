//! Compression, as archives have it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

type Compress = fn(&[u8]) -> Vec<u8>;

/// Every compression that is read, and what its files end in.
pub const COMPRESSORS: [(&str, Compress); 2] = [("gz", gzip), ("zst", zstd)];

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 0).unwrap()
}
