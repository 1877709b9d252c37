//! A log in blocks of whole lines, in bounded memory however long its lines are.
//!
//! ```text
//! block 1                      block 2
//! ┌────────────────────────┐   ┌───────────────────────────────┐
//! │line⏎ line⏎ line⏎ li│ne⏎ ──►│line⏎ line⏎ a line without end …│… its end⏎ line⏎
//! └────────────────────┼───┘   └───────────────────────────────┘
//!             carried over      longer than any line may be: only its end is looked for
//! ```

use memchr::{memchr, memrchr};
use std::io::{self, ErrorKind, Read};

/// How much is read at once.
const BLOCK_BYTES: usize = 4 << 20;
/// A line that is longer is skipped. A message is a few hundred bytes; a long history of ids, some
/// ten thousand.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// What one task looks through.
const PIECE_BYTES: usize = 256 << 10;

/// Some whole lines.
#[derive(Debug)]
pub struct Block {
    /// The lines, each with its end; the last one of a log may have none.
    pub bytes: Vec<u8>,
    /// Where they begin in the log.
    pub offset: u64,
    /// Whether the first "line" is only the end of one that was too long.
    pub begins_inside: bool,
}

impl Block {
    /// The parts that are looked through side by side, each with where it begins in the block.
    pub fn pieces(&self) -> Vec<(usize, &[u8])> {
        let mut pieces = Vec::new();
        let mut start = 0;
        while start < self.bytes.len() {
            let least = (start + PIECE_BYTES).min(self.bytes.len());
            let end = memchr(b'\n', &self.bytes[least..]);
            let end = end.map_or(self.bytes.len(), |newline| least + newline + 1);
            pieces.push((start, &self.bytes[start..end]));
            start = end;
        }
        if pieces.is_empty() {
            pieces.push((0, &[][..]));
        }
        pieces
    }
}

/// Reads blocks.
pub struct Blocks<R> {
    source: R,
    block_bytes: usize,
    line_bytes_max: usize,
    /// The beginning of a line whose end was not read yet.
    carried: Vec<u8>,
    /// Where the next block begins.
    offset: u64,
    inside: bool,
    ended: bool,
    /// Whether the source would have had to wait for more, and might not.
    pub gave_up: bool,
}

impl<R: Read> Blocks<R> {
    /// Blocks of a log.
    pub fn new(source: R) -> Blocks<R> {
        Blocks::sized(source, BLOCK_BYTES, LINE_BYTES_MAX)
    }

    /// The same, with lines that may be so long and so much read at once: more than such a line, or
    /// the log has none.
    pub fn sized(source: R, block_bytes: usize, line_bytes_max: usize) -> Blocks<R> {
        let carried = Vec::new();
        Blocks {
            source,
            block_bytes,
            line_bytes_max,
            carried,
            offset: 0,
            inside: false,
            ended: false,
            gave_up: false,
        }
    }

    /// The next block; `None` at the end.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        while !self.ended {
            let (offset, begins_inside) = (self.offset, self.inside);
            let mut bytes = std::mem::take(&mut self.carried);
            bytes.reserve_exact(self.block_bytes);
            let wanted = self.block_bytes as u64;
            let read = self.source.by_ref().take(wanted).read_to_end(&mut bytes);
            // What came before is there all the same.
            self.gave_up = read.as_ref().is_err_and(|it| it.kind() == ErrorKind::WouldBlock);
            self.ended = self.gave_up || read? < self.block_bytes;
            if !self.ended {
                self.cut(&mut bytes);
            }
            if offset == 0 && bytes.starts_with(BOM) {
                // Spaces, so that the bytes keep their places.
                bytes[..BOM.len()].fill(b' ');
            }
            // Without any end of a line there is nothing to look at yet.
            if !bytes.is_empty() || (self.ended && begins_inside) {
                return Ok(Some(Block { bytes, offset, begins_inside }));
            }
        }
        Ok(None)
    }

    /// Leaves only whole lines; the rest is for the next block, unless it is too long already.
    fn cut(&mut self, bytes: &mut Vec<u8>) {
        let whole = memrchr(b'\n', bytes).map_or(0, |newline| newline + 1);
        let rest = &bytes[whole..];
        // A block is longer than a line may be, so one without any line end is inside of one.
        self.inside = rest.len() > self.line_bytes_max;
        self.offset += if self.inside { bytes.len() } else { whole } as u64;
        if !self.inside {
            self.carried = rest.to_vec();
        }
        bytes.truncate(whole);
    }
}

/// The mark of the byte order that some editors write before UTF-8 text.
const BOM: &[u8] = "\u{feff}".as_bytes();

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives a few bytes at a time, as a pipe does.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let few = buffer.len().min(3);
            self.0.read(&mut buffer[..few])
        }
    }

    /// Blocks as text, those that begin inside a line marked by `~`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut blocks = Blocks::sized(Drops(text.as_bytes()), 8, 6);
        let mut found = Vec::new();
        while let Some(block) = blocks.next_block().unwrap() {
            let lines = String::from_utf8(block.bytes).unwrap();
            assert!(text[block.offset as usize..].starts_with(&lines), "{lines:?} is elsewhere");
            found.push(format!("{}{lines}", if block.begins_inside { "~" } else { "" }));
        }
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn blocks_are_whole_lines() {
        check("", &[]);
        check("\n", &["\n"]);
        check("a\nb\nc\nd\ne\n", &["a\nb\nc\nd\n", "e\n"]);
        check("a\nbcdefg", &["a\n", "bcdefg"]);
        check("a\nbcdef", &["a\nbcdef"]);
        check("abc\ndefg\nhi", &["abc\n", "defg\nhi"]);
    }

    #[test]
    fn of_an_endless_line_only_the_end_is_kept() {
        check("abcdefghijklmnopqrstuvw\nx\n", &["~qrstuvw\n", "x\n"]);
        check("abcdefghijklmnopqrstuvwxyz", &["~yz"]);
        check("abcdefghijklmnop", &["~"]);
        // Up to the limit a line is carried over; beyond it, it is not.
        check("a\nbcdefghi\nj\n", &["a\n", "bcdefghi\nj\n"]);
        check("\nabcdefghijklmnopq\nr\ns\n", &["\n", "~pq\nr\ns\n"]);
    }

    #[test]
    fn pieces_are_whole_lines_and_together_the_block() {
        let bytes: Vec<u8> =
            (0..200_000).flat_map(|n: u32| format!("{n}\n").into_bytes()).collect();
        let block = Block { bytes, offset: 0, begins_inside: false };
        let pieces = block.pieces();
        assert!(pieces.len() > 3);
        let joined: Vec<u8> = pieces.iter().flat_map(|(_, piece)| piece.to_vec()).collect();
        assert!(joined == block.bytes);
        assert!(pieces.iter().all(|(at, piece)| {
            piece.ends_with(b"\n") && block.bytes[*at..].starts_with(piece)
        }));
    }
}
