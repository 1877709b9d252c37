//! Every console block of the README, of `docs/` and of `tests/cmd/` is run, and its output must
//! be what stands there. After a wanted change: `TRYCMD=overwrite cargo test --test golden`, and
//! read the difference.

#[test]
fn console_blocks() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("README.md")
        .case("docs/*.md")
        .case("tests/cmd/*.md");
}
