"""One global variable says whose request this is.

Believed: "it is set first in each request, so it is right".
Actual: it is right until the next request begins.
If Bob's request begins while Alice's is at work, the variable says Bob for
both. Alice's question goes into Bob's history, she is answered from it, and
her own history never hears of it.

As long as requests do not overlap, nothing is wrong. So it passes every
test that one person makes, and fails in the first lesson.

Instead: hand the session on as an argument (session-map-append). If too
many functions lie between, use a variable that each request has its own
value of (context-variable).
"""

from collections import defaultdict

CURRENT = None                              #@ shared CURRENT
HISTORIES = defaultdict(list)               #@ shared HISTORIES[id]


def respond(question, session):
    global CURRENT
    CURRENT = session                       #@ put CURRENT
    # ... here the app works; then, deep inside of it:
    user = CURRENT                          #@ take CURRENT
    HISTORIES[user].append(question)        #@ append HISTORIES question
    answer = assistant(HISTORIES[user])     #@ load HISTORIES, infer
    HISTORIES[user].append(answer)          #@ append HISTORIES answer
    return answer                           #@ reply
