//! One order, run plainly and written down: the other meaning of a step.
//!
//! The engine's [`crate::model::step`] is fast and keeps only what a judgement needs. The machine
//! here keeps everything, with the texts, and was written apart from it. Every order that is
//! printed went through it, so a mistake in either shows as a difference between the two.

pub mod assistant;
pub mod driver;
pub mod machine;
pub mod record;
