//! Files that the user asks for: written whole, or not at all.

use super::Failure;
use crate::model::program::Program;
use crate::problem::Problem;
use crate::replay::record::Record;
use crate::report;
use std::fs;
use std::path::Path;

/// How the name of a log may end.
pub const LOG_ENDINGS: [&str; 3] = ["ndjson", "jsonl", "log"];

/// Writes an order as a log.
pub fn log(path: &Path, program: &Program, record: &Record) -> Result<(), Failure> {
    check(path, &LOG_ENDINGS)?;
    Ok(replace(path, &report::log::render(program, record)?)?)
}

/// Refuses a file that cannot be written, or that does not end as files of this kind do, so that a
/// slip of the finger replaces nothing else. To be asked before long work begins.
pub fn check(path: &Path, endings: &[&str]) -> Result<(), Problem> {
    let shown = path.display();
    let ending = path.extension().and_then(|ending| ending.to_str());
    let known = |ending: &str| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    if !ending.is_some_and(known) {
        let endings = endings.join(" or .");
        return Err(Problem::new(format!("the name {shown} does not end in .{endings}"))
            .help("so that no other file is replaced by mistake; nothing was written"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Problem::new(format!("there is no folder {}", folder.display()))
            .help("make it first; nothing was written"));
    }
    match path.is_dir() {
        true => Err(Problem::new(format!("{shown} is a folder")).help("give the name of a file")),
        false => Ok(()),
    }
}

/// Writes a file, in place of the one that may be there.
pub fn replace(path: &Path, text: &[u8]) -> Result<(), Problem> {
    let shown = path.display();
    // A reader never sees half of it: it is written beside and then moved there.
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = Path::new(&beside);
    let written = fs::write(beside, text).and_then(|()| fs::rename(beside, path));
    written.map_err(|error| {
        // What was written beside helps nobody.
        let _ = fs::remove_file(beside);
        Problem::new(format!("cannot write {shown}: {error}"))
    })
}
