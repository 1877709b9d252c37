//! The command line: what may be typed, and which command it means.

use crate::commands::{
    Failure, check, compare, completions, diagnose, explain, list, new, replay, run, schema,
    stress, sweep, verify, verify_run,
};
use crate::exit::Exit;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};

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
    fn wanted(self, terminal: bool) -> bool {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            Colour::Auto => terminal && !refused,
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

/// Runs what was typed and says how it ended.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let Some(threads) = cli.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads));
        // A pool that cannot be made this large leaves the usual one.
        let _ = pool.build_global();
    }
    colored::control::set_override(cli.color.wanted(io::stdout().is_terminal()));
    let mut answer = Vec::new();
    match command(&cli.command, &mut answer).and_then(|exit| {
        // The answer is written at once and whole, or not at all.
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&answer).and_then(|()| stdout.flush()) {
            // Whoever reads has seen enough: `interleak run … | head`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(exit),
            written => Ok(written.map(|()| exit)?),
        }
    }) {
        Ok(exit) => exit,
        Err(Failure::Input(problem)) => {
            complain(&problem.render(cli.color.wanted(io::stderr().is_terminal())))
        }
        Err(Failure::Output(error)) => {
            complain(&format!("error: cannot write the answer: {error}\n"))
        }
    }
}

fn command(command: &Command, out: &mut dyn Write) -> Result<Exit, Failure> {
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
    pub fn read<T>(arguments: impl IntoIterator<Item = T>) -> Result<Cli, String>
    where
        T: Into<OsString> + Clone,
    {
        Cli::try_parse_from(arguments).map_err(|error| error.render().to_string())
    }

    /// Runs the command that was typed, and nothing around it: no colour, no threads of its own.
    pub fn answer(&self, out: &mut dyn Write) -> Result<Exit, Failure> {
        command(&self.command, out)
    }
}

/// Help and version are answers; everything else that clap says is about wrong usage.
fn usage(error: &clap::Error) -> Exit {
    // Nobody is left to tell if even this cannot be printed.
    let _ = error.print();
    if error.use_stderr() { Exit::BadInput } else { Exit::AsExpected }
}

fn complain(message: &str) -> Exit {
    // Nobody is left to tell if standard error is closed.
    let _ = io::stderr().write_all(message.as_bytes());
    Exit::BadInput
}
