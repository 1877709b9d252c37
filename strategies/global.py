"""One module-level history for every visitor: copy, work, store back.

Believed: "the app remembers the conversation".
Actual: it remembers everybody's conversation, in one list. Whoever asks
next is answered from what everybody said before. Nobody has to be quick for
that: it happens when the users take turns politely.

And because each request works on its own copy, two requests at the same
time both store theirs, and the later one wipes out the earlier one's turn.

Instead: keep one history for each session (session-map).
"""

HISTORY = []                                #@ shared HISTORY


def respond(question, session):
    history = list(HISTORY)                 #@ load HISTORY
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORY[:] = history                    #@ store HISTORY
    return answer                           #@ reply
