//! CPython: found once, started for one document, and stopped for certain.
//!
//! What runs is a stranger's file, so it runs in a group of processes of its own, in an empty folder
//! that is removed, with an environment in which nothing of the user is. Its limits it is given by
//! the runner. Time is kept here, by somebody who never waits for Python, nor for what Python
//! started: what is not there in time is given up, and the whole group is killed. If this program
//! itself is ended, however that happens, the other end of Python's standard input is gone; a process
//! that the runner starts sees that and does the same.

use super::Subject;
use super::answer::{Play, Said, read};
use super::limits::{ANSWER_BYTES_MAX, Limits, Stopped};
use crate::platform::{Fed, Feed, is_interrupted};
use crate::problem::Problem;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program that CPython runs; it is described there.
const RUNNER: &str = include_str!("../../tests/python/runner.py");
/// What CPython may be called, the likelier name first.
const NAMES: [&str; 2] = ["python3", "python"];
/// Says which file the interpreter is, and its version. A name may stand for a script that needs
/// the user's environment to find it.
const WHICH: &str = "import sys; sys.stdout.buffer.write(('%s\\n%d.%d.%d' % \
                     ((sys.executable,) + sys.version_info[:3])).encode())";
/// The oldest version that will do; the runner says why.
const OLDEST: (u32, u32) = (3, 10);
/// What of the environment an interpreter may need to start at all.
const KEPT: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"];
/// Where programs put their files: the working folder.
const FOLDERS: [&str; 5] = ["HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"];
/// How often is looked whether the time is up.
const TICK: Duration = Duration::from_millis(50);
/// How long is waited for what ends by itself.
const GRACE: Duration = Duration::from_secs(2);
/// How many lines are read before they are looked at.
const LINES_AHEAD: usize = 4;
/// So many bytes of what Python says besides are kept, the last ones.
const WORDS_BYTES_MAX: usize = 64 << 10;

/// The interpreter of this machine.
#[derive(Clone, Debug)]
pub struct Python {
    /// The program.
    program: String,
    /// Its version.
    pub version: String,
}

impl Python {
    /// Looks for it on the `PATH`.
    pub fn find() -> Result<Python, Problem> {
        for name in NAMES {
            match Command::new(name).args(["-I", "-S", "-c", WHICH]).stdin(Stdio::null()).output() {
                Ok(output) => return Python::read(name, &String::from_utf8_lossy(&output.stdout)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Problem::new(format!("cannot start {name}: {error}"))),
            }
        }
        Err(Problem::new("there is no `python3` on this machine's PATH").help(NEEDED))
    }

    fn read(name: &str, answer: &str) -> Result<Python, Problem> {
        let unusable = |what: &str| {
            Problem::new(format!("`{name}` is {what}; 3.10 or newer is needed")).help(NEEDED)
        };
        let (program, version) =
            answer.rsplit_once('\n').ok_or_else(|| unusable("no Python that starts"))?;
        let mut parts = version.split('.').map_while(|part| part.parse().ok());
        if parts.next().zip(parts.next()) < Some(OLDEST) {
            return Err(unusable(&format!("Python {version}")));
        }
        let program = if Path::new(program).is_file() { program } else { name };
        Ok(Python { program: program.to_owned(), version: version.to_owned() })
    }
}

const NEEDED: &str = "`interleak verify` runs the listing as real Python; install Python 3.10 or \
                      newer so that `python3` starts it. All other commands work without";

/// One document that is worked off.
pub(super) struct Run<'a> {
    pub(super) python: &'a Python,
    pub(super) subject: &'a Subject<'a>,
    pub(super) limits: &'a Limits,
    /// When the time is up.
    pub(super) until: Instant,
}

