//! Files that the user names: read whole, within bounds, as text.

use crate::platform::Patient;
use crate::problem::Problem;
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
    let named = format!("give the path of a {what} file, or a name that `interleak list` shows");
    read_within(path, what, BYTES_MAX, &named)
}

/// Reads a report, without a mark of the byte order.
pub fn read_report(path: &Path) -> Result<String, Problem> {
    let text = read_within(path, "report", REPORT_BYTES_MAX, "give the path of a saved report")?;
    // Each has a sign before it.
    let values = text.bytes().filter(|byte| b"{[,".contains(byte)).count();
    if values > REPORT_VALUES_MAX {
        let shown = path.display();
        return Err(Problem::new(format!(
            "{shown} has more than {REPORT_VALUES_MAX} values, too many for a report"
        ))
        .help("is it the right file? A report of fewer strategies has fewer"));
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
        let shown = path.display();
        // A folder can be opened, and then not be read.
        if path.is_dir() {
            return Err(Problem::new(format!("{shown} is a folder, not a log"))
                .help("give the path of one file in it"));
        }
        let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Problem::new(format!("there is no file {shown}"))
                .help("give the path of a log, or - for standard input"),
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

fn read_within(path: &Path, what: &str, bytes_max: u64, missing: &str) -> Result<String, Problem> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Problem::new(format!("there is no file {shown}")).help(missing),
        _ => cannot_read(path, &error),
    })?;
    if metadata.is_dir() {
        return Err(Problem::new(format!("{shown} is a folder, not a {what} file"))
            .help("give the path of one file in it"));
    }
    if !metadata.is_file() {
        return Err(Problem::new(format!("{shown} is not an ordinary file"))
            .help(format!("save the {what} in a file and give its path")));
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
        Problem::new(format!("{shown} is not UTF-8 text: line {line}, byte {at} of the file"))
            .help("save it as UTF-8 in your editor")
    })
}

fn too_large(path: &Path, what: &str, (bytes, bytes_max): (u64, u64)) -> Problem {
    let shown = path.display();
    Problem::new(format!("{shown} has {bytes} bytes; a {what} file has at most {bytes_max}"))
        .help("is it the right file?")
}

/// A file that is there and cannot be read.
pub fn cannot_read(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("cannot read {}: {error}", path.display()))
}
