"""Two functions in a chain, joined by a global.

Believed: "`.then` runs the second function right after the first".
Actual: they are two requests of the browser. Between them anybody else may
run either of the two functions. What the first one leaves in a global for
the second one is read and written by everybody.

A queue that runs one request at a time does not close the gap: it is
between two requests, and no lock can be held there. Since Gradio 4 each
function has a queue of its own, so the two functions can even run at the
same time. Then turns are lost as well: compare `--profile gradio-3-queue`
with `--profile gradio-4`.

Instead: hand what the second function needs from step to step through the
session's own state (gr-state), or do both in one function.
"""

HISTORY = []                                #@ shared HISTORY


def browser_calls_the_next_function():
    """`button.click(ask).then(reply)`: this line is the `.then`."""


def respond(question, session):
    # The first function, `ask`: it shows the question in the chat.
    history = list(HISTORY)                 #@ load HISTORY
    history.append(question)                #@ note question
    HISTORY[:] = history                    #@ store HISTORY
    browser_calls_the_next_function()       #@ then
    # The second function, `reply`: it answers what is in the chat.
    history = list(HISTORY)                 #@ load HISTORY
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORY[:] = history                    #@ store HISTORY
    return answer                           #@ reply
