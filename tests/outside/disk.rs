//! Files are written whole or not at all: whatever stands in the way, whatever the disk holds,
//! whenever a signal comes.

use super::{inside, run, text};
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Every way to write one file, with its name.
const WRITERS: [(&str, &[&str]); 3] = [
    ("out.svg", &["sweep", "class", "-s", "global", "--lanes", "1..2", "--svg", "out.svg"]),
    ("out.ndjson", &["run", "class", "--log", "out.ndjson"]),
    ("out.log", &["replay", "class", "--log", "out.log"]),
];

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// Exit 2 with one sentence, and the folder as it was.
#[track_caller]
fn refused(folder: &Path, mut command: Command, expected: &str) {
    let before = names(folder);
    let output = command.output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: ") && said.contains(expected), "`{expected}`: {said}");
    assert!(!said.contains(".part"), "{said}");
    assert_eq!(names(folder), before, "{said}");
}

#[test]
fn new_writes_both_files_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    symlink("nowhere", at.join("lunch.py")).unwrap();
    refused(at, inside(at, &["new", "lunch"]), "lunch.py is there already");
    fs::create_dir(at.join("dinner.py")).unwrap();
    refused(at, inside(at, &["new", "dinner"]), "dinner.py is there already");
    refused(at, inside(at, &["new", "not/there"]), "make its folder first");
    // The first name fits, the second one would too; their folder is a file.
    fs::write(at.join("file"), "").unwrap();
    refused(at, inside(at, &["new", "file/lunch"]), "cannot write");
    // The first file is there already when the longer name of the second one turns out too long.
    refused(at, inside(at, &["new", &"x".repeat(252)]), "File name too long");
    // A name as long as a file system allows is written, though it leaves no room for a longer one.
    let longest = "x".repeat(250);
    assert_eq!(run(at, &["new", &longest]).status.code(), Some(0));
    assert!(at.join(longest + ".json").is_file());
}

/// What a run reads it does not write, by whatever name.
#[test]
fn no_file_replaces_the_one_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    run(at, &["new", "lunch"]);
    fs::rename(at.join("lunch.json"), at.join("lunch.log")).unwrap();
    fs::rename(at.join("lunch.py"), at.join("lunch.ndjson")).unwrap();
    symlink("lunch.log", at.join("other.log")).unwrap();
    symlink("lunch.log", at.join("picture.svg")).unwrap();
    let read = "is the file that this run reads";
    for command in ["run", "replay"] {
        for log in ["lunch.log", "./lunch.ndjson", "other.log"] {
            let arguments = [command, "lunch.log", "-s", "lunch.ndjson", "--log", log];
            refused(at, inside(at, &arguments), read);
        }
    }
    let sweep = ["sweep", "lunch.log", "-s", "global", "--lanes", "1..2", "--svg", "picture.svg"];
    refused(at, inside(at, &sweep), read);
    assert!(text(&fs::read(at.join("lunch.log")).unwrap()).contains("lanes"));
}

#[test]
fn a_link_is_written_through() {
    for (name, arguments) in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::create_dir(at.join("real")).unwrap();
        fs::write(at.join("real/file"), "old").unwrap();
        for (is_there, target) in [(true, "real/file"), (false, "real/new")] {
            let _ = fs::remove_file(at.join(name));
            // Over a second link, which is in another folder and begins there.
            let _ = fs::remove_file(at.join("real/link"));
            symlink(Path::new(target).file_name().unwrap(), at.join("real/link")).unwrap();
            symlink("real/link", at.join(name)).unwrap();
            assert_eq!(at.join(target).exists(), is_there);
            let output = run(at, arguments);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
            assert!(fs::symlink_metadata(at.join(name)).unwrap().is_symlink(), "the link stays");
            assert!(fs::metadata(at.join(target)).unwrap().len() > 100);
        }
        assert_eq!(names(&at.join("real")), ["file", "link", "new"]);
        assert_eq!(names(at), [name, "real"]);
    }
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    for (name, arguments) in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        symlink(name, at.join(name)).unwrap();
        refused(at, inside(at, arguments), "cannot write");
        fs::remove_file(at.join(name)).unwrap();
        symlink("not/there", at.join(name)).unwrap();
        refused(at, inside(at, arguments), "there is no folder not");
    }
}

