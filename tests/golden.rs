//! Every console block of the README, of `docs/` and of `tests/cmd/` is run, and its output must
//! be what stands there. After a wanted change: `TRYCMD=overwrite cargo test --test golden`, and
//! read the difference.

#[test]
fn console_blocks() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("README.md")
        .case("docs/*.md")
        .case("docs/dev/*.md")
        .case("tests/cmd/*.md");
}

/// To compare, the runner takes each backslash for a slash. What stands in a page must be what the
/// program prints, so that it can be pasted: after `TRYCMD=overwrite`, set the backslashes again.
#[test]
fn a_command_goes_on_behind_a_backslash() {
    let pages = ["docs", "docs/dev", "tests/cmd"].into_iter().flat_map(|folder| {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files.map(|file| file.path())
    });
    for path in pages.chain(["README.md".into()]) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let slash = text.lines().find(|line| line.ends_with(" /"));
        assert_eq!(slash, None, "{}", path.display());
    }
}
