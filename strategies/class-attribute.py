"""A list in the body of a class: all objects of the class share it.

Believed: "each session has an object, so it has a history".
Actual: there are many objects, but one list: the class has it.
A line in the body of a class runs once, when the class is made. What
`__init__` puts into `self` belongs to one object; what stands in the body
belongs to all of them. So every visitor reads and fills the same list.

Instead: one line moves. Write `self.history = []` in `__init__`, and each
object has a list of its own (session-map-append does the same, without a
class).
"""

from collections import defaultdict


class Chat:
    history = []                            #@ shared Chat.history


CHATS = defaultdict(Chat)


def respond(question, session):
    mine = CHATS[session]
    mine.history.append(question)           #@ append Chat.history question
    answer = assistant(mine.history)        #@ load Chat.history, infer
    mine.history.append(answer)             #@ append Chat.history answer
    return answer                           #@ reply
