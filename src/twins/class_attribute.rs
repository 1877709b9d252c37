//! `class-attribute`, as real Rust: an object for each session, and all of
//! them hold the list of their class.
//!
//! Rust makes one say it: each new object clones the `Arc` of the class. In
//! Python the same thing needs no word at all.

use super::places::{Cell, Name};
use super::stage::{Request, Stage};
use super::{Twin, turns};
use crate::platform::{Arc, Platform};
use crate::replay::record::Said;

/// An object of the class.
struct Chat<P: Platform> {
    history: Arc<Cell<P>>,
}

/// An object for each session.
pub struct ClassAttribute<P: Platform> {
    stage: Stage<P>,
    chats: Vec<Chat<P>>,
}

impl<P: Platform> ClassAttribute<P> {
    /// An app in which every session has its object.
    pub fn open(stage: Stage<P>) -> Self {
        let name = Name::shared("Chat.history");
        let class = Arc::new(Cell::new(&stage, name));
        let fresh = |_| Chat { history: Arc::clone(&class) };
        let chats = stage.cast.sessions.iter().map(fresh).collect();
        ClassAttribute { stage, chats }
    }
}

impl<P: Platform> Twin<P> for ClassAttribute<P> {
    fn respond(&self, request: &Request) -> Said {
        let mine = &self.chats[request.session];
        turns::in_place(&self.stage, request, &mine.history)
    }
}
