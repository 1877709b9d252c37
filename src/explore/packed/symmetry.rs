//! Lanes that the program cannot tell apart, put into one order.
//!
//! Two lanes are *interchangeable* if exchanging them, with the session and the user that only
//! they have, is an automorphism: it maps the program to itself, so it maps orders to orders,
//! findings to the same findings, and ways out of a state to ways out of its image. Then one
//! state can stand for all its images, and no number changes. Exchanges generate every
//! permutation inside a class of interchangeable lanes. (Clarke, Enders, Filkorn, Jha, 1996;
//! Ip and Dill, 1996.)
//!
//! It is verified, never promised: see `interchangeable` below. A canonical form need not be perfect
//! either. Each key is mapped to *an* image of itself; where two images are left apart, states
//! are merged less, and every number is still right.

use super::by_question;
use super::layout::{Field, FieldId, FieldMeaning, FieldOwner, Layout};
use super::word::Word;
use crate::explore::space::Places;
use crate::model::code::{Key, PlaceKind};
use crate::model::op::Op;
use crate::model::program::{Detail, KeyValue, Program};
use crate::model::state::Id;
use crate::model::{LaneId, SessionId, UserId};

/// The most orders of lanes with equal signatures that are tried for one key.
const TRIED_MAX: usize = 24;
/// The most client lanes of a program.
const CLIENTS_MAX: usize = crate::model::cast::LANES_MAX;

/// The interchangeable lanes of a program, and what moves with each.
pub struct Symmetry {
    classes: Vec<Class>,
    /// Fields that stay where they are but have names in them.
    fixed: Vec<FieldId>,
}

/// Lanes of which any may take the place of any other.
struct Class {
    units: Vec<Unit>,
    /// Bits of a context that belong to one of the units.
    grouped: u64,
}

/// A lane, with all that is its alone.
struct Unit {
    lane: LaneId,
    /// The lane, then the daemons of its session.
    lanes: Vec<LaneId>,
    /// The session, if it is this lane's alone.
    session: Option<SessionId>,
    /// The first turn.
    turns_start: usize,
    turns: usize,
    /// The bits of a context that are about this lane: where they begin, and how many.
    bits: (u32, u32),
    /// Its fields, in the same order for every unit of a class.
    fields: Vec<FieldId>,
}

/// An order of the units of a class: position *n* is taken by this unit.
type LaneOrder = [u8; CLIENTS_MAX];

/// Two numbers for each unit that do not depend on the order of the units: where its lane stands,
/// and what else is known of it. Equal numbers only leave a tie.
type Signatures = [(u64, u64); CLIENTS_MAX];

impl Symmetry {
    /// No two lanes are interchangeable.
    pub fn none() -> Symmetry {
        Symmetry { classes: Vec::new(), fixed: Vec::new() }
    }

    /// Finds the lanes that are interchangeable.
    pub fn new(program: &Program, layout: &Layout) -> Symmetry {
        let mut classes: Vec<Vec<LaneId>> = Vec::new();
        for lane in 0..program.clients() {
            // Exchanges compose, so being exchangeable with one of a class is enough.
            match classes.iter_mut().find(|class| interchangeable(program, class[0], lane)) {
                Some(class) => class.push(lane),
                None => classes.push(vec![lane]),
            }
        }
        classes.retain(|class| class.len() > 1);
        let classes: Vec<Class> =
            classes.iter().filter_map(|lanes| Class::new(program, layout, lanes)).collect();
        let moving: Vec<FieldId> = classes
            .iter()
            .flat_map(|class| &class.units)
            .flat_map(|unit| unit.fields.clone())
            .collect();
        let named = |&field: &FieldId| {
            !moving.contains(&field) && layout.fields[field].meaning != FieldMeaning::Plain
        };
        Symmetry { classes, fixed: (0..layout.fields.len()).filter(named).collect() }
    }

    /// The lanes that may change places, class by class.
    pub fn lanes(&self) -> Vec<Vec<LaneId>> {
        let lanes = |class: &Class| class.units.iter().map(|unit| unit.lane).collect();
        self.classes.iter().map(lanes).collect()
    }

