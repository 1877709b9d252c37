"""One module-level list, appended to in place: the most common form in the
wild.

Believed: "appending to a list is safe, so my history is safe".
Actual: the list is safe, but it is one list for all visitors.
No append is lost, and everybody's messages are in everybody's context.

What is safe is the list. What is wrong is whose list it is.

Instead: keep one history for each session (session-map).
"""

HISTORY = []                                #@ shared HISTORY


def respond(question, session):
    HISTORY.append(question)                #@ append HISTORY question
    answer = assistant(HISTORY)             #@ load HISTORY, infer
    HISTORY.append(answer)                  #@ append HISTORY answer
    return answer                           #@ reply
