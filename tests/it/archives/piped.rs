//! Archives and compressed data in pipes: nothing complete is held back, and little memory is used.

use crate::harness::{COMPRESSORS, chat, chats, gzip, run, tar};

#[test]
fn each_member_of_a_tar_in_a_pipe_is_shown_when_it_is_complete() {
    let mut running = run(&[]).start();
    for user in ["a", "b", "c"] {
        let member = tar(&[(&format!("{user}.json"), chat(user).as_bytes())]);
        running.write(&member[..member.len() - 1024]);
        assert_eq!(running.line(), chats(&[user]));
    }
    running.write([0; 1024]);
    running.close();
    let (status, stderr) = running.end();
    assert_eq!((status.code(), &*stderr), (Some(0), ""));
}

#[test]
fn a_payload_does_not_wait_for_more_to_tell_it_from_a_tar() {
    for begin in [&b""[..], b"\xef\xbb\xbf", b"  "] {
        let mut running = run(&[]).start();
        running.write([begin, chat("a").as_bytes(), b"\n"].concat());
        assert_eq!(running.line(), chats(&["a"]));
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
    // A tar's first name may look like JSON.
    for name in ["{a}.json", "{\"a\":1}", "{\"a\":[{}]}.json", "[{", "[]", "data=%7B%7D", "{\"a\n"] {
        run(&["--ext", "*"]).stdin(tar(&[(name, chat("a").as_bytes())])).stdout(chats(&["a"])).go();
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /proc")]
fn a_great_many_members_and_a_large_window_take_little_memory() {
    // A window of 2 GiB, of which little is used.
    let mut large = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3];
    let text = chat("a") + "\n";
    large.extend(((text.len() as u32) << 3 | 1).to_le_bytes()[..3].iter());
    large.extend(text.as_bytes());
    // Empty members, each with an extension of its own.
    let names: Vec<_> = (0..5_000).map(|n| format!("{n}.x{n}\0{n}.json")).collect();
    let mut many = Vec::new();
    for name in &names {
        for name in name.split('\0') {
            many.extend_from_slice(&tar(&[(name, b"")])[..512]);
        }
    }
    many.extend(tar(&[("a.json", chat("a").as_bytes())]));
    for input in [large, gzip(&many)] {
        let mut running = run(&["-q", "--jobs", "1"]).start();
        running.write(input);
        assert_eq!(running.line(), chats(&["a"]));
        let peak = running.peak_memory();
        assert!(peak < 32 << 20, "{} KiB", peak >> 10);
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_that_waits_for_the_rest_of_a_tar() {
    let mut running = run(&[]).start();
    let member = tar(&[("a.json", chat("a").as_bytes())]);
    running.write(&member[..member.len() - 1024]);
    assert_eq!(running.line(), chats(&["a"]));
    running.signal(rustix::process::Signal::TERM);
    assert_eq!(running.end().0.code(), Some(143));
}

#[test]
fn what_is_compressed_is_shown_when_a_member_of_it_is_complete() {
    for (_, compress) in COMPRESSORS {
        let mut running = run(&[]).start();
        for user in ["a", "b"] {
            running.write(compress(format!("{}\n", chat(user)).as_bytes()));
            assert_eq!(running.line(), chats(&[user]));
        }
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
}