    /// The key that stands for this one and its images, and where each lane went.
    pub fn canonical<W: Word>(&self, layout: &Layout, key: &W, places: &mut Places) -> W {
        *places = Places::same();
        let mut key = *key;
        for class in &self.classes {
            let order = self.order(layout, class, &key);
            if !is_identity(&order, class.units.len()) {
                key = self.reordered(layout, class, &key, &order);
                class.note_places(&order, places);
            }
        }
        key
    }

    /// The order of the units that makes the key canonical: by what they are, told ever more
    /// finely as long as some are alike.
    fn order<W: Word>(&self, layout: &Layout, class: &Class, key: &W) -> LaneOrder {
        let count = class.units.len();
        let mut order: LaneOrder = std::array::from_fn(|unit| unit as u8);
        let mut signatures: Signatures = [(0, 0); CLIENTS_MAX];
        for (signature, unit) in signatures.iter_mut().zip(&class.units) {
            signature.0 =
                unit.fields.first().map_or(0, |&field| key.get(layout.fields[field].span));
        }
        order[..count].sort_unstable_by_key(|&unit| (signatures[usize::from(unit)], unit));
        for finer in [Symmetry::own_signatures::<W>, Symmetry::mutual_signatures::<W>] {
            if !has_ties(&order[..count], &signatures) {
                return order;
            }
            // Only those that are alike need more to be told apart.
            let alike = alike(&order[..count], &signatures);
            finer(self, layout, (class, alike), key, &mut signatures);
            order[..count].sort_unstable_by_key(|&unit| (signatures[usize::from(unit)], unit));
        }
        // Units that the key cannot tell apart may stand in any order.
        let unclear = (0..count - 1).any(|at| {
            let mut swapped: LaneOrder = std::array::from_fn(|unit| unit as u8);
            swapped.swap(usize::from(order[at]), usize::from(order[at + 1]));
            has_ties(&order[at..at + 2], &signatures)
                && self.reordered(layout, class, key, &swapped) != *key
        });
        match unclear {
            false => order,
            true => {
                let mut tried = 0;
                let mut best = (self.reordered(layout, class, key, &order), order);
                let of = (class, key, &signatures);
                self.try_ties(layout, of, &mut order, 0, &mut tried, &mut best);
                best.1
            }
        }
    }

    /// Tries the orders of units with equal signatures, and keeps the one with the least key.
    fn try_ties<W: Word>(
        &self,
        layout: &Layout,
        of: (&Class, &W, &Signatures),
        order: &mut LaneOrder,
        at: usize,
        tried: &mut usize,
        best: &mut (W, LaneOrder),
    ) {
        let (class, key, signatures) = of;
        if *tried >= TRIED_MAX {
            return;
        }
        if at + 1 >= class.units.len() {
            *tried += 1;
            let reordered = self.reordered(layout, class, key, order);
            if reordered < best.0 {
                *best = (reordered, *order);
            }
            return;
        }
        for other in at..class.units.len() {
            let signature = |at: usize| signatures[usize::from(order[at])];
            if signature(other) == signature(at) {
                order.swap(at, other);
                self.try_ties(layout, of, order, at + 1, tried, best);
                order.swap(at, other);
            }
        }
    }

    /// What each unit is, and what the places of all say of it.
    fn own_signatures<W: Word>(
        &self,
        layout: &Layout,
        (class, alike): (&Class, u64),
        key: &W,
        signatures: &mut Signatures,
    ) {
        let units = signatures.iter_mut().zip(&class.units).enumerate();
        for (_, (signature, unit)) in units.filter(|(unit, _)| alike & 1 << unit != 0) {
            for (index, &field) in unit.fields.iter().enumerate() {
                let field = &layout.fields[field];
                let seen = class.seen_by(unit, field, key.get(field.span));
                signature.1 = mix(signature.1, index, seen);
            }
            for (index, &field) in self.fixed.iter().enumerate() {
                let field = &layout.fields[field];
                let seen = unit.seen_in(field, key.get(field.span));
                signature.1 = mix(signature.1, index, seen);
            }
        }
    }

