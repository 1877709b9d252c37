"""A state for each session, and all of them begin with the same list.

Believed: "it is in gr.State, so each session has its own".
Actual: each session has its own state, and all are one list.
Gradio copies the value that `gr.State(value)` was made with, once for each
session. It does not copy what the handler returns: it keeps a reference. So
after `state = DEFAULT` every session holds the same list, and each append
is an append for all.

Instead: begin with a copy, `state = list(DEFAULT)`, or write `gr.State([])`
and let Gradio make it (gr-state).
"""

STATES = {}                            # Gradio's: gr.State(None)
DEFAULT = []                           #@ shared DEFAULT


def respond(question, session):
    state = STATES.get(session)        # Gradio hands the state in
    if state is None:
        state = DEFAULT
    state.append(question)             #@ append DEFAULT question
    answer = assistant(state)          #@ load DEFAULT, infer
    state.append(answer)               #@ append DEFAULT answer
    STATES[session] = state            # Gradio keeps what is returned
    return answer                      #@ reply
