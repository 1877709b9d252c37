//! States as packed keys: every bit that can make a difference, and no other.
//!
//! ```text
//! flow      which messages can ever get where: how many bits a set needs
//! live      which registers can still matter at a line: the others are nought
//! layout    one field for each thing that can differ; codec: states to keys and back
//! symmetry  lanes that the program itself cannot tell apart, put into one order
//! ```
//!
//! A step of a lane looks at its own fields and at the shared ones, and changes no others. So
//! what [`step`] makes of them is remembered by those bits, and most moves are one look-up and a
//! few bit operations; [`step`] stays the only meaning of a step. Whether it changed another
//! field is checked each time that it is asked; if it did, nothing is remembered.

mod codec;
pub mod flow;
pub mod layout;
pub mod live;
pub mod symmetry;
pub mod word;

use super::Judge;
use super::space::{Mark, Move, Moves, Over, Places, Space, Touches, mark};
use crate::model::LaneId;
use crate::model::code::Key;
use crate::model::context::Mask;
use crate::model::op::Op;
use crate::model::program::Program;
use crate::model::step::step;
use flow::Flow;
use layout::{CellFields, FieldId, Layout};
use live::targets;
use rustc_hash::FxHashMap;
use symmetry::Symmetry;
use word::Word;

/// Whether lanes that the program cannot tell apart are put into one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symmetric {
    /// Where the program was found to be the same with them exchanged.
    Verified,
    /// Never.
    Never,
}

/// How the states of a program are packed.
pub struct Packing<'a> {
    program: &'a Program,
    judge: &'a dyn Judge<Mask>,
    layout: Layout,
    symmetry: Symmetry,
    /// Cells that are dead once every one of these lanes is past this position.
    fading: Vec<Fading>,
}

/// A cell that is of no use once nobody can read it any more.
struct Fading {
    fields: Vec<FieldId>,
    /// For each lane that can read it: the field of its position, and the last position from
    /// which it can.
    readers: Vec<(FieldId, u64)>,
}

impl<'a> Packing<'a> {
    /// Finds out how to pack a program's states; `None` if a mailbox can hold any number of
    /// questions, so that no width would do.
    pub fn new(
        program: &'a Program,
        judge: &'a dyn Judge<Mask>,
        symmetric: Symmetric,
    ) -> Option<Packing<'a>> {
        let flow = Flow::new(program);
        let layout = Layout::new(program, &flow, judge.reads_cells_at_end())?;
        let symmetry = match symmetric {
            Symmetric::Verified => Symmetry::new(program, &layout),
            Symmetric::Never => Symmetry::none(),
        };
        let fading = fading(program, judge, &flow, &layout);
        Some(Packing { program, judge, layout, symmetry, fading })
    }

    /// How many bits a key needs.
    pub fn bits(&self) -> u32 {
        self.layout.bits
    }

    /// The lanes that may change places, class by class; a lane that may not is in none.
    pub fn interchangeable(&self) -> Vec<Vec<LaneId>> {
        self.symmetry.lanes()
    }
}

/// States as keys of one width.
pub struct Packed<'a, W> {
    packing: Packing<'a>,
    /// For each lane, the bits that its steps look at or change.
    care: Vec<W>,
    /// For each client, its position when it is through.
    through: Vec<(FieldId, u64)>,
}

/// What a thread remembers of steps.
pub struct Memo<W> {
    effects: Vec<FxHashMap<W, Effect<W>>>,
    touches: Touches,
}

impl<W> Default for Memo<W> {
    fn default() -> Self {
        Memo { effects: Vec::new(), touches: Touches::default() }
    }
}

/// What a step makes of the bits that it cares for.
#[derive(Clone, Copy)]
enum Effect<W> {
    Blocked,
    Moves(Moved<W>),
}

#[derive(Clone, Copy)]
struct Moved<W> {
    bits: W,
    inside: bool,
    first: bool,
    mark: Option<Mark>,
    touched: u32,
}

