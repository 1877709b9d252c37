"""One history for each network address.

Believed: "the address tells the users apart".
Actual: everybody behind one router has one address. A class, an office, a
whole mobile network: they all share one history here, and each of them is
answered from what the others said.

At home it works, for the developer lives alone behind the address. It was
shipped like this in a public chat demo (InternLM/lmdeploy, issue 503).

Instead: use a key that belongs to the conversation, not to the network
(session-map, uuid-id).
"""

from collections import defaultdict

HISTORIES = defaultdict(list)               #@ shared HISTORIES[address]


def respond(question, session, address):
    history = list(HISTORIES[address])      #@ load HISTORIES
    history.append(question)                #@ note question
    answer = assistant(history)             #@ infer
    history.append(answer)                  #@ note answer
    HISTORIES[address] = history            #@ store HISTORIES
    return answer                           #@ reply
