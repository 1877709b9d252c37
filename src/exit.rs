//! What the exit code says. Scripts and CI rely on it.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is as expected, or nothing is wrong where nothing is expected.
    AsExpected = 0,
    /// Something is wrong that nobody expected, or an expected anomaly is missing.
    Unexpected = 1,
    /// The input or the command line is wrong. Nothing was written to standard output.
    BadInput = 2,
    /// A limit was hit, so the answer is not complete.
    Inconclusive = 3,
}

impl Exit {
    /// The worse of two endings: an answer that is not complete outweighs a wrong one, because
    /// nothing that it says about "never" or "always" can be relied on.
    pub fn and(self, other: Exit) -> Exit {
        self.max(other)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}