impl<'a, W: Word> Packed<'a, W> {
    /// The packed states of a program, whose keys must fit the width: see [`Packing::bits`].
    pub fn new(packing: Packing<'a>) -> Packed<'a, W> {
        // A key fits its width.
        debug_assert!(packing.bits() <= W::BITS);
        let Packing { program, layout, .. } = &packing;
        let cares = |lane| {
            let mut care = W::ZERO;
            // Where requests run one after the other, a client's step is also the work of daemons.
            let all = program.setting.grain.is_serial();
            // Who cancels a turn ends it for the lane.
            let ends = program.cancels(lane).map(|turn| program.cast.turns[turn].lane);
            for field in &layout.fields {
                let is_of = |lane| field.owner == layout::FieldOwner::Lane(lane);
                if all || field.shared || is_of(lane) || ends.is_some_and(is_of) {
                    care.set(field.span, field.span.ones());
                }
            }
            care
        };
        let care = (0..program.lanes.len()).map(cares).collect();
        let through = (0..program.clients()).filter_map(|lane| {
            let turns = program.cast.lanes[lane].turns.len();
            Some((
                layout.lanes[lane].position?,
                (turns * layout.positions_per_turn(program)) as u64,
            ))
        });
        let through = through.collect();
        Packed { packing, care, through }
    }

    fn get(&self, key: &W, field: FieldId) -> u64 {
        key.get(self.packing.layout.fields[field].span)
    }

    /// What a lane's step does, asked of [`step`] itself, and the key that it leads to.
    fn ask(&self, touches: &mut Touches, key: &W, lane: LaneId) -> Option<(W, Moved<W>)> {
        let Packing { program, judge, layout, .. } = &self.packing;
        let state = layout.decode(program, key);
        let moved = step(program, &state, lane).ok()?;
        let to: W = layout.encode(program, &moved.state);
        let before = &state.lanes[lane];
        let effect = Moved {
            bits: to.and(&self.care[lane]),
            inside: moved.state.is_inside(program, lane),
            first: !program.is_daemon(lane) && before.turn.is_none() && before.turns_done == 0,
            mark: moved.reply.and_then(|reply| {
                mark(judge.reply(program, &reply), reply.turn, judge.heard(program, &reply))
            }),
            touched: touches.number(&moved.touched),
        };
        Some((to, effect))
    }

    fn step(&self, memo: &mut Memo<W>, key: &W, lane: LaneId) -> Option<Move<W>> {
        let care = &self.care[lane];
        let looked_at = key.and(care);
        let known = memo.effects[lane].get(&looked_at).copied();
        let (to, moved) = match known {
            Some(Effect::Blocked) => return None,
            Some(Effect::Moves(moved)) => (key.without(care).or(&moved.bits), moved),
            None => match self.ask(&mut memo.touches, key, lane) {
                None => {
                    memo.effects[lane].insert(looked_at, Effect::Blocked);
                    return None;
                }
                Some((to, moved)) => {
                    if to.without(care) == key.without(care) {
                        memo.effects[lane].insert(looked_at, Effect::Moves(moved));
                    }
                    (to, moved)
                }
            },
        };
        let Moved { inside, first, mark, touched, .. } = moved;
        Some(Move { to: self.faded(to), lane: lane as u8, inside, first, mark, touched })
    }

    /// The key without the cells that nobody can read any more.
    fn faded(&self, key: W) -> W {
        let mut key = key;
        for cell in &self.packing.fading {
            let read =
                cell.readers.iter().any(|&(position, last)| self.get(&key, position) <= last);
            if !read {
                for &field in &cell.fields {
                    key.set(self.packing.layout.fields[field].span, 0);
                }
            }
        }
        key
    }
}

impl<W: Word> Space for Packed<'_, W> {
    type Key = W;
    type Memo = Memo<W>;

