"""One module-level list, appended to in place: the most common form in the
wild.

Believed: "appending to a list is safe, so my history is safe".
Actual: each append is safe, and no message is lost. But there is one list
for all visitors, so everybody's messages are in everybody's context.

What is safe is the list. What is wrong is whose list it is.

Instead: keep one history for each session (session-map).
"""

HISTORY = []                                #@ shared HISTORY


def respond(question, session):
    HISTORY.append(question)                #@ append HISTORY question
    answer = assistant(HISTORY)             #@ load HISTORY, infer
    HISTORY.append(answer)                  #@ append HISTORY answer
    return answer                           #@ reply
