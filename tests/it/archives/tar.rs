//! The headers of tars: names, kinds, ends and cuts.

use std::io::{self, Read};
use std::path::PathBuf;

use tar::{Builder, EntryType, Header};

use crate::shared::library::{Damage, Format, Member, MemberKind as Kind, Tar, is_tar, may_be_tar};

fn header(size: usize, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size as u64);
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header
}

fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, content) in files {
        builder.append_data(&mut header(content.len(), EntryType::Regular), path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// PAX records with nothing after them.
fn pax(records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    builder.append_pax_extensions(records.iter().copied()).unwrap();
    let mut bytes = builder.into_inner().unwrap();
    bytes.truncate(bytes.len() - 1024);
    bytes
}

/// All members with the content of the files, and how it ends.
fn unpack(bytes: &[u8]) -> (Vec<(Member, Vec<u8>)>, Option<Damage>) {
    let mut tar = Tar::new(bytes);
    let mut members = Vec::new();
    let end = (|| -> io::Result<()> {
        while let Some(member) = tar.next_member()? {
            members.push((member.clone(), Vec::new()));
            if member.kind == Kind::File {
                tar.read_to_end(&mut members.last_mut().unwrap().1)?;
            }
        }
        Ok(())
    })();
    (members, end.err().map(|error| Damage::of(&error).expect("not the system's error")))
}

fn names(bytes: &[u8]) -> Vec<String> {
    let (members, damage) = unpack(bytes);
    assert_eq!(damage, None);
    members.iter().map(|(member, _)| member.path.to_string_lossy().into_owned()).collect()
}

#[test]
fn long_names_are_kept_whole() {
    let long = format!("{}/a.json", ["directory"; 40].join("/"));
    let bytes = pack(&[("a.json", b"1"), (&long, b"22"), ("b.json", b"")]);
    assert_eq!(names(&bytes), ["a.json", &long, "b.json"]);
    assert_eq!(unpack(&bytes).0[1].1, b"22");

    let mut ustar = Builder::new(Vec::new());
    let mut header = Header::new_ustar();
    header.set_size(2);
    ustar.append_data(&mut header, format!("{}/a.json", "x".repeat(120)), &b"22"[..]).unwrap();
    assert_eq!(names(&ustar.into_inner().unwrap()), [format!("{}/a.json", "x".repeat(120))]);
}

#[test]
fn pax_records_give_the_name_and_the_size() {
    let mut bytes = pax(&[
        ("SCHILY.xattr.com.apple.provenance", b"a\nb=c\n\0"),
        ("path", "Gespräche/a.json".as_bytes()),
        ("size", b"3"),
    ]);
    let mut header = header(0, EntryType::Regular);
    header.set_path("short").unwrap();
    header.set_cksum();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(b"{}\n");
    bytes.resize(bytes.len() + 509, 0);
    bytes.extend_from_slice(&pack(&[("b.json", b"{}")]));
    let (members, damage) = unpack(&bytes);
    assert_eq!(damage, None);
    assert_eq!(members[0].0.path, PathBuf::from("Gespräche/a.json"));
    assert_eq!(members[0].1, b"{}\n");
    assert_eq!(members[1].0.path, PathBuf::from("b.json"));
}

#[test]
fn only_files_in_a_tar_are_read() {
    let mut builder = Builder::new(Vec::new());
    for (path, kind) in [
        ("d", EntryType::Directory),
        ("f", EntryType::Regular),
        ("c", EntryType::Continuous),
        ("v7/", EntryType::Regular),
        ("fifo", EntryType::Fifo),
        ("dev", EntryType::Char),
        ("label", EntryType::new(b'V')),
        ("listed", EntryType::new(b'D')),
        ("rest", EntryType::new(b'M')),
        ("acl", EntryType::new(b'A')),
    ] {
        let mut header = header(0, kind);
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, io::empty()).unwrap();
    }
    builder.append_link(&mut header(0, EntryType::Symlink), "s", "f").unwrap();
    builder.append_link(&mut header(0, EntryType::Link), "h", "f").unwrap();
    let (members, damage) = unpack(&builder.into_inner().unwrap());
    assert_eq!(damage, None);
    let kinds: Vec<Kind> = members.iter().map(|(member, _)| member.kind).collect();
    use Kind::*;
    let continued = Unreadable("its beginning is in another volume: join the volumes first");
    let hard_link = Unreadable("it is a hard link to another member");
    assert_eq!(
        kinds,
        [Directory, File, File, Directory, Special, Special, Directory, continued, Special, Link, hard_link]
    );
}

#[test]
fn a_link_with_the_size_of_its_file_has_no_content() {
    let mut link = header(5000, EntryType::Link);
    link.set_path("l").unwrap();
    link.set_cksum();
    let bytes = [&link.as_bytes()[..], &pack(&[("a", b"{}")])].concat();
    assert_eq!(names(&bytes), ["l", "a"]);
}

#[test]
fn a_link_with_pax_records_may_have_its_content_with_it() {
    let mut link = header(2, EntryType::Link);
    link.set_path("l").unwrap();
    link.set_cksum();
    let bytes =
        [&pax(&[("size", b"2")]), &link.as_bytes()[..], b"{}", &[0; 510], &pack(&[("a", b"{}")])].concat();
    let (members, damage) = unpack(&bytes);
    assert_eq!((members.len(), damage), (2, None));
    assert_eq!((members[0].0.kind, &*members[0].1), (Kind::File, &b"{}"[..]));
}

const SPARSE: Kind = Kind::Unreadable("it is a sparse file: unpack the tar first");

#[test]
fn sparse_files_are_told_and_passed_over() {
    let mut sparse = header(512, EntryType::GNUSparse);
    sparse.set_path("s").unwrap();
    sparse.as_gnu_mut().unwrap().set_is_extended(true);
    sparse.set_cksum();
    let mut more = [0; 512];
    more[504] = 1;
    let bytes = [&sparse.as_bytes()[..], &more, &[0; 512], &[b'x'; 512], &pack(&[("a", b"{}")])[..]].concat();
    let (members, damage) = unpack(&bytes);
    assert_eq!(damage, None);
    assert_eq!(members[0].0.kind, SPARSE);
    assert_eq!(members[1].0.path, PathBuf::from("a"));

    let mut bytes = pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.name", b"real"), ("path", b"x")]);
    bytes.extend_from_slice(&pack(&[("GNUSparseFile.0/real", b"{}")]));
    let (members, _) = unpack(&bytes);
    assert_eq!((members[0].0.kind, members[0].0.path.to_str()), (SPARSE, Some("real")));
}

#[test]
fn one_tar_may_follow_another() {
    let (a, b) = (pack(&[("a", b"1")]), pack(&[("b", b"2")]));
    for zeros in [0, 512, 8192] {
        assert_eq!(names(&[&a[..], &vec![0; zeros], &b, &vec![0; zeros]].concat()), ["a", "b"]);
    }
    // With one of its two blocks of zeros, or a bit of the second.
    for less in 0..=512 {
        assert_eq!(names(&a[..a.len() - less]), ["a"]);
    }
    // Anything else after the end is passed over.
    for len in [1, 512, 5000] {
        assert_eq!(names(&[&a[..], &vec![b'x'; len]].concat()), ["a"]);
    }
}

#[test]
fn a_cut_anywhere_before_the_end_is_told() {
    let long = "l".repeat(300);
    let bytes = pack(&[("a.json", b"{\"a\":1}\n"), (&long, &[b'y'; 700]), ("c", b"")]);
    let end = bytes.len() - 512;
    for cut in 0..bytes.len() {
        let (members, damage) = unpack(&bytes[..cut]);
        assert_eq!(damage, (cut < end).then_some(Damage::CutOff(Format::Tar)), "cut at {cut}");
        assert!(cut < end || members.len() == 3);
    }
}

#[test]
fn a_changed_byte_in_a_header_is_noticed() {
    let bytes = pack(&[("a.json", b"{}"), ("b.json", b"{}")]);
    for place in 0..512 {
        let mut other = bytes.clone();
        other[place] ^= 1;
        let (_, damage) = unpack(&other);
        assert!(damage.is_some(), "{place}");
    }
    let mut many = [pax(&[("path", b"a")]), pack(&[(&"n".repeat(200), b"{}")])].concat();
    for place in 0..many.len() {
        for change in [0x00, b'0', b'S', b'x', 0x80, 0xff] {
            let was = std::mem::replace(&mut many[place], change);
            let block = place / 512 * 512;
            let mut mended = many.clone();
            let header: &mut [u8; 512] = (&mut mended[block..block + 512]).try_into().unwrap();
            let mut sum = Header::new_old();
            sum.as_mut_bytes().copy_from_slice(header);
            sum.set_cksum();
            header.copy_from_slice(sum.as_bytes());
            // Whatever it is, it comes to an end.
            unpack(&many);
            unpack(&mended);
            many[place] = was;
        }
    }
}

#[test]
fn a_tar_is_known_by_its_first_block() {
    let bytes = pack(&[("a.json", b"{}")]);
    assert!(is_tar(&bytes));
    assert!(!is_tar(&bytes[..511]));
    assert!(!is_tar(&[0; 512]));
    assert!(!is_tar(&[b' '; 512]));
    for len in 0..512 {
        assert!(may_be_tar(&bytes[..len]), "{len}");
    }
    let mut old = Header::new_old();
    old.set_path("a.json").unwrap();
    old.set_size(0);
    old.set_cksum();
    assert!(is_tar(old.as_bytes()));
    for text in ["{\"a\":1}", "{}", "[]\t", "{\"\n", "data=%7B\n", &"x".repeat(101), "2019 {\n"] {
        assert!(!may_be_tar(text.as_bytes()), "{text}");
    }
    for name in [&b"{f00d}.json\0\0"[..], b"{", b"[", b"{\"a\":1}\0", b"{\"a\":1}.json"] {
        assert!(may_be_tar(name));
    }
}
