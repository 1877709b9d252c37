//! Files that the user names: read whole, within bounds, as text.

use crate::phrase;
use crate::platform::Patient;
use crate::problem::Problem;
use crate::words::Phrase;
use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// The largest scenario or listing that is read, in bytes. One needs a few thousand.
pub const BYTES_MAX: u64 = 1 << 20;
/// The largest report that is read, in bytes: one of all strategies with a thousand orders each has
/// some 8 MiB.
pub const REPORT_BYTES_MAX: u64 = 64 << 20;
/// The most values of a report. One takes up to some 350 bytes, however short it is written.
const REPORT_VALUES_MAX: usize = 1 << 21;

/// Reads a scenario or a listing. `what` says what it should be: "scenario", "strategy".
pub fn read(path: &Path, what: &str) -> Result<String, Problem> {
    read_within(path, what, BYTES_MAX, phrase!("input-give-path-or-name", what = what))
}

/// Reads a report, without a mark of the byte order.
pub fn read_report(path: &Path) -> Result<String, Problem> {
    let give_path = phrase!("input-give-path-of-report");
    let text = read_within(path, "report", REPORT_BYTES_MAX, give_path)?;
    // Each has a sign before it.
    let values = text.bytes().filter(|byte| b"{[,".contains(byte)).count();
    if values > REPORT_VALUES_MAX {
        let most = REPORT_VALUES_MAX.to_string();
        let what = phrase!("input-too-many-values", file = shown(path), most = most);
        return Err(Problem::new(what).help(phrase!("input-too-many-values-help")));
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// A log, which may be of any size, or a pipe. It is read as it comes.
pub struct Log {
    bytes: Bytes,
    /// How many bytes an ordinary file has. `None`: a pipe or a device, which can be read once.
    pub size: Option<u64>,
}

enum Bytes {
    /// They are there, and can be read again.
    File(File),
    /// They come one day.
    Coming(Patient),
}

impl Log {
    /// What comes through standard input.
    pub fn standard_input() -> io::Result<Log> {
        Log::coming(|| Ok(io::stdin()))
    }

    fn coming<R: Read>(open: impl FnOnce() -> io::Result<R> + Send + 'static) -> io::Result<Log> {
        Ok(Log { bytes: Bytes::Coming(Patient::open(open)?), size: None })
    }

    /// Opens a file, or whatever has a path.
    pub fn open(path: &Path) -> Result<Log, Problem> {
        // A folder can be opened, and then not be read.
        if path.is_dir() {
            return Err(Problem::new(phrase!("input-folder-no-log", file = shown(path)))
                .help(phrase!("input-folder-help")));
        }
        let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => no_file(path).help(phrase!("input-give-path-of-log")),
            _ => cannot_read(path, &error),
        })?;
        if !metadata.is_file() {
            let opened = path.to_owned();
            let log = Log::coming(|| File::open(opened));
            return log.map_err(|error| cannot_read(path, &error));
        }
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        Ok(Log { bytes: Bytes::File(file), size: Some(metadata.len()) })
    }

    /// The line of a file that begins at a byte, without its end; cut if it is longer than it may
    /// be. Nothing, if what was read cannot be read again.
    pub fn line_at(&mut self, offset: u64, bytes_max: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let Bytes::File(file) = &mut self.bytes else { return Ok(bytes) };
        file.seek(SeekFrom::Start(offset))?;
        io::BufReader::new(file).take(bytes_max as u64).read_until(b'\n', &mut bytes)?;
        bytes.truncate(bytes.trim_ascii_end().len());
        Ok(bytes)
    }
}

impl Read for Log {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::File(file) => file.read(buffer),
            Bytes::Coming(patient) => patient.read(buffer),
        }
    }
}

fn read_within(
    path: &Path,
    what: &str,
    bytes_max: u64,
    missing: Phrase,
) -> Result<String, Problem> {
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => no_file(path).help(missing),
        _ => cannot_read(path, &error),
    })?;
    if metadata.is_dir() {
        return Err(Problem::new(phrase!("input-folder", file = shown(path), what = what))
            .help(phrase!("input-folder-help")));
    }
    if !metadata.is_file() {
        return Err(Problem::new(phrase!("input-not-ordinary", file = shown(path)))
            .help(phrase!("input-not-ordinary-help", what = what)));
    }
    if metadata.len() > bytes_max {
        return Err(too_large(path, what, (metadata.len(), bytes_max)));
    }
    let mut bytes = Vec::new();
    // The file may grow between the two looks at it, so its size is no bound by itself.
    File::open(path)
        .and_then(|file| file.take(bytes_max + 1).read_to_end(&mut bytes))
        .map_err(|error| cannot_read(path, &error))?;
    if bytes.len() as u64 > bytes_max {
        return Err(too_large(path, what, (bytes.len() as u64, bytes_max)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..at];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        // Numbers to look up, not to count with.
        let (line, at) = (line.to_string(), at.to_string());
        let what = phrase!("input-not-utf-8", file = shown(path), line = line, byte = at);
        Problem::new(what).help(phrase!("input-not-utf-8-help"))
    })
}

fn too_large(path: &Path, what: &str, (bytes, bytes_max): (u64, u64)) -> Problem {
    let [bytes, most] = [bytes, bytes_max].map(|bytes| bytes.to_string());
    let told =
        phrase!("input-too-large", file = shown(path), bytes = bytes, what = what, most = most);
    Problem::new(told).help(phrase!("input-too-large-help"))
}

fn no_file(path: &Path) -> Problem {
    Problem::new(phrase!("input-no-file", file = shown(path)))
}

/// A file that is there and cannot be read.
pub fn cannot_read(path: &Path, error: &std::io::Error) -> Problem {
    let why = error.to_string();
    Problem::new(phrase!("input-cannot-read", file = shown(path), why = why))
}

/// A path as it is shown.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
