//! How fast the core is without the process around it: scan and conversion of payloads, cutting a source into records,
//! and both together as the threads of a run do it, block by block. Prints the speed of the fastest of some runs:
//! `cargo bench --bench core`, or `cargo bench --bench core -- pretty` for one layout.

mod corpus;
#[path = "../tests/shared/mod.rs"]
mod shared;

use std::hint::black_box;
use std::ops::Range;
use std::time::Instant;

use corpus::Layout;
use shared::library::{self, Block, BlockConverter, Converter, MappingOptions, Plan};

/// Larger than processors' caches, small enough to go over it many times.
const CORPUS_BYTES: usize = 20_000_000;

/// What `--max-record` is by default.
const MAX_RECORD: usize = 16 << 20;

const RUNS: usize = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds a flag of its own.
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap_or_default();
    let plan = Plan::new(MappingOptions::default())?;
    for layout in Layout::BARE {
        let mut text = Vec::new();
        corpus::write(layout, CORPUS_BYTES, &mut text)?;
        let measure = |what: &str, run: &mut dyn FnMut()| {
            let name = format!("{} {what}", layout.name());
            if name.contains(&wanted) {
                println!("{name:20} {:6.0} MB/s", text.len() as f64 / 1e6 / fastest(run));
            }
        };
        // Form bodies are decoded first, which is the blocks' business.
        if layout != Layout::Form {
            measure("convert", &mut convert(&plan, &text));
        }
        measure("split", &mut || drop(black_box(records(black_box(&text)))));
        measure("blocks", &mut convert_blocks(&plan, &text));
    }
    Ok(())
}

/// The seconds of the fastest of some runs.
fn fastest(run: &mut dyn FnMut()) -> f64 {
    let seconds = (0..RUNS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    seconds.fold(f64::INFINITY, f64::min)
}

/// One payload after the other, each by itself.
fn convert(plan: &Plan, text: &[u8]) -> impl FnMut() {
    let payloads: Vec<_> = records(text).into_iter().map(|record| &text[record]).collect();
    let mut converter = Converter::new(plan);
    let mut events = Vec::new();
    move || {
        for payload in &payloads {
            events.clear();
            let converted = library::convert(&mut converter, payload, &mut events);
            converted.expect("a payload of the corpus converts");
            black_box(&events);
        }
    }
}

fn convert_blocks(plan: &Plan, text: &[u8]) -> impl FnMut() {
    let blocks = blocks(text);
    let mut converter = BlockConverter::new(plan);
    move || {
        for block in &blocks {
            converter.convert(block);
            assert_eq!(converter.counts().rejected(), 0);
            black_box(converter.events());
        }
    }
}

fn records(text: &[u8]) -> Vec<Range<usize>> {
    library::cut_whole(text, MAX_RECORD).collect()
}

/// The blocks that a run would read a text in.
fn blocks(text: &[u8]) -> Vec<Block> {
    let text = std::io::Cursor::new(text.to_vec());
    let mut reader = library::reader(text, library::Layout::Auto, MAX_RECORD);
    std::iter::from_fn(|| {
        let mut block = Block::default();
        library::read(&mut reader, &mut block).then_some(block)
    })
    .collect()
}
