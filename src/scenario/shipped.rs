//! The scenarios of `scenarios/`, embedded when the program is built.

/// A scenario file inside the program.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its topic: the folder that it is in.
    pub topic: &'static str,
    /// Its name: the file's, without `.json`.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));
