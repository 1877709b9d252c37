//! Names beside the ends of their lines: as near as possible, in the order of the ends, and never
//! on one another.

use super::ink::Ink;
use super::letters::{width, wrap};
use crate::phrase;
use crate::words::Words;

/// From one base line to the next, in sizes of the font.
pub(super) const LEADING: f64 = 1.25;
/// Between two labels, in sizes of the font.
const GAP: f64 = 0.4;
/// Room for the shape before a name, in sizes of the font.
pub(super) const SHAPE: f64 = 1.15;
/// What is tried until all labels fit above each other: sizes, in those of the font wanted, lines
/// for a name, and names for a line that many share. The last is for charts that nobody can read.
const TRIES: [(f64, usize, usize); 6] = [
    (1.0, 3, usize::MAX),
    (1.0, 2, usize::MAX),
    (1.0, 1, usize::MAX),
    (0.85, 1, usize::MAX),
    (0.7, 1, usize::MAX),
    (0.7, 1, 3),
];

/// What a label has to say.
pub(super) struct Wish<'a> {
    /// The names, each with its ink; at least one.
    pub(super) names: Vec<(&'a str, Ink)>,
    /// What has to be known of the end of the line.
    pub(super) remark: Option<String>,
    /// The height of the end of the line, from above, if there is a line.
    pub(super) y: Option<f64>,
}

/// A label at its place.
pub(super) struct Block {
    pub(super) rows: Vec<Row>,
    /// The upper edge.
    pub(super) top: f64,
    pub(super) height: f64,
}

/// A line of a label.
pub(super) struct Row {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What a line of a label is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The start of a name, which has the shape of its points before it.
    Name(Ink),
    /// The rest of a name.
    More,
    /// Something about the names.
    Remark,
}

/// All labels of a panel.
pub(super) struct Labels {
    /// The size of the font.
    pub(super) size: f64,
    /// The width of the widest, in the unit of the size.
    pub(super) width: f64,
    /// One for each wish that had room, in the order of the wishes.
    pub(super) blocks: Vec<Block>,
    /// What is said of those that had none: `and 7 more`. It is the last block then.
    pub(super) left_out: usize,
}

impl Labels {
    /// Lays out labels, which come from the topmost to the lowest, between two heights.
    pub(super) fn new(
        wishes: &[Wish],
        (top, bottom): (f64, f64),
        size_wanted: f64,
        width_max: f64,
        words: &Words,
    ) -> Labels {
        let mut labels = Labels { size: size_wanted, width: 0.0, blocks: vec![], left_out: 0 };
        for (factor, lines_max, names_max) in TRIES {
            labels.size = size_wanted * factor;
            let room = width_max / labels.size - SHAPE;
            let set = |wish| Block {
                rows: rows(wish, room, lines_max, names_max, words),
                top: 0.0,
                height: 0.0,
            };
            labels.blocks = wishes.iter().map(set).collect();
            if labels.measure() <= bottom - top {
                break;
            }
        }
        labels.leave_out(bottom - top, words);
        let widest =
            |block: &Block| block.rows.iter().map(|row| width(&row.text)).fold(0.0, f64::max);
        let widest = labels.blocks.iter().map(widest).fold(0.0, f64::max);
        labels.width = if labels.blocks.is_empty() { 0.0 } else { (widest + SHAPE) * labels.size };
        labels.spread(wishes, top, bottom);
        labels
    }

    /// Sets the heights, and tells that of all together.
    fn measure(&mut self) -> f64 {
        for block in &mut self.blocks {
            block.height = block.rows.len() as f64 * LEADING * self.size;
        }
        let gaps = self.blocks.len().saturating_sub(1) as f64 * GAP * self.size;
        self.blocks.iter().map(|block| block.height).sum::<f64>() + gaps
    }

    /// Takes away the last labels until the rest fits, and says so in a label of its own.
    fn leave_out(&mut self, room: f64, words: &Words) {
        if self.measure() <= room {
            return;
        }
        let said = (LEADING + GAP) * self.size;
        let mut height = 0.0;
        let fits = |block: &&Block| {
            height += block.height + GAP * self.size;
            height + said <= room
        };
        let kept = self.blocks.iter().take_while(fits).count();
        self.left_out = self.blocks.len() - kept;
        self.blocks.truncate(kept);
        let text = and_more(self.left_out, words);
        let rows = vec![Row { text, kind: Kind::Remark }];
        self.blocks.push(Block { rows, top: 0.0, height: 0.0 });
        self.measure();
    }