/// What is no file is never replaced, also behind a link. The device is one made for this test.
#[test]
fn devices_pipes_and_sockets_stay_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let made = |program: &str, arguments: &[&str]| {
        let made = Command::new(program).args(arguments).current_dir(at).output();
        let made = made.is_ok_and(|output| output.status.success());
        if !made {
            eprintln!("{program} {arguments:?} is not allowed here, so that was not tested");
        }
        made
    };
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket")).unwrap();
    let mut all = vec!["socket"];
    all.extend(made("mkfifo", &["fifo"]).then_some("fifo"));
    all.extend(made("mknod", &["null", "c", "1", "3"]).then_some("null"));
    for what in all {
        let kind = fs::symlink_metadata(at.join(what)).unwrap().file_type();
        for (name, arguments) in WRITERS {
            symlink(what, at.join(name)).unwrap();
            refused(at, inside(at, arguments), "is a device or a pipe, not a file");
            fs::remove_file(at.join(name)).unwrap();
            fs::rename(at.join(what), at.join(name)).unwrap();
            refused(at, inside(at, arguments), "is a device or a pipe, not a file");
            fs::rename(at.join(name), at.join(what)).unwrap();
        }
        let now = fs::symlink_metadata(at.join(what)).unwrap().file_type();
        assert!(now == kind && !now.is_file(), "{what}");
        assert!(now.is_socket() || now.is_fifo() || now.is_char_device());
    }
}

#[test]
fn permissions_stay_and_new_files_get_the_usual_ones() {
    for (name, arguments) in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let mode = || fs::metadata(at.join(name)).unwrap().permissions().mode() & 0o7777;
        let masked = |mask: &str| {
            let script = format!("umask {mask}; exec \"$@\"");
            let program = [&script, "sh", super::PROGRAM];
            let output = Command::new("sh")
                .arg("-c")
                .args(program)
                .args(arguments)
                .current_dir(at)
                .output()
                .unwrap();
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
        };
        masked("027");
        assert_eq!(mode(), 0o640);
        for kept in [0o600, 0o640, 0o664, 0o777] {
            fs::write(at.join(name), "old").unwrap();
            fs::set_permissions(at.join(name), fs::Permissions::from_mode(kept)).unwrap();
            masked("077");
            assert_eq!(mode(), kept);
            assert!(fs::metadata(at.join(name)).unwrap().len() > 100);
        }
    }
}

/// A small disk of its own, if this machine lets us have one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(options: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Disk(folder)),
            _ => {
                eprintln!("no tmpfs can be mounted here, so a full disk was not tested");
                None
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let page = 4096;
    let Some(disk) = Disk::of(&format!("size={}", 2 * page)) else { return };
    let at = disk.0.path();
    // One page is left: enough for the first file, and not for the second.
    fs::write(at.join("full"), vec![b'x'; page]).unwrap();
    refused(at, inside(at, &["new", "lunch"]), "cannot write lunch.json: No space left");
    fs::write(at.join("fuller"), vec![b'x'; page]).unwrap();
    for (name, arguments) in WRITERS {
        refused(at, inside(at, arguments), "No space left");
        fs::write(at.join(name), "").unwrap();
        fs::remove_file(at.join("fuller")).unwrap();
        fs::write(at.join(name), "old").unwrap();
        refused(at, inside(at, arguments), "No space left");
        assert_eq!(fs::read_to_string(at.join(name)).unwrap(), "old");
        fs::remove_file(at.join(name)).unwrap();
        fs::write(at.join("fuller"), vec![b'x'; page]).unwrap();
    }
    // Room enough, but no place for one more file.
    let disk = Disk::of("nr_inodes=2").unwrap();
    refused(disk.0.path(), inside(disk.0.path(), &["new", "lunch"]), "No space left");
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let Some(disk) = Disk::of("ro,size=64k") else { return };
    let at = disk.0.path();
    refused(at, inside(at, &["new", "lunch"]), "cannot write lunch.py: Read-only file system");
    for (name, arguments) in WRITERS {
        refused(at, inside(at, arguments), &format!("cannot write {name}: Read-only file system"));
    }
}

