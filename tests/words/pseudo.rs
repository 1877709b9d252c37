//! A second language, made from the first: every letter has an accent, and a text is 40 % longer. All
//! commands of the golden pages are run in it, so that a sentence that is in no catalogue, a page that
//! relies on short words, and a panic show up before a real translation does.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use interleak::cli::Cli;
use interleak::commands::Failure;
use interleak::glossary;
use interleak::report::page::Paper;
use interleak::screen::{COLUMNS, width};
use interleak::words::{ENGLISH, Words};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Lanes: in a schedule that goes on in the next line they stand behind each other.
const NAMES: [&str; 3] = ["alice", "bob", "carol"];

/// The letters and their accents.
const LETTERS: (&str, &str) = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćđéƒǵĥíĵķĺḿńóṕɋŕśťúṽẃẍýźÁɃĆĐÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẌÝŹ",
);

static PSEUDO: LazyLock<Words> = LazyLock::new(|| {
    let files: Vec<String> = ENGLISH.iter().map(|file| translated(file)).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    Words::read("en", &files)
});

fn translated(file: &str) -> String {
    let mut resource = parser::parse(file.to_owned()).unwrap();
    for entry in &mut resource.body {
        match entry {
            Entry::Message(message) => {
                message.value.iter_mut().for_each(pattern);
                let attributes = message.attributes.iter_mut();
                // Names of terms and commands stay what is typed.
                let spoken =
                    attributes.filter(|it| !["names", "try"].contains(&it.id.name.as_str()));
                spoken.for_each(|attribute| pattern(&mut attribute.value));
            }
            Entry::Term(term) => pattern(&mut term.value),
            Entry::Comment(_)
            | Entry::GroupComment(_)
            | Entry::ResourceComment(_)
            | Entry::Junk { .. } => {}
        }
    }
    serializer::serialize(&resource)
}

fn pattern(pattern: &mut Pattern<String>) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = accented(value),
            PatternElement::Placeable { expression } => in_expression(expression),
        }
    }
}

fn in_expression(expression: &mut Expression<String>) {
    match expression {
        Expression::Select { variants, .. } => {
            variants.iter_mut().for_each(|variant| pattern(&mut variant.value));
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => in_expression(expression),
        Expression::Inline(_) => {}
    }
}

/// Two letters more behind each five. What stands between backquotes is typed, and stays.
fn accented(text: &str) -> String {
    let (mut letters, mut typed, mut accented) = (0, false, String::new());
    for character in text.chars() {
        typed ^= character == '`';
        match LETTERS.0.find(character).filter(|_| !typed) {
            None => accented.push(character),
            Some(at) => {
                accented.extend(LETTERS.1.chars().nth(at));
                letters += 1;
                if letters % 5 == 0 {
                    accented.push_str("ǩǩ");
                }
            }
        }
    }
    accented
}

/// The commands of the golden pages that answer with a page.
fn commands() -> Vec<Vec<String>> {
    let folders = ["docs", "docs/dev", "tests/cmd", "."];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    files.sort();
    let mut commands = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap().replace("\\\n> ", "").replace("\\\n", "");
        for line in text.lines().filter_map(|line| line.strip_prefix("$ interleak ")) {
            let shell = ["|", ">", "<", "&&", "$("].iter().any(|sign| line.contains(sign));
            // What writes files, and what is for programs.
            let other = ["--log", "--format", "new ", "completions", "schema", "--json"];
            if !shell && !other.iter().any(|word| line.contains(word)) {
                commands.insert(words_of(line));
            }
        }
    }
    assert!(commands.len() > 60, "the commands were found");
    commands.into_iter().collect()
}