    /// And how it and the others know of each other.
    fn mutual_signatures<W: Word>(
        &self,
        layout: &Layout,
        (class, alike): (&Class, u64),
        key: &W,
        signatures: &mut Signatures,
    ) {
        let own = *signatures;
        let seen = |unit: &Unit, field: FieldId| {
            let field = &layout.fields[field];
            unit.seen_in(field, key.get(field.span))
        };
        let units = class.units.iter().zip(signatures).enumerate();
        for (_, (unit, signature)) in units.filter(|(unit, _)| alike & 1 << unit != 0) {
            for (other, known) in class.units.iter().zip(own) {
                for (index, (&field, &theirs)) in unit.fields.iter().zip(&other.fields).enumerate()
                {
                    let (about, by) = (seen(other, field), seen(unit, theirs));
                    // A sum, so that the order of the others does not matter.
                    if about | by != 0 {
                        let known = mix(known.0, index, known.1);
                        let both = mix(mix(known, index, about), index, by);
                        signature.1 = signature.1.wrapping_add(both);
                    }
                }
            }
        }
    }

    /// The key with the units in another order.
    fn reordered<W: Word>(&self, layout: &Layout, class: &Class, key: &W, order: &LaneOrder) -> W {
        let mut reordered = *key;
        for (to, from) in class.units.iter().zip(order) {
            let from = &class.units[usize::from(*from)];
            for (&to, &from) in to.fields.iter().zip(&from.fields) {
                let (to, from) = (&layout.fields[to], &layout.fields[from]);
                let value = key.get(from.span);
                reordered.set(to.span, class.renamed(order, from, to, value));
            }
        }
        for &field in &self.fixed {
            let field = &layout.fields[field];
            let value = key.get(field.span);
            reordered.set(field.span, class.renamed(order, field, field, value));
        }
        // Other classes' units stay, but may know of this one's.
        for unit in self
            .classes
            .iter()
            .filter(|other| !std::ptr::eq(*other, class))
            .flat_map(|other| &other.units)
        {
            for &field in &unit.fields {
                let field = &layout.fields[field];
                let value = key.get(field.span);
                reordered.set(field.span, class.renamed(order, field, field, value));
            }
        }
        reordered
    }
}

impl Class {
    /// What moves with each lane; `None` if the fields of the lanes do not correspond.
    fn new(program: &Program, layout: &Layout, lanes: &[LaneId]) -> Option<Class> {
        let units: Vec<Unit> = lanes.iter().map(|&lane| Unit::new(program, layout, lane)).collect();
        let grouped = units.iter().fold(0, |all, unit| all | unit.mask());
        let class = Class { units, grouped };
        let first = &class.units[0];
        for (index, unit) in class.units.iter().enumerate() {
            if unit.fields.len() != first.fields.len() || unit.lanes.len() != first.lanes.len() {
                return None;
            }
            let mut order: LaneOrder = std::array::from_fn(|unit| unit as u8);
            order.swap(0, index);
            for (&one, &other) in first.fields.iter().zip(&unit.fields) {
                if !class.correspond(&order, &layout.fields[one], &layout.fields[other]) {
                    return None;
                }
            }
        }
        Some(class)
    }

    /// Whether a field's values can all be told as another's when the units are in this order.
    fn correspond(&self, order: &LaneOrder, from: &Field, to: &Field) -> bool {
        let renamed = |list: &[usize], to: &[usize], name: &dyn Fn(usize) -> usize| {
            let mut list: Vec<usize> = list.iter().map(|&one| name(one)).collect();
            list.sort_unstable();
            list == to
        };
        from.span.bits == to.span.bits
            && match (&from.meaning, &to.meaning) {
                (FieldMeaning::Plain, FieldMeaning::Plain)
                | (FieldMeaning::Small, FieldMeaning::Small) => true,
                (FieldMeaning::Set { .. }, FieldMeaning::Set { low }) => {
                    let FieldMeaning::Set { low: from_low } = from.meaning else { return false };
                    self.renamed_set(order, from.span.ones() << from_low) == to.span.ones() << low
                }
                (FieldMeaning::Lane(list), FieldMeaning::Lane(other)) => {
                    renamed(list, other, &|lane| self.renamed_lane(order, lane))
                }
                (FieldMeaning::Turn(list), FieldMeaning::Turn(other)) => {
                    renamed(list, other, &|turn| self.renamed_turn(order, turn))
                }
                // Only a lane with a cell of its own, or one cell for all, keeps its place.
                (FieldMeaning::Cell(list), FieldMeaning::Cell(other)) => {
                    list.len() == other.len() && list.len() < 2
                }
                _ => false,
            }
    }

