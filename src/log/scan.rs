//! Reads a log from its beginning to its end: while one block is judged, the next one is read.

use super::blocks::{Block, Blocks};
use super::diagnosis::Diagnosis;
use super::entry::{self, Piece};
use super::judge::{Judge, Limits};
use crate::platform::is_interrupted;
use std::io::{self, Read};

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes that were judged.
    pub bytes: u64,
    /// Lines that were judged.
    pub lines: u64,
}

/// Judges a log. What comes out depends on its bytes only, not on how they arrive.
pub fn scan(
    source: impl Read + Send,
    limits: Limits,
    tell: &dyn Fn(Progress),
) -> io::Result<Diagnosis> {
    scan_blocks(Blocks::new(source), limits, tell)
}

/// The same, of a log in blocks of any size.
pub fn scan_blocks(
    mut blocks: Blocks<impl Read + Send>,
    limits: Limits,
    tell: &dyn Fn(Progress),
) -> io::Result<Diagnosis> {
    let mut judge = Judge::new(limits);
    let mut done = Progress { bytes: 0, lines: 0 };
    let mut current = next(&mut blocks)?;
    while let Some((block, pieces)) = current {
        let judged = || pieces.iter().for_each(|it| judge.piece(it, &block.bytes, block.offset));
        let ((), following) = rayon::join(judged, || next(&mut blocks));
        done.bytes = block.offset + block.bytes.len() as u64;
        done.lines += pieces.iter().map(|piece| u64::from(piece.lines)).sum::<u64>();
        tell(done);
        current = following?;
        if current.is_some() && is_interrupted() {
            blocks.gave_up = true;
            break;
        }
    }
    Ok(judge.finish(done.bytes, blocks.gave_up))
}

fn next<R: Read>(blocks: &mut Blocks<R>) -> io::Result<Option<(Block, Vec<Piece>)>> {
    Ok(blocks.next_block()?.map(|block| {
        let pieces = entry::read(&block);
        (block, pieces)
    }))
}