/// A line as a shell takes it apart, as far as the pages need.
fn words_of(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (vec!["interleak".to_owned()], String::new(), None);
    for character in line.chars() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            (' ', None) => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            _ => word.push(character),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// What a command answers, or what it says is wrong, and whether it is a page; nothing if its line is
/// not understood, which is clap's to say.
fn answer(command: &[String], words: &'static Words) -> Option<(String, bool)> {
    let cli = Cli::read(command).ok()?;
    let mut answer = Vec::new();
    match cli.answer(Paper { columns: COLUMNS, words }, &mut answer) {
        Ok(_) => Some((String::from_utf8(answer).unwrap(), true)),
        Err(Failure::Input(problem)) => Some((problem.render(words, false), false)),
        Err(Failure::Output(error)) => panic!("{command:?}: {error}"),
    }
}

#[test]
fn every_page_can_be_said_in_another_language() {
    let own = theirs();
    let wrong: Vec<String> =
        commands().iter().flat_map(|command| what_is_wrong(command, &own)).collect();
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with the answer to a command in the other language.
fn what_is_wrong(command: &[String], own: &BTreeSet<(String, String)>) -> Vec<String> {
    let answers = (answer(command, &PSEUDO), answer(command, Words::english()));
    let (Some((here, is_page)), Some((there, _))) = answers else { return Vec::new() };
    let mut wrong = Vec::new();
    let english: Vec<String> = left_over(&here, own).take(5).collect();
    if !english.is_empty() {
        wrong.push(format!("in English: {}", english.join(", ")));
    }
    // What is wrong is said in one line. A word that is wider than a page is so in any language.
    let wide = |page: &str| page.lines().filter(|line| width(line) > COLUMNS).count();
    if is_page && wide(&here) > wide(&there) {
        let line = here.lines().find(|line| width(line) > COLUMNS).unwrap_or_default();
        wrong.push(format!("too wide: {line}"));
    }
    // A key that is missing, and an argument, stand in brackets and braces.
    let bare = |text: &str, signs: &[char]| text.matches(signs).count();
    if bare(&here, &['[', '{']) > bare(&there, &['[', '{']) {
        wrong.push("a key or an argument is missing".to_owned());
    }
    wrong.into_iter().map(|wrong| format!("{}: {wrong}", command.join(" "))).collect()
}

/// Two words of English behind each other that are nobody's but ours.
fn left_over<'p>(
    page: &'p str,
    own: &'p BTreeSet<(String, String)>,
) -> impl Iterator<Item = String> {
    let commands = |line: &&str| !line.contains("interleak ") && !line.contains(" --");
    let lines = page.lines().filter(commands);
    let pairs = lines.flat_map(|line| pairs(&unquoted(line))).filter(|pair| !own.contains(pair));
    pairs.map(|(first, second)| format!("{first} {second}")).collect::<Vec<_>>().into_iter()
}

/// A line without what stands in quotes: those are somebody's words. A quote that is cut ends with
/// its column.
fn unquoted(line: &str) -> String {
    let (mut quoted, mut unquoted) = (false, String::new());
    for character in line.chars() {
        quoted = character != '│' && (quoted ^ (character == '"'));
        unquoted.extend((!quoted).then_some(character));
    }
    unquoted
}

/// The words that stand behind each other with only a space between.
fn pairs(line: &str) -> Vec<(String, String)> {
    let punctuation = |c: char| c.is_ascii_punctuation();
    let plain = |word: &str| {
        let word = word.trim_matches(punctuation);
        let is_word = word.len() >= 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
        (is_word && !NAMES.contains(&word)).then(|| word.to_owned())
    };
    let words: Vec<&str> = line.split(' ').collect();
    let joined = |two: &&[&str]| !two[0].ends_with(punctuation) && !two[1].starts_with(punctuation);
    let pairs = words.windows(2).filter(joined);
    pairs.filter_map(|two| Some((plain(two[0])?, plain(two[1])?))).collect()
}

/// What users, scenarios, listings and logs say themselves.
fn theirs() -> BTreeSet<(String, String)> {
    let mut folders = vec![
        "scenarios".into(),
        "strategies".into(),
        "tests/fixtures".into(),
        "tests/cmd".into(),
        "src/twins".into(),
    ];
    let mut theirs = BTreeSet::new();
    // Titles in lists are made of the names of folders and terms.
    let folders_here = fs::read_dir("scenarios").unwrap().map(|folder| folder.unwrap().file_name());
    let titles = folders_here.map(|name| name.to_str().unwrap().replace('-', " "));
    let names = glossary::terms(Words::english()).into_iter().flat_map(|term| term.names);
    for title in titles.chain(names) {
        let capital = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let capital = format!("{}{}", capital[..1].to_uppercase(), &capital[1..]);
        theirs.extend([title, capital].iter().flat_map(|title| pairs(title)));
    }
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir::<&Path>(AsRef::as_ref(&folder)).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|ending| ending != "md") {
                let text = fs::read(&path).unwrap();
                let text = String::from_utf8_lossy(&text).replace("\\n", " ").replace("\\\"", "\"");
                theirs.extend(pairs(&text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    theirs
}

#[test]
fn english_in_the_other_language_is_noticed() {
    let own = BTreeSet::from([("my".to_owned(), "name".to_owned())]);
    assert_eq!(left_over("ńóťĥíńǵ goes wrong", &own).collect::<Vec<_>>(), ["goes wrong"]);
    assert_eq!(left_over("LEAK ḿý \"goes wrong\" │ my name", &own).count(), 0);
    let longer = accented("nothing that is judged goes wrong");
    let letters = longer.chars().filter(|c| c.is_alphabetic()).count();
    assert!(letters * 10 >= 28 * 13, "{longer}");
    assert_eq!(accented("`run`"), "`run`");
}
