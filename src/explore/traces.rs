//! How many orders differ by more than swapping neighbouring independent steps.
//!
//! Orders that can be turned into each other by such swaps form a *Mazurkiewicz trace*. Sleep
//! sets walk exactly one order of each: at a state, a lane that was tried before, and whose step
//! is independent of the one that is taken, *sleeps* until a dependent step is taken. (Godefroid,
//! "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5.)
//!
//! No order is walked here. All orders that come to one state with one set of sleeping lanes go
//! on alike, so they are counted together, layer by layer, beside the walk itself:
//!
//! ```text
//! ways(t, {q ∈ Z or tried before p : q independent of p})  +=  ways(s, Z)     for p awake in s
//! traces  =  Σ ways(s, Z) over the states where a run is over
//! ```
//!
//! What follows from (s, Z) does not depend on how lanes are named, so it may be told in the names
//! of the state that stands for *s*.

/// So many ways lead to a state with these lanes asleep.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// The state, by position in its layer.
    pub state: u32,
    /// The lanes that sleep, one bit each.
    pub asleep: u64,
    /// How many ways.
    pub ways: u128,
}

/// The ways to the states of one layer, and the traces that are complete.
#[derive(Clone, Debug)]
pub struct Traces {
    layer: Vec<Ways>,
    complete: u128,
    /// Whether more than 2^128 were met.
    too_many: bool,
}

/// What a state's moves mean for counting traces.
pub struct Awake<'a> {
    /// For each move of the state, its lane.
    pub lanes: &'a [u8],
    /// For each move, the lanes whose moves here are independent of it, one bit each.
    pub independent: &'a [u64],
}

impl Traces {
    /// Before the first step: one way, nobody asleep.
    pub fn start() -> Traces {
        Traces { layer: vec![Ways { state: 0, asleep: 0, ways: 1 }], complete: 0, too_many: false }
    }

    /// The ways to the states of the layer from this one on.
    pub fn from(&self, state: usize) -> &[Ways] {
        &self.layer[self.layer.partition_point(|ways| (ways.state as usize) < state)..]
    }

    /// Counts the ways that end in a state.
    pub fn end(&mut self, ways: &[Ways]) {
        for ways in ways {
            self.add(ways.ways);
        }
    }

    fn add(&mut self, ways: u128) {
        match self.complete.checked_add(ways) {
            Some(complete) => self.complete = complete,
            None => self.too_many = true,
        }
    }

    /// Goes on to the next layer, with the ways to its states in any order.
    pub fn next(&mut self, mut ways: Vec<Ways>) {
        ways.sort_unstable_by_key(|ways| (ways.state, ways.asleep));
        let mut layer: Vec<Ways> = Vec::with_capacity(ways.len());
        for one in ways {
            match layer.last_mut() {
                Some(last) if (last.state, last.asleep) == (one.state, one.asleep) => {
                    match last.ways.checked_add(one.ways) {
                        Some(sum) => last.ways = sum,
                        None => self.too_many = true,
                    }
                }
                _ => layer.push(one),
            }
        }
        self.layer = layer;
    }

    /// How many bytes the ways of this layer take.
    pub fn bytes(&self) -> usize {
        self.layer.len() * size_of::<Ways>()
    }

    /// How many traces there are; `None` if more than 2^128.
    pub fn count(&self) -> Option<u128> {
        (!self.too_many).then_some(self.complete)
    }
}

impl Awake<'_> {
    /// For each move that is taken with these lanes asleep: which move, and who sleeps after it.
    pub fn each(&self, asleep: u64, mut taken: impl FnMut(usize, u64)) {
        let mut tried = asleep;
        for (index, &lane) in self.lanes.iter().enumerate() {
            if asleep & 1 << lane == 0 {
                taken(index, tried & self.independent[index]);
                tried |= 1 << lane;
            }
        }
    }
}
