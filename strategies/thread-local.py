"""A history in `threading.local()`, as if a thread were a session.

Believed: "each user runs in a thread of their own".
Actual: threads are used again. A server keeps a few threads and gives the
next request to whichever is idle. The history of the last user still lies
in it.

So Bob may find what Alice said. And Alice may not find it: her second
request can run in another thread than her first.

In an `async def` there is one thread for all, and this is simply a global:
try it with `--grain await`.

Instead: keep the history by session, not by thread (session-map). For
something that belongs to one request only, use a ContextVar
(context-variable).
"""

from threading import local

LOCAL = local()                             #@ shared LOCAL[worker]


def respond(question, session):
    history = list(getattr(LOCAL, "history", []))  #@ load LOCAL
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    LOCAL.history = history                 #@ store LOCAL
    return answer                           #@ reply