    fn first(&self) -> W {
        let Packing { program, layout, .. } = &self.packing;
        layout.encode(program, &crate::model::state::State::first(program))
    }

    fn bytes(&self, _: &W) -> usize {
        0
    }

    fn memo_bytes(&self, memo: &Memo<W>) -> usize {
        let slots: usize = memo.effects.iter().map(FxHashMap::capacity).sum();
        // One byte more for each, and a table is at most seven eighths full.
        slots * (size_of::<(W, Effect<W>)>() + 1) * 8 / 7 + memo.touches.bytes()
    }

    fn moves(&self, memo: &mut Memo<W>, key: &W, moves: &mut Moves<W>) {
        let program = self.packing.program;
        memo.effects.resize_with(program.lanes.len(), FxHashMap::default);
        moves.moves.clear();
        let complete = self.through.iter().all(|&(field, through)| self.get(key, field) == through);
        if !complete {
            let lanes = 0..program.lanes.len();
            moves.moves.extend(lanes.filter_map(|lane| self.step(memo, key, lane)));
        }
        let over = moves.moves.is_empty();
        moves.end = over.then(|| {
            let state = self.packing.layout.decode(program, key);
            Over::new(program, self.packing.judge, &state)
        });
    }

    fn independent(&self, memo: &Memo<W>, moves: &Moves<W>, independent: &mut Vec<u64>) {
        memo.touches.independent(&moves.moves, independent);
    }

    fn canonical(&self, key: W, places: &mut Places) -> W {
        self.packing.symmetry.canonical(&self.packing.layout, &key, places)
    }

    fn outcome(&self, _: &W) -> Option<Box<[u8]>> {
        None
    }
}

/// The cells that nobody can read from some position on.
fn fading(program: &Program, judge: &dyn Judge<Mask>, flow: &Flow, layout: &Layout) -> Vec<Fading> {
    let cells = program.cells().into_iter().enumerate();
    let fading = cells.filter_map(|(cell, (place, _))| {
        let judged = judge.reads_cells_at_end() && program.code.stored == Some(place);
        let fields = match &layout.cells[cell] {
            _ if judged => return None,
            CellFields::Dead => return None,
            CellFields::Messages(field) => vec![(*field)?],
            CellFields::Answer(answer) => {
                [answer.present, answer.turn, answer.basis].into_iter().flatten().collect()
            }
            CellFields::Id(field) => vec![*field],
        };
        let mut readers = Vec::new();
        for lane in 0..program.lanes.len() {
            if !flow.instances(program, lane, place).contains(&cell) {
                continue;
            }
            match last_read(program, lane, place) {
                // A daemon may be asked again at any time.
                Some(_) if program.is_daemon(lane) => return None,
                Some(line) => {
                    let turns_before = program.cast.lanes[lane].turns.len() - 1;
                    let inside = (1 + line).saturating_sub(layout.line_min);
                    let last = turns_before * layout.positions_per_turn(program) + inside;
                    readers.push((layout.lanes[lane].position?, last as u64));
                }
                None => {}
            }
        }
        Some(Fading { fields, readers })
    });
    fading.collect()
}

/// The last line of a lane's routine from which it can still come to read a place.
fn last_read(program: &Program, lane: LaneId, place: usize) -> Option<usize> {
    let lines = &program.routine(lane).lines;
    let reads = |op: &Op| op.place() == Some(place) && op.reads();
    let mut can: Vec<bool> = lines.iter().map(|line| line.ops.iter().any(reads)).collect();
    loop {
        let before = can.clone();
        for line in 0..lines.len() {
            let leads = targets(&lines[line].ops, line);
            can[line] |= leads.into_iter().any(|to| before.get(to) == Some(&true));
        }
        if can == before {
            return can.iter().rposition(|&can| can);
        }
    }
}

/// Whether some place is one for each question.
fn by_question(program: &Program) -> bool {
    program.code.is_keyed_by(Key::Question)
}
