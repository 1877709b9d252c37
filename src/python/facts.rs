//! What is told of a difference, as facts: the words for them are in the catalogue.

use crate::anomalies::facts::Wait;
use crate::phrase;
use crate::words::Phrase;
use schemars::JsonSchema;
use serde::Serialize;

/// A difference, told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Told {
    /// The line of the listing that is wrong, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: Mistake,
    /// What the marks say.
    pub marks: Doing,
    /// What Python does.
    pub does: Doing,
    /// When that is seen.
    pub when: When,
    /// How it came about.
    pub why: Option<Why>,
}

/// Where a lane is in the listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Spot {
    /// At a line with a mark.
    Marked {
        /// The line.
        line: usize,
        /// What is marked.
        mark: String,
    },
    /// At the end of the block of a `with`.
    BlockEnds {
        /// The line of the `with`.
        line: usize,
    },
    /// At a line with a mark, where the client cancels.
    Cancelled {
        /// The line.
        line: usize,
    },
}

/// What is wrong with a line, or with what the marks say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Mistake {
    /// A place holds something else than its declaration says, before the first step.
    BeginsOtherwise {
        /// The place.
        place: String,
    },
    /// A lock is held where it should be free, or the other way round.
    LockOtherwise {
        /// The line.
        at: Spot,
        /// The lock.
        place: String,
        /// What it is in Python.
        found: Holding,
    },
    /// A place holds something else after this line.
    PlaceOtherwise {
        /// The line.
        at: Spot,
        /// The place.
        place: String,
    },
    /// A line without a mark changes a place.
    PlaceUnmarked {
        /// The line.
        line: usize,
        /// The place.
        place: String,
    },
    /// A load makes no copy.
    NoCopy {
        /// The line.
        at: Spot,
        /// The variable that is the place itself.
        variable: String,
        /// The place.
        place: String,
    },
    /// A worker does not hand an answer back.
    NotHandedBack {
        /// The line.
        at: Spot,
    },
    /// The lane's history is another one after this line.
    HistoryOtherwise {
        /// The line.
        at: Spot,
        /// The variable that should hold it.
        variable: String,
    },
    /// What should be read or drawn is not in the variable.
    NotRead {
        /// The line.
        at: Spot,
    },
    /// The assistant is asked, and should not be.
    Asks {
        /// The line.
        at: Spot,
    },
    /// The assistant is not asked, and should be.
    AsksNot {
        /// The line.
        at: Spot,
    },
    /// The assistant is given other messages.
    AsksOtherwise {
        /// The line.
        at: Spot,
    },
    /// The assistant is asked several times.
    AsksOften {
        /// The line.
        at: Spot,
        /// How many times.
        calls: usize,
    },
    /// The turn ends, and should not.
    TurnEnds {
        /// The line.
        at: Spot,
    },
    /// The turn ends at a line without a mark.
    TurnEndsUnmarked {
        /// The line.
        line: usize,
    },
    /// The turn does not end, and should.
    TurnGoesOn {
        /// The line.
        at: Spot,
    },
    /// The text of the reply was made anew, so nobody can tell whose words it has.
    RepliesAnew {
        /// The line.
        at: Spot,
    },
    /// The reply is another one.
    RepliesOtherwise {
        /// The line.
        at: Spot,
    },
    /// Another line is next.
    GoesElsewhere {
        /// The line.
        at: Spot,
    },
    /// The lane does not come to its next line.
    Stops {
        /// The line.
        at: Spot,
        /// How that is.
        how: How,
    },
    /// The lane does not get past a line without a mark.
    StopsUnmarked {
        /// The line.
        line: usize,
        /// How that is.
        how: How,
        /// The line that can run, as the marks say.
        own: usize,
    },
    /// The lane goes on where it should wait.
    WaitsNot {
        /// The line.
        at: Spot,
    },
    /// Who waits stops the whole server, where the others should go on.
    StandsStill {
        /// The line.
        at: Spot,
    },
    /// Who waits lets the others go on, where the whole server should stop.
    GivesWay {
        /// The line.
        at: Spot,
    },
}

