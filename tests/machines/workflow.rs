//! The workflow of `docs/CI.md`, as far as a machine without GitHub can run it.

#[cfg(unix)]
use super::{inside, text};
#[cfg(unix)]
use quick_junit::Report;
#[cfg(unix)]
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

/// The first workflow of `docs/CI.md`: its lines, without the spaces before them.
fn workflow() -> Vec<&'static str> {
    let docs = include_str!("../../docs/CI.md");
    let block = docs.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().collect()
}

/// The values of a key, wherever it stands, alone or behind a dash.
fn values(key: &str) -> Vec<&'static str> {
    let lines = workflow().into_iter().map(|line| line.trim_start().trim_start_matches("- "));
    let values = lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    values.collect()
}

/// Every command of the workflow, as far as a machine without GitHub can: on files that hold, and
/// on files that do not.
#[cfg(unix)]
#[test]
fn the_workflow_of_the_docs_runs() {
    let folder = tempfile::tempdir().unwrap();
    assert!(inside(folder.path(), &["new", "lunch"]).status.success());
    let program = Path::new(env!("CARGO_BIN_EXE_interleak")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let commands: Vec<&str> =
        values("run").into_iter().filter(|it| it.starts_with("interleak ")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    let run = |command: &str| {
        // As GitHub runs a line.
        let mut shell = Command::new("bash");
        shell.args(["-e", "-c", command]).current_dir(folder.path()).env("PATH", &path);
        let output = shell.output().unwrap();
        (output.status.code(), text(&output))
    };
    for command in &commands {
        assert_eq!(run(command).0, Some(0), "{command}");
    }
    let artifact = values("path").into_iter().find(|path| path.ends_with(".xml")).unwrap();
    let report = || std::fs::read_to_string(folder.path().join(artifact)).unwrap();
    assert_eq!(Report::deserialize_from_str(&report()).unwrap().errors, 0);
    let scenario = folder.path().join("lunch.json");
    let text = std::fs::read_to_string(&scenario).unwrap();
    assert!(text.contains("\"clean\""), "{text}");
    let changed = text.replace("\"clean\"", "{ \"deadlock\": \"always\" }");
    std::fs::write(scenario, changed).unwrap();
    let (code, told) = run(commands[0]);
    assert_eq!(code, Some(1));
    assert!(told.starts_with("::error file=lunch.json,line="), "{told}");
    assert_eq!(run(commands[1]).0, Some(1), "the step fails, and the report is there");
    assert_eq!(Report::deserialize_from_str(&report()).unwrap().failures, 1);
}

/// What GitHub would refuse before it runs anything.
#[test]
fn the_workflow_of_the_docs_has_the_form_of_one() {
    let lines = workflow();
    for key in ["name:", "on:", "permissions:", "jobs:"] {
        assert_eq!(lines.iter().filter(|line| line.starts_with(key)).count(), 1, "{key}");
    }
    for line in &lines {
        let indent = line.len() - line.trim_start().len();
        assert!(indent % 2 == 0 && !line.contains('\t') && line.trim_end() == *line, "{line:?}");
        let text = line.trim_start().trim_start_matches("- ");
        assert!(text.split_once(':').is_some_and(|(key, _)| !key.contains(' ')), "{line:?}");
    }
    let steps = lines.iter().filter(|line| line.starts_with("      - ")).count();
    assert_eq!(
        values("run").len() + values("uses").len(),
        steps,
        "each step runs or uses something"
    );
    assert!(values("uses").iter().all(|action| action.contains("@v")), "a version of each action");
    let written = values("run").into_iter().filter_map(|run| run.split_once("> ")).map(|it| it.1);
    let artifact = values("path").into_iter().find(|path| path.ends_with(".xml"));
    assert_eq!(
        written.collect::<Vec<_>>().last().copied(),
        artifact,
        "what is kept is what was written"
    );
    assert!(
        values("path").contains(&".interleak")
            && values("run").iter().any(|run| run.ends_with("--path .interleak"))
    );
}
