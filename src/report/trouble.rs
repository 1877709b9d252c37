//! Bad input among input that is good: a row of an answer instead of the end of it.

use super::page::{LABEL, Page, Paper, Tone};
use crate::phrase;
use crate::problem::Problem;
use crate::words::{Phrase, Say, Words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// Something wrong with what the user gave, to be told beside other things.
#[derive(Clone)]
pub struct Trouble(Problem);

/// Something wrong with what the user gave.
#[derive(Serialize, JsonSchema)]
struct TroubleDocument {
    /// What was found, as one sentence without a full stop.
    what: String,
    /// The file that it stands in; null if it stands in none.
    file: Option<String>,
    /// The line, from 1.
    line: Option<usize>,
    /// The whole message, with an excerpt and advice, as a terminal shows it.
    shown: String,
}

/// A strategy of which there is no result, because it cannot be read or does not fit the scenario.
#[derive(Serialize, JsonSchema)]
pub struct BrokenStrategy {
    /// Name or path of the strategy.
    pub strategy: String,
    /// Why there is none.
    pub problem: Trouble,
}

/// A page for each strategy that is broken, perhaps behind those of results.
pub fn pages(behind: bool, broken: &[BrokenStrategy], paper: Paper) -> String {
    let mut page = Page::new(paper);
    for (index, BrokenStrategy { strategy, problem }) in broken.iter().enumerate() {
        if index > 0 || behind {
            page.rule();
        }
        problem.draw(&mut page, phrase!("trouble-broken"), strategy);
    }
    page.finish()
}

impl From<&Problem> for Trouble {
    fn from(problem: &Problem) -> Trouble {
        Trouble(problem.clone())
    }
}

impl Serialize for Trouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (english, place) = (Words::english(), self.place());
        let document = TroubleDocument {
            what: self.0.title(english),
            line: place.as_ref().map(|(_, line)| *line),
            file: place.map(|(file, _)| file),
            shown: self.0.render(english, false),
        };
        document.serialize(serializer)
    }
}

impl JsonSchema for Trouble {
    fn schema_name() -> Cow<'static, str> {
        "Trouble".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        TroubleDocument::json_schema(generator)
    }
}

impl Trouble {
    /// What was found, as one sentence without a full stop.
    pub fn what(&self) -> Phrase {
        self.0.what().clone()
    }

    /// The file and the line in it, if it was found in one.
    pub fn place(&self) -> Option<(String, usize)> {
        self.0.place()
    }

    /// What stands below the first line of the message: place, excerpt and advice.
    pub fn details(&self, words: &Words) -> Vec<String> {
        self.0.render(words, false).lines().skip(1).map(str::to_owned).collect()
    }

    /// What it is, and below it the details.
    pub fn draw(&self, page: &mut Page, label: impl Say, name: &str) {
        let words = page.paper().words;
        let text = phrase!("named", name = name, what = self.0.title(words));
        page.labelled((label, Tone::Bad), &text);
        for line in self.details(words) {
            page.line(&[(&" ".repeat(LABEL), Tone::Plain), (&line, Tone::Plain)]);
        }
    }
}
