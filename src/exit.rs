//! What the exit code says. Scripts and CI rely on it.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything is as expected, or nothing is wrong where nothing is expected.
    AsExpected = 0,
    /// Something is wrong that nobody expected, or an expected anomaly is missing.
    Unexpected = 1,
    /// The input or the command line is wrong. Nothing was written to standard output, except by a
    /// command that goes on with the rest: there it is a row among others.
    BadInput = 2,
    /// A limit was hit, so the answer is not complete.
    Inconclusive = 3,
}

impl Exit {
    /// The worse of two endings: an answer that is not complete outweighs a wrong one, because
    /// nothing that it says about "never" or "always" can be relied on. Bad input outweighs both:
    /// only a person can mend it, and no higher limit helps.
    pub fn and(self, other: Exit) -> Exit {
        let badness = |exit| match exit {
            Exit::AsExpected => 0,
            Exit::Unexpected => 1,
            Exit::Inconclusive => 2,
            Exit::BadInput => 3,
        };
        if badness(other) > badness(self) { other } else { self }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}
