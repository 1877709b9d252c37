//! Every console block of the README, of `docs/` and of `tests/cmd/` is run, and its output must
//! be what stands there. After a wanted change: `TRYCMD=overwrite cargo test --test golden`, and
//! read the difference.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every page with console blocks.
fn pages() -> Vec<PathBuf> {
    let files = ["docs", "docs/dev", "tests/cmd"].into_iter().flat_map(|folder| {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|ending| ending == "md"))
    });
    let mut pages: Vec<PathBuf> = files.chain(["README.md".into()]).collect();
    pages.sort();
    pages
}

/// The runner takes each backslash of an output for a slash, and not those of a page. What stands in
/// a page is what is printed, so that it can be pasted; so the runner gets a copy.
#[test]
fn console_blocks() {
    let copies = tempfile::tempdir().unwrap();
    let copy = |page: &Path| copies.path().join(page.to_str().unwrap().replace('/', "+"));
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1");
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        fs::write(copy(&page), text.replace(" \\\n", " /\n")).unwrap();
        cases.case(copy(&page));
    }
    cases.run();
    for page in pages().iter().filter(|_| std::env::var_os("TRYCMD").is_some()) {
        let text = fs::read_to_string(copy(page)).unwrap();
        fs::write(page, text.replace(" /\n", " \\\n")).unwrap();
    }
}
