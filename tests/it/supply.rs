//! What the tool is built from. `cargo deny` checks licences, versions and sources (`.ci/deny.toml`).

use std::fs;

use crate::harness::checkout;

fn file(name: &str) -> String {
    fs::read_to_string(checkout(name)).unwrap()
}

#[test]
fn no_unsafe_code_is_ours() {
    assert!(file("Cargo.toml").contains("\nunsafe_code = \"forbid\"\n"));
    for root in ["src/lib.rs", "src/main.rs"] {
        assert!(file(root).contains("\n#![forbid(unsafe_code)]\n"), "{root}");
    }
}
