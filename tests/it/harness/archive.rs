//! Archives, as people pack them.

use std::io::Write;

use rawzip::{CompressionMethod, ZipArchiveWriter};
use tar::{Builder, EntryType, Header};

/// The files of an archive: their paths and contents.
pub type Files<'a> = [(&'a str, &'a [u8])];

/// A tar of files.
pub fn tar(files: &Files) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, content) in files {
        let (name, mut header) = (path.as_bytes(), Header::new_gnu());
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        if name.len() > 100 {
            builder.append_data(&mut header, path, *content).unwrap();
            continue;
        }
        // As it is: the builder refuses paths that lead elsewhere.
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The header of something that is no file, for a tar to begin with.
pub fn odd_member(path: &str, kind: EntryType) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_path(path).unwrap();
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// A zip of files, every other of which is compressed.
pub fn zip(files: &Files) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (index, (path, content)) in files.iter().enumerate() {
        let method = if index % 2 == 0 { CompressionMethod::DEFLATE } else { CompressionMethod::STORE };
        let (mut entry, config) = archive.new_file(path).compression_method(method).start().unwrap();
        let end = if method == CompressionMethod::STORE {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content).unwrap();
            writer.finish().unwrap().1
        } else {
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
            let mut writer = config.wrap(encoder);
            writer.write_all(content).unwrap();
            let (encoder, end) = writer.finish().unwrap();
            encoder.finish().unwrap();
            end
        };
        entry.finish(end).unwrap();
    }
    archive.finish().unwrap();
    bytes
}