impl Run<'_> {
    /// Has a document worked off, and tells each order as it comes; `false` means that it is none
    /// that was asked for. Gives what stopped it, if it is not done. Everything that is wrong with
    /// the listing as Python is a problem.
    pub(super) fn run(
        &self,
        document: &Value,
        each: &mut dyn FnMut(Play) -> bool,
    ) -> Result<Option<Stopped>, Problem> {
        let mut group = Group::start(self.python)?;
        let lines = group.answers();
        let words = group.words();
        group.tell(document);
        loop {
            if is_interrupted() {
                return Ok(Some(Stopped::Interrupted));
            }
            if Instant::now() >= self.until {
                return Ok(Some(Stopped::Time(self.limits.time_max)));
            }
            let line = match lines.next(TICK) {
                Fed::Piece(line) => line,
                Fed::Nothing => continue,
                Fed::Ended => return self.ended(group, &words),
            };
            if line.len() as u64 > ANSWER_BYTES_MAX {
                return Ok(Some(Stopped::Answer));
            }
            let unreadable = || self.no_answer("answers what cannot be read");
            let said = serde_json::from_str(&String::from_utf8_lossy(&line));
            match said.ok().as_ref().and_then(read).ok_or_else(unreadable)? {
                Said::Play(play) => {
                    if !each(play) {
                        return Err(unreadable());
                    }
                }
                Said::Done => {
                    // What has to be cleared up is cleared up; there is no need to kill it.
                    lines.next(GRACE);
                    return Ok(None);
                }
                Said::Refused { what, line } => return Err(self.refusal(&what, line)),
                Said::Exceeded(stopped) => return Ok(Some(stopped)),
            }
        }
    }

    /// Nothing more comes, and it was not done.
    fn ended(&self, mut group: Group, words: &Feed<Vec<u8>>) -> Result<Option<Stopped>, Problem> {
        let status = group.end();
        if status.is_some_and(is_out_of_processor_time) {
            return Ok(Some(Stopped::Processor(self.limits.cpu_s())));
        }
        let words = match words.next(GRACE) {
            Fed::Piece(words) => words,
            Fed::Nothing | Fed::Ended => Vec::new(),
        };
        let words = String::from_utf8_lossy(&words);
        let last = words.lines().rev().find(|line| !line.trim().is_empty());
        let status = status.map_or_else(String::new, |status| format!(", {status}"));
        Err(self.no_answer(&match last {
            Some(last) => format!("ended without an answer{status}: {last}"),
            None => format!("ended without an answer{status}"),
        }))
    }

    fn no_answer(&self, what: &str) -> Problem {
        let name = self.subject.name;
        Problem::new(format!("Python {} runs {name} and {what}", self.python.version)).help(
            "does the listing end Python itself, or write where it has not opened anything? It \
             should do neither",
        )
    }

    fn refusal(&self, refused: &str, line: Option<usize>) -> Problem {
        let (version, name) = (&self.python.version, self.subject.name);
        let what = format!("Python {version} cannot run {name}: {refused}");
        match line {
            None => Problem::new(what).help("run it with Python once, and repair what is reported"),
            Some(line) => {
                let text = &self.subject.listing.text;
                let before = text.split_inclusive('\n').take(line.saturating_sub(1));
                let start: usize = before.map(str::len).sum();
                let length = text[start..].lines().next().unwrap_or_default().len();
                let code = &text[start..start + length];
                let start = start + code.len() - code.trim_start().len();
                Problem::new(what).at(self.subject.name, text, start..start + code.trim().len())
            }
        }
    }
}

/// A running Python and whatever it starts. It ends when this does.
struct Group {
    child: Child,
    /// How it ended.
    ended: Option<ExitStatus>,
    /// Where it runs. Removed first: whoever sees the input closed looks after what is left of it.
    _folder: TempDir,
    input: Option<ChildStdin>,
}

impl Group {
    fn start(python: &Python) -> Result<Group, Problem> {
        let cannot =
            |error: io::Error| Problem::new(format!("cannot start {}: {error}", python.program));
        let folder = tempfile::Builder::new().prefix("interleak-").tempdir().map_err(cannot)?;
        let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(&python.program)
            .args(["-I", "-B", "-X", "utf8", "-c", RUNNER])
            .env_clear()
            .envs(kept)
            .envs(FOLDERS.iter().map(|name| (name, folder.path())))
            // Each of its threads would set address space aside, and there is a limit on that.
            .env("MALLOC_ARENA_MAX", "2")
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(cannot)?;
        Ok(Group { input: child.stdin.take(), ended: None, _folder: folder, child })
    }

    /// Gives it the document. If Python ended early, its own words say more than the broken pipe.
    fn tell(&mut self, document: &Value) {
        if let Some(input) = &mut self.input {
            let _ = input.write_all(format!("{document}\n").as_bytes());
        }
    }

    /// The lines that it answers; of one that is too long, a byte too much.
    fn answers(&mut self) -> Feed<Vec<u8>> {
        let answer = self.child.stdout.take();
        Feed::start(LINES_AHEAD, move |hand_over| {
            let Some(mut answer) = answer.map(BufReader::new) else { return };
            loop {
                let mut line = Vec::new();
                let read = answer.by_ref().take(ANSWER_BYTES_MAX + 1).read_until(b'\n', &mut line);
                if !read.is_ok_and(|bytes| bytes > 0) || !hand_over(line) {
                    return;
                }
            }
        })
    }

    /// The end of what it says besides, which is read as fast as it comes.
    fn words(&mut self) -> Feed<Vec<u8>> {
        let words = self.child.stderr.take();
        Feed::start(1, move |hand_over| {
            let Some(mut words) = words else { return };
            let (mut kept, mut piece) = (Vec::new(), vec![0; WORDS_BYTES_MAX]);
            while let Ok(bytes @ 1..) = words.read(&mut piece) {
                kept.extend_from_slice(&piece[..bytes]);
                kept.drain(..kept.len().saturating_sub(WORDS_BYTES_MAX));
            }
            hand_over(kept);
        })
    }

    /// Ends it, and says how Python ended.
    fn end(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            kill_group(&self.child);
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
        }
        self.ended
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Nobody has taken note of the end of its first process yet, so the number of that process, and with
/// it the number of the group, belongs to nobody else.
#[cfg(unix)]
fn kill_group(first: &Child) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(id) = i32::try_from(first.id()) {
        // The runner may not have made the group yet; then there is only itself.
        let _ = killpg(nix::unistd::Pid::from_raw(id), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: &Child) {}

#[cfg(unix)]
fn is_out_of_processor_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(nix::sys::signal::Signal::SIGXCPU as i32)
}

#[cfg(not(unix))]
fn is_out_of_processor_time(_: ExitStatus) -> bool {
    false
}
