# What `--help` says. `help-COMMAND` is what a command does, and its `.after` what stands below its
# options. An option or argument has its text in `help-COMMAND-NAME`, or, where it says the same in
# several commands, in `help-NAME`; its attributes are what the words mean that it takes.

## What a command ends with

help-exit-judges =
    Exit: 0 as expected, 1 not as expected, 2 bad input, 3 a limit was hit.
    Of several, the worst counts: 2, then 3, then 1
help-exit-shows = It only shows. Exit: 0 done, whatever it shows, 2 bad input

## What several commands take

help-scenario = A shipped scenario, or the path of a scenario file
help-grain = How much of a lane is one step
    .line = Every annotated line
    .access = One shared access and the local lines after it
    .await = Up to the next wait for the assistant, as in async code
    .turn = A whole request
help-limit = At most N requests inside handlers at once [default: what the scenario says]
help-profile = Requests run as on this server: gradio-3, gradio-3-queue or gradio-4
help-workers = N threads run requests, and are used again [default: as many as needed]
help-idle = Which of several idle threads takes a request: the one that has been idle longest, or the one that became idle latest
help-replicas = N processes serve requests, each with variables of its own
help-routing = Which of them serves a request
help-only = Judge only this anomaly; may be given several times
help-max-states = Stop after so many states, and say so [default: 100000000; sweep: 200000]
help-max-memory = Stop at so much memory, and say so: 512M, 2G [default: half of what is free, at most 8G]
help-format = How the result is written
    .text = A page for people
    .json = A document for programs: `interleak schema` describes it
help-strategies = A shipped strategy, the path of a listing, or all [default: eight of the lesson]

## interleak

help-interleak = See who is answered with whose data, in every order of steps
    .after = Exit: 0 as expected, 1 not as expected, 2 bad input, 3 a limit was hit
help-interleak-color = When to use colour
    .auto = On a terminal, unless NO_COLOR is set
    .always = Always
    .never = Never
help-interleak-threads = Use so many threads [default: one for each core]; the result is the same
help-interleak-no-pager = Print what is longer than the terminal as it is, not through PAGER [default: less]

## run

help-run = Explore every order of a scenario and show the ones that go wrong
    .after = { help-exit-judges }
help-run-order = Show the K-th of all orders, counted from 1
help-run-show = Show so many orders, drawn from all with the same chance
help-run-all = List every order, one letter for each step; for at most 1,000 orders
help-run-seed = What orders are drawn from, with --show and --samples
help-run-samples = If a limit is hit, draw so many orders at random [default: 10,000, or fewer long ones]
help-run-deep = Count traces and outcomes too, however long that takes
help-run-full = Tell everything: each number, each line, every finding
help-run-log = Also write the order that goes wrong as a log, for `interleak diagnose`; replaces the file
help-run-strategies = A shipped strategy, the path of a listing, or all [default: global]

## replay

help-replay = Show one order of a scenario, step by step
    .after = { help-exit-judges }
help-replay-log = Also write the order as a log, for `interleak diagnose`; replaces the file
help-replay-strategy = A shipped strategy, or the path of a listing [default: global]
help-replay-schedule = The order in which lanes move, as `interleak run` prints it: "alice*2 bob*4"
help-replay-to-end = Go on where the schedule ends: the first lane that can move does so, to the end of the run

## compare

help-compare = Compare strategies: what goes wrong, and at what price
    .after = { help-exit-judges }
help-compare-format = How the result is written
    .text = A page for people
    .json = A document for programs: see `interleak schema comparison`
    .markdown = A table for notes
    .csv = A table for spreadsheets
help-compare-scenarios = Shipped scenarios or paths of scenario files [default: class]
help-compare-commands = Also print, for each cell, the command that shows it

## sweep

help-sweep = Let a scenario grow, and see what that does to each strategy
    .after = It only shows. Exit: 0 done, whatever it shows, 2 bad input, 3 a limit was hit
help-sweep-only = Judge this anomaly
help-sweep-format = How the result is written
    .text = A page for people
    .json = A document for programs: see `interleak schema sweep`
    .csv = A table for spreadsheets
help-sweep-lanes = So many lanes: the scenario's own ones come again, with users of their own
help-sweep-turns = So many turns of each lane: its own ones come again
help-sweep-infer-ms = The assistant thinks so many milliseconds
help-sweep-svg = Also write the picture to this file

## check

help-check = Check every expectation that scenarios state, for CI
    .after =
        A file that is wrong is one broken row; the others are still checked.
        docs/CI.md has a workflow to copy.

        Exit: 0 all hold, 1 some fail, 2 some are broken, 3 a limit was hit.
        The worst counts: 2, then 3, then 1
