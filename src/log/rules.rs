//! What each event of a log means, and what is wrong about it.
//!
//! **context-leak**: a reply whose basis holds a message of another user. A message belongs to the
//! session whose request brought it in, see [`super::stores`], and whose that is, see
//! [`super::owners`]. The basis of a reply is what the line says, or else everything that the request
//! has read: [`super::replies`].
//!
//! What stood in a place that is shared on purpose is everybody's, and leaks nowhere.
//!
//! **lost-update**: see [`super::writes`].

use super::diagnosis::How;
use super::judge::{Here, Judge};
use super::line::Event;
use super::owners::Owners;
use super::request::Suspect;

impl Judge {
    /// A line of the format.
    pub(super) fn judge(&mut self, here: &Here) {
        self.found.events[here.entry.event as usize] += 1;
        self.found.clock.see(here.entry.when, here.spot.line);
        self.meet(here);
        self.found.public += u64::from(here.entry.shared);
        match here.entry.event {
            Event::Request => {
                self.note_request(here);
                self.claim(here, here.entry.message);
            }
            Event::Read => self.read(here),
            Event::Write => self.write(here),
            Event::Append => self.append(here),
            Event::Reply => self.reply(here),
        }
    }

    fn read(&mut self, here: &Here) {
        let told = here.messages().is_some();
        self.cell(here).look(here.entry.request, told);
        self.publish(here);
        let read = here.messages().map(|messages| match here.entry.shared {
            // It is for everybody, also what nobody remembers.
            true => Owners::default(),
            false => self.owners(here, messages, How::Read),
        });
        let (cell, line) = (here.entry.cell, here.spot.line);
        if self.request(here.entry).is_some_and(|request| request.look(cell, line)) {
            self.found.open.looks.meet(line, 0);
        }
        match read {
            Some(owners) => self.has_read(here, owners),
            None => self.has_read_blindly(here),
        }
    }

    fn has_read(&mut self, here: &Here, owners: Owners) {
        let Owners { doubts, others, own } = owners;
        let Some(request) = self.request(here.entry) else { return };
        request.reads += 1;
        request.doubts.unknown += doubts.unknown;
        request.doubts.forgotten += doubts.forgotten;
        request.doubts.unsure += doubts.unsure;
        request.own_read = request.own_read.or(own.map(|message| (message, here.spot)));
        request.others.has_more |= others.has_more;
        for suspect in others.of {
            let request = self.request(here.entry);
            if request.is_some_and(|request| request.others.admit(suspect.id, suspect.user)) {
                let suspect = self.found_in_cell(here, suspect);
                if let Some(request) = self.request(here.entry) {
                    request.others.of.push(suspect);
                }
            }
        }
    }

    fn has_read_blindly(&mut self, here: &Here) {
        if let Some((_, session)) = self.sessions.get_mut(here.entry.session) {
            session.has_read_blindly = true;
        }
        if let Some(request) = self.request(here.entry) {
            request.blind_reads += 1;
        }
    }

    /// Something of another user that was read: where it came into the cell, and what the line says.
    fn found_in_cell(&mut self, here: &Here, suspect: Suspect) -> Suspect {
        let wrote = self.cells.get(here.entry.cell).and_then(|cell| cell.added(suspect.id));
        let came = wrote.map_or(suspect.came, |wrote| wrote.spot);
        self.worded(here, Suspect { came, ..suspect })
    }
}
