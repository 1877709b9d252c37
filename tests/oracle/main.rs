//! What a second oracle found, an interpreter of listings that was written from the docs alone, and
//! what real servers were measured to do: each right value, with a name that says it.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod cancel;
#[path = "../common/mod.rs"]
mod common;
mod ids;
mod server;

const ONE_EACH: &str = r#"{"user":"a","says":[{"text":"x"}]},{"user":"b","says":[{"text":"y"}]}"#;