    /// Moves the labels apart as little as possible. Without its height and those before it, each
    /// label has one wanted place, and these must not decrease: those that do are pooled at their
    /// mean (the least squares that keep the order), and the ends are moved inside.
    fn spread(&mut self, wishes: &[Wish], top: f64, bottom: f64) {
        let gap = GAP * self.size;
        let mut before = 0.0;
        // Pools of labels that touch: the mean of their wanted places, and how many they are.
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            let wanted = wishes.get(index).and_then(|wish| wish.y).unwrap_or(bottom);
            let mut pool = (wanted - block.height / 2.0 - before, 1);
            while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean > pool.0) {
                let all = count + pool.1;
                pool.0 = (mean * count as f64 + pool.0 * pool.1 as f64) / all as f64;
                pool.1 = all;
            }
            pools.push(pool);
            before += block.height + gap;
        }
        let highest = (bottom - (before - gap)).max(top);
        let places = pools.iter().flat_map(|(place, count)| std::iter::repeat_n(*place, *count));
        let mut before = 0.0;
        for (block, place) in self.blocks.iter_mut().zip(places) {
            block.top = place.clamp(top, highest) + before;
            before += block.height + gap;
        }
    }
}

fn and_more(count: usize, words: &Words) -> String {
    words.say(&phrase!("chart-and-more", n = count))
}

/// The lines of a label, for a text of at most so many sizes of the font.
fn rows(wish: &Wish, room: f64, lines_max: usize, names_max: usize, words: &Words) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, ink) in wish.names.iter().take(names_max) {
        let mut lines = wrap(name, room, lines_max).into_iter();
        // A name without a letter still has its shape.
        let first = lines.next().unwrap_or_default();
        rows.push(Row { text: first, kind: Kind::Name(*ink) });
        rows.extend(lines.map(|text| Row { text, kind: Kind::More }));
    }
    let more = wish.names.len().saturating_sub(names_max);
    let more = (more > 0).then(|| and_more(more, words));
    for remark in more.iter().chain(&wish.remark) {
        let lines = wrap(remark, room, 2).into_iter();
        rows.extend(lines.map(|text| Row { text, kind: Kind::Remark }));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(name: &str, y: f64) -> Wish<'_> {
        Wish { names: vec![(name, Ink(0))], remark: None, y: Some(y) }
    }

    /// The middles of labels of one line in font size 10, so 12.5 high, with gaps of 4.
    #[track_caller]
    fn check(ends: &[f64], middles: &[f64]) {
        let wishes: Vec<Wish> = ends.iter().map(|y| wish("a", *y)).collect();
        let labels = Labels::new(&wishes, (0.0, 100.0), 10.0, 100.0, Words::english());
        let placed: Vec<f64> =
            labels.blocks.iter().map(|block| block.top + block.height / 2.0).collect();
        assert_eq!(placed, middles);
    }

    #[test]
    fn a_label_stays_where_it_wants_to_be() {
        check(&[20.0, 60.0], &[20.0, 60.0]);
    }

    #[test]
    fn labels_that_touch_move_apart_about_their_middle() {
        check(&[50.0, 50.0, 50.0], &[33.5, 50.0, 66.5]);
        check(&[10.0, 50.0, 50.0], &[10.0, 41.75, 58.25]);
    }

    #[test]
    fn labels_stay_inside() {
        check(&[0.0, 0.0], &[6.25, 22.75]);
        check(&[100.0, 100.0], &[77.25, 93.75]);
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let wishes: Vec<Wish> = (0..100).map(|y| wish("a", f64::from(y))).collect();
        let labels = Labels::new(&wishes, (0.0, 100.0), 10.0, 100.0, Words::english());
        let shown = labels.blocks.len() - 1;
        assert_eq!(labels.left_out, 100 - shown);
        let last = labels.blocks.last().unwrap();
        assert_eq!(last.rows[0].text, format!("and {} more", 100 - shown));
        assert!(last.top + last.height <= 100.0);
    }
}
