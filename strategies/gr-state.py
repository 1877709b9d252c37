"""`gr.State`, and a handler that works on a copy of it.

Believed: "gr.State keeps each session's data safe".
Actual: it is safe from others, but the last writer wins.
Gradio reads the state when a request begins, and writes it back when the
request ends. Two requests of one session at once (a double click) both
begin with the same state. Both add a turn to it, and the one that ends
later writes over the other's.

With Gradio's default, one request at a time, that cannot happen. It begins
on the day when somebody raises `concurrency_limit`.

Instead, if a session may send twice at once: append to the list in place
(session-map-append), or let its turns wait for each other (session-lock).
"""

STATE = {}                                  #@ shared STATE[session]


def respond(question, session):
    state = STATE.get(session, [])          #@ load STATE
    history = list(state)
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    STATE[session] = history                #@ store STATE
    return answer                           #@ reply
