//! Ids that are drawn, and values that are taken.

use crate::ONE_EACH;
use crate::common::{cast, orders_with, program, verdict};
use interleak::model::program::{Grain, Setting};
use interleak::replay::machine::Machine;

/// Each user writes under a number of the counter, and reads under an id that was drawn.
#[test]
fn a_drawn_id_is_no_number_of_a_counter() {
    let listing = "
NEXT = 0                                    #@ shared NEXT
HISTORIES = {}                              #@ shared HISTORIES[id]
def respond(question, session):
    number = NEXT                           #@ take NEXT
    NEXT = number + 1                       #@ put NEXT next
    HISTORIES[number].append(question)      #@ append HISTORIES question
    number = uuid4()                        #@ mint
    history = HISTORIES[number]             #@ load HISTORIES
    answer = assistant(history)             #@ note question, infer
    return answer                           #@ reply
";
    let mine = verdict(ONE_EACH, listing, Setting::default());
    assert_eq!(orders_with(&mine, "context-leak"), 0);
    let counted = listing.replace("uuid4()                        #@ mint", "NEXT  #@ take NEXT");
    let counted = verdict(ONE_EACH, &counted, Setting::default());
    assert_ne!(orders_with(&counted, "context-leak"), 0, "the check can fail");
}

/// What was written under the first id is not found under the second.
#[test]
fn an_id_that_is_drawn_again_is_another_one() {
    let heard = |between: &str| {
        let listing = format!(
            "
HISTORIES = {{}}                              #@ shared HISTORIES[id]
def respond(question, session):
    number = uuid4()                        #@ mint
    HISTORIES[number].append(question)      #@ append HISTORIES question
{between}
    history = HISTORIES[number]             #@ load HISTORIES
    answer = assistant(history)             #@ infer
    return answer                           #@ reply
"
        );
        let program = program(cast(ONE_EACH), &listing, Grain::Access);
        Machine::run(&program, &[0, 0]).unwrap().replies[0].said.context.len()
    };
    assert_eq!([heard(""), heard("    number = uuid4()  #@ mint")], [1, 0]);
}

/// Nothing is ever put into CURRENT, so the block always runs: whatever was drawn in between.
#[test]
fn unless_known_asks_about_the_last_take() {
    let listing = |between: &str| {
        format!(
            "
CURRENT = None                              #@ shared CURRENT
HISTORY = []                                #@ shared HISTORY
def respond(question, session):
    number = CURRENT                        #@ take CURRENT
{between}
    if CURRENT is None:                     #@ unless known
        HISTORY.append(question)            #@ append HISTORY question
    answer = assistant(HISTORY)             #@ load HISTORY, infer
    return answer                           #@ reply
"
        )
    };
    for between in ["", "    number = uuid4()  #@ mint"] {
        let found = verdict(ONE_EACH, &listing(between), Setting::default());
        assert_ne!(orders_with(&found, "context-leak"), 0, "{between}");
    }
    let put = verdict(
        ONE_EACH,
        &listing(
            "    CURRENT = number  #@ put CURRENT session\n    number = CURRENT  #@ take CURRENT",
        ),
        Setting::default(),
    );
    assert_eq!(orders_with(&put, "context-leak"), 0, "known, so the block is skipped");
}