/// How a lane does not come to its next line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It raises an exception.
    Raises,
    /// It waits for something, or never ends.
    Blocks,
    /// It was not at the line that it should run.
    Elsewhere,
}

/// What a place or a variable holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Holding {
    /// A lock that nobody has.
    Free,
    /// A lock that somebody has.
    Held,
    /// Nothing.
    Empty,
    /// Messages and small values.
    Messages {
        /// As diagrams label them: `alice#1+a bob#1`.
        labels: String,
    },
}

/// What happens in a step, as the marks say it or as Python does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Doing {
    /// A place holds this.
    PlaceHolds {
        /// The place.
        place: String,
        /// What it holds.
        what: Holding,
    },
    /// Nothing can be seen in a place any more.
    PlaceElsewhere {
        /// The place.
        place: String,
    },
    /// Nothing of a place changes.
    PlaceUntouched {
        /// The place.
        place: String,
    },
    /// The lane's own history is this.
    HistoryHolds {
        /// What it holds.
        what: Holding,
    },
    /// A variable holds this.
    VariableHolds {
        /// The variable.
        variable: String,
        /// What it holds.
        what: Holding,
    },
    /// This is read.
    Reads {
        /// What is read.
        what: Holding,
    },
    /// Something else is in the variable.
    ReadsOtherwise,
    /// The assistant is given this.
    IsAsked {
        /// The messages.
        what: Holding,
    },
    /// The assistant is not asked.
    IsNotAsked,
    /// This is replied.
    Replies {
        /// Its words.
        text: String,
        /// What it was made from.
        from: Holding,
    },
    /// Nothing is replied.
    RepliesNot,
    /// This line is next.
    IsNext {
        /// The line.
        line: usize,
    },
    /// The turn is over.
    IsOver,
    /// The line runs, and then the next marked one is reached.
    Arrives,
    /// Another marked line is reached, or none.
    ArrivesElsewhere,
    /// An exception ends it.
    Raised {
        /// What it says, its name included.
        what: String,
    },
    /// The lane waits.
    LaneWaits,
    /// The lane waits, and for what.
    LaneWaitsFor {
        /// For what.
        what: Wait,
    },
    /// The lane goes on.
    LaneGoesOn {
        /// The lane.
        lane: String,
    },
    /// While a request waits, the others go on.
    OthersGoOn,
    /// While a request waits, nobody goes on.
    NobodyGoesOn,
}

/// When a difference is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum When {
    /// Before the first step.
    AtFirst,
    /// After a step.
    After {
        /// The step, from 1; 0 is before all.
        step: usize,
    },
    /// After a step that runs a line.
    AfterLine {
        /// The step, from 1.
        step: usize,
        /// The lane that runs it.
        lane: String,
        /// The line.
        line: usize,
    },
}

/// How what is wrong came to be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Why {
    /// By this.
    Shown {
        /// What is seen.
        by: Mistake,
    },
    /// By this, in a later step.
    ShownLater {
        /// What is seen.
        by: Mistake,
    },
    /// What should be read was written in a step of which nobody saw what it did.
    Written {
        /// Where.
        at: Spot,
    },
}

impl Spot {
    /// The line.
    pub fn line(&self) -> usize {
        match self {
            Spot::Marked { line, .. } | Spot::BlockEnds { line } | Spot::Cancelled { line } => {
                *line
            }
        }
    }
}

/// Facts that are said by themselves.
macro_rules! said {
    ($($fact:ty)*) => {
        $(impl From<&$fact> for Phrase {
            fn from(fact: &$fact) -> Phrase {
                Phrase::of("python", fact)
            }
        })*
    };
}

said!(Mistake When Why);

impl From<&Doing> for Phrase {
    fn from(doing: &Doing) -> Phrase {
        match doing {
            Doing::LaneWaitsFor { what } => phrase!("python-lane-waits-for", what = what.phrase()),
            doing => Phrase::of("python", doing),
        }
    }
}
