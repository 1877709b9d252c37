//! The command line: what may be typed, and which command it means.

use crate::commands::{
    Failure, Out, check, compare, completions, diagnose, explain, list, new, replay, run, schema,
    stress, sweep, verify, verify_run,
};
use crate::exit::Exit;
use crate::pager;
use crate::phrase;
use crate::platform;
use crate::problem::Problem;
use crate::report::page::Paper;
use crate::report::shell_word;
use crate::screen::{columns, cut, escape, is_dumb};
use crate::words::Words;
use clap::error::ErrorKind::InvalidValue;
use clap::{CommandFactory, Parser, ValueEnum};
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, IsTerminal, Write};

/// More threads than this for each core are not started.
const THREADS_PER_CORE_MAX: usize = 4;
/// As much as the first thread of a program usually has.
const STACK_BYTES: usize = 8 << 20;
/// Columns of a typed word that is told back; nobody reads more.
const WORD_COLUMNS: usize = 400;

/// See who is answered with whose data, in every order of steps
#[derive(Parser, Debug)]
#[command(name = "interleak", version, arg_required_else_help = true, max_term_width = 80)]
#[command(after_help = "Exit: 0 as expected, 1 not as expected, 2 bad input, 3 a limit was hit")]
pub struct Cli {
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true, value_name = "WHEN")]
    color: Colour,
    /// Use so many threads [default: one for each core]; the result is the same
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print what is longer than the terminal as it is, not through PAGER [default: less]
    #[arg(long, global = true)]
    no_pager: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Run(run::Options),
    Replay(replay::Options),
    Compare(compare::Options),
    Sweep(sweep::Options),
    Check(check::Options),
    Stress(stress::Options),
    Verify(verify::Options),
    VerifyRun(verify_run::Options),
    Diagnose(diagnose::Options),
    List(list::Options),
    Explain(explain::Options),
    New(new::Options),
    Schema(schema::Options),
    Completions(completions::Options),
}

impl Colour {
    /// What was asked for, also where the rest of the command line cannot be understood.
    fn typed(words: &[OsString]) -> Colour {
        let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
        let behind = words.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
        let joined = words.iter().filter_map(|word| word.strip_prefix("--color="));
        let mut asked = behind.chain(joined).filter_map(|when| Colour::from_str(when, false).ok());
        asked.next_back().unwrap_or(Colour::Auto)
    }

    fn wanted(self, terminal: bool) -> bool {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Colour::Auto => terminal && !refused && !is_dumb(),
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

/// Runs what was typed and says how it ended.
pub fn main() -> Exit {
    let words: Vec<OsString> = std::env::args_os().collect();
    let colour = Colour::typed(&words);
    let complain_about = |problem: Problem| {
        complain(&problem.render(Words::english(), colour.wanted(io::stderr().is_terminal())))
    };
    if let Some(problem) = words.iter().skip(1).find_map(|word| no_text(word)) {
        return complain_about(problem);
    }
    let cli = match read(&words) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, colour, !words.iter().any(|it| it == "--no-pager")),
    };
    colored::control::set_override(colour.wanted(io::stdout().is_terminal()));
    let paper = Paper { columns: columns(io::stdout().is_terminal()), words: Words::english() };
    let mut answer = Vec::new();
    let work = || command(&cli.command, &mut Out { paper, sink: &mut answer });
    match on_threads(cli.threads, work) {
        Ok(exit) => deliver(&answer, !cli.no_pager, exit),
        Err(Failure::Input(problem)) => complain_about(problem),
        Err(Failure::Output(error)) => cannot_answer(&error),
    }
}

/// Works on so many threads, or on one for each core. More than a few for each core only take memory;
/// where no more can be started, fewer will do, and in the end this one alone. The result is the same.
fn on_threads<R: Send>(wanted: Option<u16>, work: impl FnOnce() -> R + Send) -> R {
    let cores = platform::cores();
    let most = THREADS_PER_CORE_MAX * cores.max(2);
    let mut threads = wanted.map_or(cores, usize::from).min(most);
    while threads > 0 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_BYTES);
        match pool.build() {
            Ok(pool) => return pool.install(work),
            Err(_) => threads /= 2,
        }
    }
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    // The last try: what cannot be built now leaves the usual pool.
    let _ = alone.build_global();
    work()
}

