//! Embeds every file of `scenarios/`, so that adding a scenario is adding a file: the scenarios by
//! topic, and the listings that stand beside them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let (mut scenarios, mut listings) = (String::new(), String::new());
    for topic in entries(&Path::new(&root).join("scenarios"))?.iter().filter(|path| path.is_dir()) {
        let topic_name = name(topic);
        for file in entries(topic)? {
            let file_name = name(&file);
            if let Some(name) = file_name.strip_suffix(".json") {
                writeln!(
                    scenarios,
                    "    Shipped {{ topic: {topic_name:?}, name: {name:?}, \
                     text: include_str!({file:?}) }},"
                )
                .map_err(io::Error::other)?;
            } else if file_name.ends_with(".py") {
                writeln!(listings, "    ({file_name:?}, include_str!({file:?})),")
                    .map_err(io::Error::other)?;
            }
        }
    }
    let list = format!(
        "/// Every shipped scenario, by topic and name.\n\
         pub const SHIPPED: &[Shipped] = &[\n{scenarios}];\n\
         /// The listings beside them: file and text.\n\
         pub const LISTINGS: &[(&str, &str)] = &[\n{listings}];\n"
    );
    fs::write(Path::new(&out).join("scenarios.rs"), list)
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    entries.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    Ok(entries)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
