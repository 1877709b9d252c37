//! Files that the user asks for: written whole, or not at all. Nothing else writes files.
//!
//! A file is written beside its place, under a name of its own, and then moved there: no reader
//! sees half of it, a full disk leaves nothing, and a signal waits until it is through. What
//! cannot wait, SIGKILL or a loss of power, may leave the file beside; never half of one.

use super::Failure;
use crate::model::program::Program;
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::replay::record::Record;
use crate::report;
use crate::words::Phrase;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// How the name of a log may end.
pub const LOG_ENDINGS: [&str; 3] = ["ndjson", "jsonl", "log"];
/// Whoever follows more links than this one behind the other walks in a circle.
const LINKS_MAX: usize = 40;

/// Writes an order as a log.
pub fn log(path: &Path, program: &Program, record: &Record) -> Result<(), Failure> {
    Ok(replace(path, &report::log::render(program, record)?)?)
}

/// Refuses a file that cannot be written, that was read for this very run, or that does not end as
/// files of this kind do, so that a slip of the finger replaces nothing else. To be asked before
/// long work begins.
pub fn check(path: &Path, endings: &[&str], read: &[&Option<PathBuf>]) -> Result<(), Problem> {
    let shown = path.display().to_string();
    let ending = path.extension().and_then(|ending| ending.to_str());
    let known = |ending: &str| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    if !ending.is_some_and(known) {
        let endings = endings.iter().map(|ending| format!(".{ending}").into());
        let endings = Phrase::joined("list-or", endings);
        let what = phrase!("save-ending", file = shown, endings = endings);
        return Err(Problem::new(what).help(phrase!("save-ending-help")));
    }
    let target = Target::of(path)?.path.canonicalize().ok();
    let is_read = |file: &Path| target.is_some() && file.canonicalize().ok() == target;
    match read.iter().filter_map(|file| file.as_deref()).any(is_read) {
        true => {
            Err(Problem::new(phrase!("save-is-read", file = shown))
                .help(phrase!("save-is-read-help")))
        }
        false => Ok(()),
    }
}

/// Writes a file, in place of the one that may be there. A link stays, and leads to the new file.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let target = Target::of(path)?;
    let written = platform::whole(|| {
        let file = beside(&target.path, bytes, target.old.as_ref())?;
        file.persist(&target.path).map_err(|error| error.error)
    });
    written.map(drop).map_err(|error| cannot_write(path, &error))
}

/// Writes files that are not there yet: all of them or none.
pub fn create(files: &[(&Path, &str)]) -> Result<(), Problem> {
    // A link to nowhere is there, too.
    if let Some((path, _)) = files.iter().find(|(path, _)| fs::symlink_metadata(path).is_ok()) {
        let what = phrase!("save-is-there", file = path.display().to_string());
        return Err(Problem::new(what).help(phrase!("save-is-there-help")));
    }
    platform::whole(|| {
        let written = files.iter().map(|(path, text)| {
            let file = beside(path, text.as_bytes(), None);
            file.map_err(|error| cannot_write(path, &error))
        });
        let written: Vec<NamedTempFile> = written.collect::<Result<_, _>>()?;
        let mut moved: Vec<&Path> = Vec::new();
        for ((path, _), file) in files.iter().zip(written) {
            if let Err(error) = file.persist_noclobber(path) {
                // One without the other helps nobody.
                moved.iter().for_each(|path| drop(fs::remove_file(path)));
                return Err(cannot_write(path, &error.error));
            }
            moved.push(path);
        }
        Ok(())
    })
}

/// Where a path leads to.
struct Target {
    /// With all links followed, also one to a file that is not there yet.
    path: PathBuf,
    /// The file that is there.
    old: Option<Metadata>,
}

impl Target {
    fn of(path: &Path) -> Result<Target, Problem> {
        let shown = || path.display().to_string();
        let old = match fs::metadata(path) {
            Ok(old) if old.is_dir() => {
                let what = phrase!("save-is-folder", file = shown());
                return Err(Problem::new(what).help(phrase!("save-is-folder-help")));
            }
            Ok(old) if !old.is_file() => {
                let what = phrase!("save-no-file", file = shown());
                return Err(Problem::new(what).help(phrase!("save-no-file-help")));
            }
            Ok(old) => Some(old),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(cannot_write(path, &error)),
        };
        let target = followed(path)?;
        if !folder(&target).is_dir() {
            let folder = folder(&target).display().to_string();
            let what = phrase!("save-no-folder", folder = folder);
            return Err(Problem::new(what).help(phrase!("save-no-folder-help")));
        }
        if old.is_some() {
            // Whoever may not write into the file may not replace it either.
            let opened = OpenOptions::new().write(true).open(&target);
            opened.map_err(|error| cannot_write(path, &error))?;
        }
        Ok(Target { path: target, old })
    }
}

fn followed(path: &Path) -> Result<PathBuf, Problem> {
    let mut target = path.to_owned();
    for _ in 0..LINKS_MAX {
        match fs::symlink_metadata(&target) {
            Ok(found) if found.is_symlink() => {
                let link = fs::read_link(&target).map_err(|error| cannot_write(path, &error))?;
                target.set_file_name(link);
            }
            _ => return Ok(target),
        }
    }
    let what = phrase!("save-links-in-circle", file = path.display().to_string());
    Err(Problem::new(what).help(phrase!("save-nothing-written")))
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A whole file in the folder of its place. It vanishes if it is not moved there.
fn beside(path: &Path, bytes: &[u8], old: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if old.is_some() {
        use std::os::unix::fs::OpenOptionsExt;
        // Nobody else reads it before it has the permissions of the old one.
        options.mode(0o600);
    }
    let mut builder = Builder::new();
    builder.prefix(".interleak-").suffix(".part");
    let file = builder.make_in(folder(path), |path| options.open(path))?;
    file.as_file().write_all(bytes)?;
    if let Some(old) = old {
        like(file.as_file(), old)?;
    }
    // What the disk cannot hold is sometimes told only now.
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives a file the owner and the permissions of an old one.
fn like(file: &fs::File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        // Only root can give files away; whoever else may write the old one owns the new one.
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
        file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o777))
    }
    #[cfg(not(unix))]
    file.set_permissions(old.permissions())
}

fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    let (file, error_text) = (path.display().to_string(), error.to_string());
    let problem = Problem::new(phrase!("save-cannot", file = file, error = error_text));
    match error.kind() {
        ErrorKind::NotFound => problem.help(phrase!("save-no-folder-of-it-help")),
        _ => problem.help(phrase!("save-nothing-written")),
    }
}
