//! CPython: found once, started for one document, and stopped for certain.
//!
//! What runs is a stranger's file, so it runs in a group of processes of its own, in an empty folder
//! that is removed, with an environment in which nothing of the user is. Its limits it is given by
//! the runner. If this program itself is ended, however that happens, the other end of Python's
//! standard input is gone; a process that the runner starts sees that, kills the whole group and
//! removes the folder.

use super::limits::{ANSWER_BYTES_MAX, TICK};
use crate::platform::{Fed, Feed, is_interrupted};
use crate::problem::Problem;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program that CPython runs; it is described there.
const RUNNER: &str = include_str!("runner.py");
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
/// How long an interpreter may take to say which one it is.
const PROBE_PATIENCE: Duration = Duration::from_secs(10);
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
    pub fn find(time_max: Duration) -> Result<Python, Problem> {
        let patience = PROBE_PATIENCE.min(time_max);
        for name in NAMES {
            let mut command = Command::new(name);
            match output_of(command.args(["-I", "-S", "-c", WHICH]), patience) {
                Ok(Some(output)) => {
                    return Python::read(name, &output).map_err(|what| what.help(NEEDED));
                }
                Ok(None) => {
                    let patience = patience.as_secs();
                    let what = format!("`{name}` did not say in {patience} s which Python it is");
                    return Err(Problem::new(what).help(NEEDED));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Problem::new(format!("cannot start {name}: {error}"))),
            }
        }
        Err(Problem::new("there is no `python3` on this machine's PATH").help(NEEDED))
    }

    fn read(name: &str, output: &Output) -> Result<Python, Problem> {
        let answer = String::from_utf8_lossy(&output.stdout);
        let Some((program, version)) = answer.rsplit_once('\n') else {
            let last = last_words(&output.stderr);
            return Err(Problem::new(format!("`{name}` ended without an answer{last}")));
        };
        let mut parts = version.split('.').map_while(|part| part.parse().ok());
        let version_of = parts.next().zip(parts.next());
        if version_of.is_none() {
            return Err(Problem::new(format!("`{name}` does not answer as Python does")));
        }
        if version_of < Some(OLDEST) {
            let what = format!("`{name}` is Python {version}; 3.10 or newer is needed");
            return Err(Problem::new(what));
        }
        let program = if Path::new(program).is_file() { program } else { name };
        Ok(Python { program: program.to_owned(), version: version.to_owned() })
    }
}

/// What a program prints, and how it ends; `None` if it does not do so in time. A program of that
/// name may be anything, so it gets a few seconds and a few bytes, and a group of its own that is
/// ended with it.
fn output_of(command: &mut Command, patience: Duration) -> io::Result<Option<Output>> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let read = first_bytes(child.stdout.take())
        .and_then(|stdout| Ok((stdout, first_bytes(child.stderr.take())?)));
    let until = Instant::now() + patience;
    let printed = read
        .map(|(stdout, stderr)| Some((until_then(&stdout, until)?, until_then(&stderr, until)?)));
    // It has nothing more to say, or said too much.
    kill_group(&child);
    let _ = child.kill();
    let status = child.wait()?;
    Ok(printed?.map(|(stdout, stderr)| Output { status, stdout, stderr }))
}

/// What comes until then; it is not waited for after Ctrl-C.
fn until_then(feed: &Feed<Vec<u8>>, until: Instant) -> Option<Vec<u8>> {
    while Instant::now() < until && !is_interrupted() {
        match feed.next(TICK) {
            Fed::Piece(bytes) => return Some(bytes),
            Fed::Nothing => {}
            Fed::Ended => return Some(Vec::new()),
        }
    }
    None
}

fn first_bytes(source: Option<impl Read + Send + 'static>) -> io::Result<Feed<Vec<u8>>> {
    Feed::start(1, move |hand_over| {
        let mut bytes = Vec::new();
        if let Some(source) = source {
            // What was read until then is all that there is.
            let _ = source.take(WORDS_BYTES_MAX as u64).read_to_end(&mut bytes);
        }
        hand_over(bytes);
    })
}

const NEEDED: &str = "`interleak verify` runs the listing as real Python; install Python 3.10 or \
                      newer so that `python3` starts it. All other commands work without";

/// The last line of what a program said besides, behind a colon.
pub(super) fn last_words(words: &[u8]) -> String {
    let words = String::from_utf8_lossy(words);
    let last = words.lines().rev().find(|line| !line.trim().is_empty());
    last.map_or_else(String::new, |last| format!(": {last}"))
}

/// A running Python and whatever it starts. It ends when this does.
pub(super) struct Group {
    child: Child,
    /// How it ended.
    ended: Option<ExitStatus>,
    /// Where it runs. Removed first: whoever sees the input closed looks after what is left of it.
    _folder: TempDir,
    /// Its input, once it was told what to do. It stays open.
    told: Option<Feed<ChildStdin>>,
}

impl Group {
    pub(super) fn start(python: &Python) -> Result<Group, Problem> {
        let cannot =
            |error: io::Error| Problem::new(format!("cannot start {}: {error}", python.program));
        let folder = tempfile::Builder::new().prefix("interleak-").tempdir().map_err(|error| {
            let within = std::env::temp_dir();
            Problem::new(format!("cannot make a folder in {}: {error}", within.display()))
                .help("TMPDIR says where temporary folders are made")
        })?;
        let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let child = Command::new(&python.program)
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
        Ok(Group { child, ended: None, _folder: folder, told: None })
    }

    /// Gives it the document, without waiting for it to read. If Python ended early, its own words
    /// say more than the broken pipe.
    pub(super) fn tell(&mut self, document: &Value) -> io::Result<()> {
        let Some(mut input) = self.child.stdin.take() else { return Ok(()) };
        let line = format!("{document}\n");
        self.told = Some(Feed::start(1, move |hand_back| {
            let _ = input.write_all(line.as_bytes());
            hand_back(input);
        })?);
        Ok(())
    }

    /// The lines that it answers; of one that is too long, a byte too much.
    pub(super) fn answers(&mut self) -> io::Result<Feed<Vec<u8>>> {
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
    pub(super) fn words(&mut self) -> io::Result<Feed<Vec<u8>>> {
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

    /// Ends it, and says which signal ended Python, if one did.
    pub(super) fn end(&mut self) -> Option<i32> {
        if self.ended.is_none() {
            kill_group(&self.child);
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
        }
        self.ended.and_then(signal)
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
fn signal(ended: ExitStatus) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt;
    ended.signal()
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
