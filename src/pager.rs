//! The pager that a long answer goes through on a terminal, as git does it: so that its beginning, the
//! verdict, has not scrolled away.

use crate::platform;
use crate::screen::{is_dumb, rows};
use std::io::Write;
use std::process::{Command, Stdio};

/// What no name of a program has: such a command is for the shell.
const SHELL: &str = "|&;<>()$`\\\"' \t\n*?[#~=%";
/// How a shell ends that cannot start a command.
const NOT_STARTED: [i32; 2] = [126, 127];

/// Shows an answer in the pager if it is longer than the terminal that it is for. `false` if it is
/// still to be printed: there is no need, or no pager.
pub fn show(answer: &[u8]) -> bool {
    let Some((columns, lines)) = terminal_size::terminal_size() else { return false };
    let rows = rows(&String::from_utf8_lossy(answer), columns.0.into());
    // The last line of the screen is the prompt's.
    if is_dumb() || rows < usize::from(lines.0) {
        return false;
    }
    let Some(mut command) = command() else { return false };
    if std::env::var_os("LESS").is_none() {
        // It ends by itself if all fits (F), shows colours (R), and leaves what it showed (X).
        command.env("LESS", "FRX");
    }
    platform::leave_interrupts();
    let Ok(mut pager) = command.stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut page) = pager.stdin.take() {
        // Whoever has seen enough ends the pager before it has read everything.
        let _ = page.write_all(answer);
    }
    let ended = pager.wait().ok().and_then(|ended| ended.code());
    !ended.is_some_and(|code| NOT_STARTED.contains(&code))
}

/// What `PAGER` says, or less.
fn command() -> Option<Command> {
    let pager = std::env::var_os("PAGER").unwrap_or_else(|| "less".into());
    if pager.is_empty() || pager == "cat" {
        return None;
    }
    if !pager.to_string_lossy().contains(|character| SHELL.contains(character)) {
        return Some(Command::new(pager));
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(pager);
    Some(command)
}
