"""A history for each session, and a cache of answers by question only.

Believed: "the same question has the same answer".
Actual: an answer is made from a history, and that is private.
Alice asks "What is my name?" and the answer goes into the cache. Bob asks
the same words, and is told Alice's name. The histories are apart; the cache
joins them again.

More requests at once make the leak rarer, not impossible: those who ask
before the cache is filled get answers of their own. So a busy test can look
cleaner than a quiet one.

Instead: put everything that an answer depends on into the key, the session
first of all (cache-by-session).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[session]
CACHE = {}                                  #@ shared CACHE[question]


def respond(question, session):
    history = list(HISTORIES[session])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = CACHE.get(question)            #@ lookup CACHE
    if answer is None:                      #@ unless found
        answer = assistant(history)         #@ infer
        CACHE[question] = answer            #@ save CACHE
    history.append(answer)                  #@ note answer
    HISTORIES[session] = history            #@ store HISTORIES
    return answer                           #@ reply