    /// The value of a field, told in the names that hold once the units are in this order.
    fn renamed(&self, order: &LaneOrder, from: &Field, to: &Field, value: u64) -> u64 {
        let listed = |list: &[usize], to: &[usize], name: &dyn Fn(usize) -> usize| {
            let Some(at) = (value as usize).checked_sub(1) else { return 0 };
            let named = list.get(at).map(|&one| name(one));
            let position = named.and_then(|named| to.binary_search(&named).ok());
            position.map_or(0, |position| position as u64 + 1)
        };
        match (&from.meaning, &to.meaning) {
            (FieldMeaning::Set { low }, FieldMeaning::Set { low: to_low }) => {
                self.renamed_set(order, value << low) >> to_low
            }
            (FieldMeaning::Lane(list), FieldMeaning::Lane(to)) => {
                listed(list, to, &|lane| self.renamed_lane(order, lane))
            }
            (FieldMeaning::Turn(list), FieldMeaning::Turn(to)) => {
                listed(list, to, &|turn| self.renamed_turn(order, turn))
            }
            (FieldMeaning::Small, FieldMeaning::Small) => self.renamed_small(order, value),
            _ => value,
        }
    }

    fn renamed_set(&self, order: &LaneOrder, bits: u64) -> u64 {
        if bits & self.grouped == 0 {
            return bits;
        }
        let mut renamed = bits & !self.grouped;
        for (to, &from) in self.units.iter().zip(order) {
            let from = &self.units[usize::from(from)];
            renamed |= (bits & from.mask()) >> from.bits.0 << to.bits.0;
        }
        renamed
    }

    fn renamed_lane(&self, order: &LaneOrder, lane: LaneId) -> LaneId {
        let moved = self.units.iter().zip(order).find_map(|(to, &from)| {
            let at = self.units[usize::from(from)].lanes.iter().position(|&own| own == lane)?;
            Some(to.lanes[at])
        });
        moved.unwrap_or(lane)
    }

    fn renamed_turn(&self, order: &LaneOrder, turn: usize) -> usize {
        let moved = self.units.iter().zip(order).find_map(|(to, &from)| {
            let from = &self.units[usize::from(from)];
            let number =
                turn.checked_sub(from.turns_start).filter(|&number| number < from.turns)?;
            Some(to.turns_start + number)
        });
        moved.unwrap_or(turn)
    }

    fn renamed_small(&self, order: &LaneOrder, value: u64) -> u64 {
        let moved = self.units.iter().zip(order).find_map(|(to, &from)| {
            let from = self.units[usize::from(from)].session?;
            (value == from as u64 + 1).then_some(to.session? as u64 + 1)
        });
        moved.unwrap_or(value)
    }

    fn note_places(&self, order: &LaneOrder, places: &mut Places) {
        // Earlier classes have moved other lanes only.
        for (to, &from) in self.units.iter().zip(order) {
            let from = &self.units[usize::from(from)];
            for (&to, &from) in to.lanes.iter().zip(&from.lanes) {
                places.0[from] = to as u8;
            }
        }
    }

    /// What a unit's field says, without telling the others of the class apart.
    fn seen_by(&self, unit: &Unit, field: &Field, value: u64) -> u64 {
        match &field.meaning {
            FieldMeaning::Plain => value,
            FieldMeaning::Set { low } => {
                let others = ((value << low) & self.grouped & !unit.mask()).count_ones();
                let fixed = (value << low) & !self.grouped;
                mix(mix(fixed, 1, u64::from(others)), 2, unit.seen_in(field, value))
            }
            FieldMeaning::Lane(_)
            | FieldMeaning::Turn(_)
            | FieldMeaning::Cell(_)
            | FieldMeaning::Small => mix(u64::from(value > 0), 3, unit.seen_in(field, value)),
        }
    }
}

