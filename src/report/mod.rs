//! What is shown: a plain value, then one file for each format.

pub mod chart;
pub mod check;
pub mod compare;
mod csv;
pub mod diagnose;
pub mod diagnosis;
pub mod json;
pub mod lanes;
pub mod list;
pub mod log;
pub mod numbers;
pub mod order;
pub mod page;
pub mod run;
pub mod stress;
pub mod sweep;
pub mod trouble;
pub mod verify;
pub mod verify_run;

use crate::screen::escape;
use crate::story::command::Command;
use std::ffi::OsStr;

/// A word as bash and zsh read it back, byte for byte, though nothing in it drives a terminal. So
/// nothing that escapes it again finds anything to escape.
pub fn shell_word(word: impl AsRef<OsStr>) -> String {
    let bytes = word.as_ref().as_encoded_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./@+:".contains(byte);
    let quoted = std::str::from_utf8(bytes).ok().map(|word| match word {
        _ if !word.is_empty() && bytes.iter().all(plain) => word.to_owned(),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    });
    let quoted = quoted.filter(|quoted| escape(quoted) == *quoted).unwrap_or_else(|| {
        let written = bytes.iter().map(|byte| match byte {
            b'\n' => "\\n".to_owned(),
            b'\t' => "\\t".to_owned(),
            _ if plain(byte) || *byte == b' ' => char::from(*byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        });
        format!("$'{}'", written.collect::<String>())
    });
    // A word that begins with a dash would be read as an option; a dash alone is standard input.
    match bytes {
        [b'-', _, ..] => format!("./{quoted}"),
        _ => quoted,
    }
}

/// A command as bash and zsh take it.
pub fn typed(command: &Command) -> String {
    let mut typed = String::new();
    for (index, word) in command.0.iter().enumerate() {
        let behind = index.checked_sub(1).map(|before| command.0[before].as_str());
        let space = if index > 0 { " " } else { "" };
        typed += space;
        typed += &match behind {
            // Lane names and numbers: nothing that a shell looks at.
            Some("--schedule") => format!("\"{word}\""),
            _ if word.starts_with('-') && word.len() > 1 => word.clone(),
            _ => shell_word(word),
        };
    }
    typed
}
