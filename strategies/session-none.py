"""A history for each session, but the session is never sent.

Believed: "the histories are kept by session".
Actual: the key is missing, so everybody's key is `None`. The code is
right, and yet there is one history for all. Nothing crashes, because `None`
is a key like any other.

It happened in Gradio 3.1: the browser did not send its session hash, and
`Variable` leaked between the visitors of a Space (gradio, issue 2132).

Instead: refuse a request without a session instead of going on with `None`,
and let the server make the id (uuid-id).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[none]


def respond(question, session):
    request = {}                            # the browser forgot to send it
    key = request.get("session_hash")       # None, for everybody
    history = list(HISTORIES[key])          #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[key] = history                #@ store HISTORIES
    return answer                           #@ reply