help-check-format = How the result is written
    .text = A page for people
    .json = A document for programs: see `interleak schema check`
    .junit = A test report for CI servers
    .github = Annotations for GitHub Actions
help-check-scenarios = Shipped scenarios or paths of scenario files [default: every shipped scenario]

## stress

help-stress = Run a strategy on real threads and count how often it goes wrong
    .after =
        Exit: 0 nothing contradicts the explorer, whether something goes wrong or not,
        1 a contradiction, 2 bad input, 3 a limit was hit
help-stress-seed = What the waiting times are drawn from
help-stress-strategy = A shipped strategy [default: global]
help-stress-runs = How many runs
help-stress-seconds = Stop after so many seconds, also with fewer runs or orders
help-stress-infer-us = The longest that the assistant thinks, in microseconds

## verify

help-verify = Run a listing as real Python: does it do what its marks say?
    .after =
        `interleak run` never executes Python; `verify` does, with limits, which are no
        sandbox. The file runs in a process of its own, in an empty folder, without your
        environment, within bounds of time, memory, files and what it prints. But it can
        read your files and use the network: do not run here what you would not run with
        python3. docs/LISTINGS.md has all limits. Of several listings, one that cannot
        be run is said to be broken, and the others are still run.

        Exit: 0 the same, 1 a difference, 2 bad input, 3 stopped before it was done
help-verify-strategies = The path of a listing, a shipped strategy, or all
help-verify-scenarios = A shipped scenario, or the path of a scenario file; may be given several times [default: every shipped scenario]
help-verify-runs = So many random orders of each scenario, besides those that show something wrong
help-verify-seconds = Stop Python after so many seconds for each strategy

## verify-run

help-verify-run = Count every number of a saved report once more, by another way
    .after = Exit: 0 the same, 1 a difference, 2 bad input, 3 not everything was counted
help-verify-run-max-states = Give a result up after so many states, and say so
help-verify-run-report = What `interleak run … --format json` wrote

## diagnose

help-diagnose = Find leaks and lost updates in the log of a real app
    .after =
        The least that a log has to say (docs/LOGS.md says how an app writes it):
        {"{"}"event":"request","session":"bob","request":2{"}"}
        {"{"}"event":"read","session":"bob","request":2,"cell":"CHAT","messages":["1","1:a"]{"}"}
        {"{"}"event":"write","session":"bob","request":2,"cell":"CHAT","messages":["2","2:a"]{"}"}
        {"{"}"event":"reply","session":"bob","request":2{"}"}

        Exit: 0 nothing found, 1 a leak or a lost update, 2 no such log,
        {"      "}3 nothing found, but not everything could be told
help-diagnose-log = The log, one JSON object in each line; - for standard input
help-diagnose-remember = Remember so many messages of each session

## list

help-list = List scenarios, strategies, anomalies and terms
    .after = { help-exit-shows }
help-list-what = What to list [default: everything]
    .scenarios = Who says what
    .strategies = How an app keeps its state, in lesson order
    .anomalies = What can go wrong
    .terms = Words that stand on pages
help-list-long = Say of each what it is; of a strategy also what one believes of it, and what is actual

## explain

help-explain = Explain a scenario, strategy, anomaly, or a word on a page
help-explain-name = A name that `interleak list` shows, a word such as race, LEAK or chance, or the path of a scenario or listing
help-explain-code = Only the code of a strategy, without a word that gives the answer away [default: python]
    .python = The listing: what is simulated
    .rust = The twin: the same strategy on real threads, checked by loom
help-explain-lesson = With --code: the lesson too
help-explain-term = The word, where something shipped has the same name

## new

help-new = Write a scenario and a strategy to start from
    .after = Exit: 0 written, 2 bad input, and nothing was written
help-new-name = NAME.json writes a scenario, NAME.py a strategy, NAME both

## schema

help-schema = Print the JSON Schema of a file format, or of all of them
    .after = { help-exit-shows }
help-schema-which = Which schema [default: all, in one object]
    .scenario = A scenario file
    .report = What `interleak run --format json` prints
    .comparison = What `interleak compare --format json` prints
    .sweep = What `interleak sweep --format json` prints
    .diagnosis = What `interleak diagnose --format json` prints
    .check = What `interleak check --format json` prints
    .verification = What `interleak verify --format json` prints
    .stress = What `interleak stress --format json` prints
    .list = What `interleak list --format json` prints

## completions

help-completions = Print completions for a shell
    .after = { help-exit-shows }
help-completions-shell = The shell