impl Unit {
    fn new(program: &Program, layout: &Layout, lane: LaneId) -> Unit {
        let session = program.cast.lanes[lane].session;
        let alone = program.cast.lanes.iter().filter(|other| other.session == session).count() == 1;
        let session = alone.then_some(session);
        let daemons = (program.clients()..program.lanes.len())
            .filter(|&daemon| session.is_some() && program.session_of_daemon(daemon) == session);
        let lanes: Vec<LaneId> = [lane].into_iter().chain(daemons).collect();
        let turns = program.cast.lanes[lane].turns.clone();
        let user = program.cast.user_of(turns.start);
        let bits = match program.detail {
            Detail::Questions => (turns.start as u32, turns.len() as u32),
            Detail::Users if has_one_lane(program, user) => (user as u32, 1),
            Detail::Users | Detail::Nothing => (0, 0),
        };
        let owned = |owner: FieldOwner| match owner {
            FieldOwner::Lane(other) => lanes.contains(&other),
            FieldOwner::Cell(cell) => owns(program, session, Instance::Cell, cell),
            FieldOwner::Lock(lock) => owns(program, session, Instance::Lock, lock),
            FieldOwner::Mailbox(mailbox) => owns(program, session, Instance::Mailbox, mailbox),
            FieldOwner::Pipe(pipe) => owns(program, session, Instance::Pipe, pipe),
            FieldOwner::Server => false,
        };
        let fields = (0..layout.fields.len()).filter(|&field| owned(layout.fields[field].owner));
        let fields = fields.collect();
        Unit { lane, session, turns_start: turns.start, turns: turns.len(), bits, fields, lanes }
    }

    fn mask(&self) -> u64 {
        match self.bits {
            (_, 0) => 0,
            (low, bits) => u64::MAX >> (u64::BITS - bits) << low,
        }
    }