/// Names are printed, put into documents and compared with what scenarios say, so each is text.
fn no_text(word: &OsStr) -> Option<Problem> {
    let shown = word.to_str().is_none().then(|| shell_word(word))?;
    let what = phrase!("typed-no-text", word = cut(&shown, WORD_COLUMNS));
    Some(Problem::new(what).help(phrase!("typed-no-text-help")))
}

/// Reads the command line. What clap says about a wrong one holds what was typed; so it is asked
/// about words that cannot drive the terminal.
fn read(words: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(words).map_err(|_| {
        let harmless = words.iter().map(|word| cut(&escape(&word.to_string_lossy()), WORD_COLUMNS));
        match Cli::try_parse_from(harmless) {
            Err(error) => error,
            // That is not what was typed.
            Ok(_) => Cli::command().error(InvalidValue, phrase!("typed-not-understood")),
        }
    })
}

fn command(command: &Command, out: &mut Out) -> Result<Exit, Failure> {
    match command {
        Command::Run(options) => run::run(options, out),
        Command::Replay(options) => replay::run(options, out),
        Command::Compare(options) => compare::run(options, out),
        Command::Sweep(options) => sweep::run(options, out),
        Command::Check(options) => check::run(options, out),
        Command::Stress(options) => stress::run(options, out),
        Command::Verify(options) => verify::run(options, out),
        Command::VerifyRun(options) => verify_run::run(options, out),
        Command::Diagnose(options) => diagnose::run(options, out),
        Command::List(options) => list::run(options, out),
        Command::Explain(options) => explain::run(options, out),
        Command::New(options) => new::run(options, out),
        Command::Schema(options) => schema::run(options, out),
        Command::Completions(options) => completions::run(options, Cli::command(), out),
    }
}

impl Cli {
    /// Reads a command line, or tells what is printed instead of an answer, without colour.
    pub fn read<T: Into<OsString>>(words: impl IntoIterator<Item = T>) -> Result<Cli, String> {
        let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
        match words.iter().skip(1).find_map(|word| no_text(word)) {
            Some(problem) => Err(problem.render(Words::english(), false)),
            None => read(&words).map_err(|error| error.render().to_string()),
        }
    }

    /// Runs the command that was typed, and nothing around it: no colour, no threads of its own. Pages
    /// are drawn on this paper.
    pub fn answer(&self, paper: Paper, sink: &mut dyn Write) -> Result<Exit, Failure> {
        command(&self.command, &mut Out { paper, sink })
    }
}

/// Help and version are answers; everything else that clap says is about wrong usage.
fn usage(error: &clap::Error, colour: Colour, paged: bool) -> Exit {
    let text = error.render();
    let shown = |terminal: bool| match colour.wanted(terminal) {
        true => text.ansi().to_string(),
        false => text.to_string(),
    };
    match error.use_stderr() {
        true => complain(&shown(io::stderr().is_terminal())),
        false => deliver(shown(io::stdout().is_terminal()).as_bytes(), paged, Exit::AsExpected),
    }
}

/// Prints an answer, at once and whole; on a terminal through the pager, if it is wanted and needed.
fn deliver(answer: &[u8], paged: bool, exit: Exit) -> Exit {
    if paged && io::stdout().is_terminal() && pager::show(answer) {
        return exit;
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer).and_then(|()| stdout.flush()) {
        Ok(()) => exit,
        // Whoever reads has seen enough: `interleak run … | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit,
        Err(error) => cannot_answer(&error),
    }
}

fn cannot_answer(error: &io::Error) -> Exit {
    let what = phrase!("typed-cannot-write", error = error.to_string());
    complain(&Problem::new(what).render(Words::english(), false))
}

fn complain(message: &str) -> Exit {
    // Nobody is left to tell if standard error is closed.
    let _ = io::stderr().write_all(message.as_bytes());
    Exit::BadInput
}
