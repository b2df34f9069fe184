//! How fast the core is without the process around it: scan and conversion of payloads, cutting a
//! source into records, and both together as the threads of a run do it, block by block.

mod corpus;
#[path = "../tests/shared/mod.rs"]
mod shared;

use std::hint::black_box;
use std::ops::Range;

use corpus::Layout;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use shared::library::{self, Block, BlockConverter, Converter, MappingOptions, Plan};

/// Larger than what processors keep at hand, small enough to go over it many times.
const CORPUS_BYTES: usize = 20_000_000;

/// What `--max-record` is by default.
const MAX_RECORD: usize = 16 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let plan = Plan::new(MappingOptions::default())?;
    for layout in Layout::BARE {
        let mut text = Vec::new();
        corpus::write(layout, CORPUS_BYTES, &mut text)?;
        let mut group = criterion.benchmark_group(layout.name());
        group.throughput(Throughput::BytesDecimal(text.len() as u64));
        // Form bodies are decoded first, which is the blocks' business.
        if layout != Layout::Form {
            bench_convert(&mut group, &plan, &text);
        }
        bench_split(&mut group, &text);
        bench_blocks(&mut group, &plan, &blocks(&text));
        group.finish();
    }
    criterion.final_summary();
    Ok(())
}

/// One payload after the other, as if each were at hand by itself.
fn bench_convert(group: &mut BenchmarkGroup<WallTime>, plan: &Plan, text: &[u8]) {
    let payloads: Vec<_> = records(text).into_iter().map(|record| &text[record]).collect();
    let mut converter = Converter::new(plan);
    let mut events = Vec::new();
    group.bench_function("convert", |bencher| {
        bencher.iter(|| {
            for payload in &payloads {
                events.clear();
                let converted = library::convert(&mut converter, payload, &mut events);
                converted.expect("a payload of the corpus converts");
                black_box(&events);
            }
        });
    });
}

fn bench_split(group: &mut BenchmarkGroup<WallTime>, text: &[u8]) {
    group.bench_function("split", |bencher| bencher.iter(|| records(black_box(text))));
}

fn bench_blocks(group: &mut BenchmarkGroup<WallTime>, plan: &Plan, blocks: &[Block]) {
    let mut converter = BlockConverter::new(plan);
    group.bench_function("blocks", |bencher| {
        bencher.iter(|| {
            for block in blocks {
                converter.convert(block);
                assert_eq!(converter.counts().rejected(), 0);
                black_box(converter.events());
            }
        });
    });
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