    /// What a field says about this unit.
    fn seen_in(&self, field: &Field, value: u64) -> u64 {
        let listed = |list: &[usize]| {
            let at = (value as usize).checked_sub(1)?;
            list.get(at).copied()
        };
        match &field.meaning {
            FieldMeaning::Set { low } => (value << low & self.mask()) >> self.bits.0,
            FieldMeaning::Lane(list) => listed(list)
                .and_then(|lane| self.lanes.iter().position(|&own| own == lane))
                .map_or(0, |at| at as u64 + 1),
            FieldMeaning::Turn(list) => listed(list)
                .and_then(|turn| turn.checked_sub(self.turns_start))
                .filter(|&number| number < self.turns)
                .map_or(0, |number| number as u64 + 1),
            FieldMeaning::Small => {
                u64::from(self.session.is_some_and(|session| value == session as u64 + 1))
            }
            FieldMeaning::Plain | FieldMeaning::Cell(_) => 0,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Instance {
    Cell,
    Lock,
    Mailbox,
    Pipe,
}

/// Whether an instance of a place is this session's.
fn owns(program: &Program, session: Option<SessionId>, kind: Instance, instance: usize) -> bool {
    let Some(session) = session else { return false };
    let own = Id::Session(session as u8);
    let is_kind = |declared: PlaceKind| match declared {
        PlaceKind::Cell(_) => kind == Instance::Cell,
        PlaceKind::Lock => kind == Instance::Lock,
        PlaceKind::Mailbox => kind == Instance::Mailbox,
        PlaceKind::Pipe => kind == Instance::Pipe,
    };
    let places = program.code.places.iter().enumerate().filter(|(_, place)| is_kind(place.kind));
    places.into_iter().any(|(place, _)| {
        program.instances(place).contains(&instance)
            && program.key_values(place, instance).into_iter().any(|value| match value {
                KeyValue::Session(of) => of == session,
                KeyValue::Id(of) => of == own,
                // A worker of the session has a thread of its own.
                KeyValue::Worker(thread) => {
                    let daemon = program.daemon_of_thread(thread);
                    let daemon = daemon.filter(|&lane| !program.is_on_loop(lane));
                    daemon.and_then(|lane| program.session_of_daemon(lane)) == Some(session)
                }
                KeyValue::Question(_)
                | KeyValue::Address(_)
                | KeyValue::Replica(_)
                | KeyValue::Nobody => false,
            })
    })
}

fn has_one_lane(program: &Program, user: UserId) -> bool {
    let users = program.cast.lanes.iter().map(|lane| program.cast.sessions[lane.session].user);
    users.filter(|&other| other == user).count() == 1
}

/// Whether exchanging two client lanes maps the program to itself.
///
/// All clients run the same lines, so what is left to compare is what a step can see of a lane:
/// how many turns it has, its session and its user, and the texts of its questions where a place
/// is keyed by them.
fn interchangeable(program: &Program, one: LaneId, other: LaneId) -> bool {
    let lanes = &program.cast.lanes;
    let (left, right) = (&lanes[one], &lanes[other]);
    let users = (program.cast.user_of(left.turns.start), program.cast.user_of(right.turns.start));
    let alone = |session| lanes.iter().filter(|lane| lane.session == session).count() == 1;
    let same_session = left.session == right.session;
    let same_texts = || {
        let mut turns = left.turns.clone().zip(right.turns.clone());
        turns.all(|(one, other)| program.cast.turns[one].text == program.cast.turns[other].text)
    };
    left.turns.len() == right.turns.len()
        && (same_session || alone(left.session) && alone(right.session))
        && (users.0 == users.1 || has_one_lane(program, users.0) && has_one_lane(program, users.1))
        // Locks or cells that differ by question would have to change places too; instead two
        // lanes must ask the same, turn by turn.
        && (!by_question(program) || same_texts())
        && (!program.code.is_keyed_by(Key::Address) || left.address == right.address)
        && program.replica_of(left.session) == program.replica_of(right.session)
        && !program.can_be_cancelled(one)
        && !program.can_be_cancelled(other)
        && treats_sessions_alike(program)
}

/// Whether no rule of a step prefers a session.
fn treats_sessions_alike(program: &Program) -> bool {
    let daemons = program.lanes.len() > program.clients();
    let keys = |place: usize| &program.code.places[place].keys;
    // Where requests run one after the other, daemons work in lane order.
    let in_lane_order = daemons && program.setting.grain.is_serial();
    // A daemon for all that waits at a keyed mailbox waits at the first session's.
    let prefers = program.code.daemons.iter().any(|daemon| {
        let ops = daemon.routine.lines.iter().flat_map(|line| &line.ops);
        ops.into_iter().any(|op| match op {
            Op::Receive(place) | Op::Gather(place) => {
                let own = daemon.per_session && keys(*place) == &[Key::Session];
                !keys(*place).is_empty() && !own
            }
            _ => false,
        })
    });
    // An instance of two sessions at once would belong to two lanes.
    let twice = program.code.places.iter().any(|place| {
        place.keys.iter().filter(|key| matches!(key, Key::Session | Key::Id)).count() > 1
    });
    // A fresh id tells whose it is.
    let mints = program.code.ops().any(|op| matches!(op, Op::Mint(_)));
    !in_lane_order && !prefers && !twice && !mints
}

/// The units that have the same signature as another, one bit each.
fn alike(order: &[u8], signatures: &Signatures) -> u64 {
    let tied = order.windows(2).filter(|pair| has_ties(pair, signatures));
    tied.fold(0, |alike, pair| alike | 1 << pair[0] | 1 << pair[1])
}

fn has_ties(order: &[u8], signatures: &Signatures) -> bool {
    let signature = |unit: u8| signatures[usize::from(unit)];
    order.windows(2).any(|pair| signature(pair[0]) == signature(pair[1]))
}

fn is_identity(order: &LaneOrder, count: usize) -> bool {
    order[..count].iter().enumerate().all(|(at, &unit)| at == usize::from(unit))
}

/// Stirs numbers into one; the same on every machine.
fn mix(left: u64, index: usize, right: u64) -> u64 {
    let stirred = (left ^ right.wrapping_add(index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_mul(0xD6E8_FEB8_6659_FD93);
    stirred ^ stirred >> 32
}
