"""A history for each session, and a cache by session and question.

Believed: "with the session in the key, the cache is right".
Actual: nobody hears another user, but answers grow old.
A session that asks the same words again hears the first answer again, also
if it has said something new in between. And the cache repairs nothing about
the history: it is still copied and stored back, so a double click loses a
turn, as with session-map.

Instead: forget a session's cached answers when it says something new, and
let its turns wait for each other (session-lock).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
CACHE = {}                                #@ shared CACHE[session, question]


def respond(question, session):
    history = list(HISTORIES[session])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = CACHE.get((session, question))  #@ lookup CACHE
    if answer is None:                      #@ unless found
        answer = assistant(history)         #@ infer
        CACHE[session, question] = answer   #@ save CACHE
    history.append(answer)                  #@ note answer
    HISTORIES[session] = history            #@ store HISTORIES
    return answer                           #@ reply