/// The same without root: no file may get larger than so much. The kernel says so by a signal.
#[test]
fn a_file_that_may_not_get_so_large_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let limited = |arguments: &[&str]| {
        let mut command = Command::new("bash");
        command.args(["-c", "ulimit -f 0; exec \"$@\"", "bash", super::PROGRAM]).args(arguments);
        command.current_dir(at);
        command
    };
    refused(at, limited(&["new", "lunch"]), "cannot write lunch.py: File too large");
    for (name, arguments) in WRITERS {
        refused(at, limited(arguments), "File too large");
        fs::write(at.join(name), "old").unwrap();
        refused(at, limited(arguments), "File too large");
        assert_eq!(fs::read_to_string(at.join(name)).unwrap(), "old");
    }
}

/// Ctrl-C and SIGTERM wait until what is held is through, and then end the program as they do.
/// This test is run again by itself, as the program that gets the signal.
#[test]
fn a_signal_waits_for_what_must_be_whole() {
    const ME: &str = "disk::a_signal_waits_for_what_must_be_whole";
    if let Some(file) = std::env::var_os("INTERLEAK_TEST_HELD") {
        interleak::platform::whole(|| {
            fs::write(Path::new(&file).with_extension("begun"), "").unwrap();
            interleak::platform::pause(std::time::Duration::from_millis(700));
            fs::write(&file, "whole").unwrap();
        });
        interleak::platform::pause(std::time::Duration::from_secs(60));
        return;
    }
    for (signal, number) in [("-INT", 2), ("-TERM", 15)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([ME, "--exact"])
            .env("INTERLEAK_TEST_HELD", &file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !file.with_extension("begun").exists() {
            assert!(child.try_wait().unwrap().is_none(), "it began");
            interleak::platform::pause(std::time::Duration::from_millis(1));
        }
        kill(signal, child.id());
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        assert_eq!(fs::read_to_string(&file).unwrap(), "whole");
    }
}

fn kill(signal: &str, id: u32) {
    assert!(Command::new("kill").args([signal, &id.to_string()]).status().unwrap().success());
}

/// Signals at every moment of a run: as soon as something appears in the folder, and later. What is
/// there at the end is one whole file, or nothing.
#[test]
fn a_signal_leaves_no_part_of_a_file() {
    let whole = |folder: &Path| -> Output { run(folder, &["new", "lunch"]) };
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(whole(folder.path()).status.code(), Some(0));
    let read = |at: &Path, name: &str| fs::read(at.join(name)).unwrap();
    let written = ["lunch.json", "lunch.py"].map(|name| read(folder.path(), name));
    for round in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let mut command = inside(at, &["new", "lunch"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        while fs::read_dir(at).unwrap().next().is_none() && child.try_wait().unwrap().is_none() {}
        let signal = if round % 2 == 0 { "-TERM" } else { "-INT" };
        let _ = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        child.wait().unwrap();
        match names(at).as_slice() {
            [] => {}
            [first, second] if (first.as_str(), second.as_str()) == ("lunch.json", "lunch.py") => {
                assert_eq!(["lunch.json", "lunch.py"].map(|name| read(at, name)), written);
            }
            other => panic!("{other:?} is left"),
        }
    }
}
