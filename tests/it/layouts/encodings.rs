//! Text that is not UTF-8: UTF-16 is decoded on the way in.

use crate::harness::{COMPRESSORS, Dir, chat, chats, run, tar, zip};

type Swap = fn(u16) -> [u8; 2];

const ORDERS: [Swap; 2] = [u16::to_le_bytes, u16::to_be_bytes];

fn utf16(text: &str, swap: Swap) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(swap).collect()
}

/// A payload with characters of one to four bytes.
fn chat_with_all_lengths(visitor: &str) -> String {
    chat(visitor).replace("\"hi\"", "\"hi, é, €, 😀\"")
}

#[test]
fn utf_16_is_read_wherever_text_is() {
    let text = format!("{}\r\n{}\n", chat_with_all_lengths("a"), chat_with_all_lengths("b"));
    let expected = run(&[]).stdin(&text).any_stdout().go().stdout;
    let dir = Dir::new();
    for swap in ORDERS {
        let bytes = utf16(&text, swap);
        run(&[]).stdin(&bytes).stdout(&expected).go();
        dir.file("x.json", &bytes).run(&["x.json"]).stdout(&expected).go();
        dir.file("x.tar", tar(&[("x.json", &bytes)])).run(&["x.tar"]).stdout(&expected).go();
        dir.file("x.zip", zip(&[("x.json", &bytes)])).run(&["x.zip"]).stdout(&expected).go();
        for (name, compress) in COMPRESSORS {
            dir.file(name, compress(&bytes)).run(&[name]).stdout(&expected).go();
        }
    }
}

#[test]
fn any_text_may_come_first() {
    for swap in ORDERS {
        run(&[]).stdin(utf16(&format!("\n {}", chat("a")), swap)).stdout(chats(&["a"])).go();
        run(&[]).stdin(utf16(&format!("日志 {}", chat("a")), swap)).stdout(chats(&["a"])).go();
        run(&[]).stdin(utf16("", swap)).any_stderr().go();
    }
}

#[test]
fn a_stream_of_utf_16_is_shown_as_it_comes() {
    for swap in ORDERS {
        let mut running = run(&[]).start();
        for byte in utf16("", swap) {
            running.write([byte]);
        }
        for visitor in ["a", "b"] {
            running.write(&utf16(&format!("{}\n", chat(visitor)), swap)[2..]);
            assert_eq!(running.line(), chats(&[visitor]));
        }
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
}

#[test]
fn lines_columns_and_offsets_count_in_the_decoded_text() {
    let dir = Dir::new();
    let text = format!("{}\n{}\n", chat_with_all_lengths("a"), "{\"é\":\"😀\",}");
    for swap in ORDERS {
        dir.file("x", utf16(&text, swap));
        let ran = dir.run(&["x", "--rejects", "rejects"]).any_stdout().any_stderr().status(1).go();
        assert!(ran.stderr.starts_with("x:2:10: "), "{}", ran.stderr);
        let row = &dir.rejects()[0];
        assert_eq!(row["offset"], text.find('\n').unwrap() + 1);
        assert_eq!(row["payload"], "{\"é\":\"😀\",}");
    }
}

#[test]
fn a_record_with_damaged_utf_16_is_rejected_and_its_neighbours_are_not() {
    let dir = Dir::new();
    for swap in ORDERS {
        let lone = |unit: u16| -> Vec<u8> {
            let text = format!("{}\n{}\n{}\n", chat("a"), chat("b").replace("hi", "X"), chat("c"));
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.map(|own| if own == u16::from(b'X') { unit } else { own }).flat_map(swap).collect()
        };
        let cut = [utf16(&format!("{}\n{}\n", chat("a"), chat("c")), swap), b"\n".to_vec()].concat();
        // U+FFFD itself is a character like any other.
        run(&[]).stdin(lone(0xfffd)).any_stdout().go();
        for bytes in [lone(0xd83d), lone(0xde00), cut] {
            dir.file("x", &bytes);
            let ran = dir.run(&["x", "--rejects", "rejects"]).stdout(chats(&["a", "c"]));
            let stderr = ran.any_stderr().status(1).go().stderr;
            let rows = dir.rejects();
            assert_eq!((rows.len(), &rows[0]["code"]), (1, &"invalid_utf8".into()), "{stderr}");
        }
    }
}
