//! Embeds every file of `scenarios/`, so that adding a scenario is adding a file.

use std::fmt::Write;
use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("scenarios"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".json").map(str::to_owned));
    }
    names.sort();
    let mut list =
        String::from("/// Every shipped scenario, by name.\npub const SHIPPED: &[Shipped] = &[\n");
    for name in names {
        let path = Path::new(&root).join("scenarios").join(format!("{name}.json"));
        writeln!(list, "    Shipped {{ name: {name:?}, text: include_str!({path:?}) }},")
            .map_err(io::Error::other)?;
    }
    list.push_str("];\n");
    fs::write(Path::new(&out).join("scenarios.rs"), list)
}
