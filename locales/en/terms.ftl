# What the words on the pages mean: `interleak explain TERM`, and `interleak list terms`.
#
# `.names` are the names that a term is found by, the one that is shown first; `.text` a few short
# sentences for a beginner, whose first one also stands alone in a list; and, each where it helps,
# `.field` the word that the field uses, `.example` an example and `.try` one command to try. In which
# order they are listed says `src/glossary.rs`.

term-race =
    .names = race | races | race condition
    .text =
        Something that goes wrong only when requests overlap: one begins before the other has ended.
        If whole requests run one after the other, it never happens. A lock around the right steps,
        or a store that checks what is there, can repair it.
    .field =
        race condition; the lost update is its best-known form. A data race is narrower: two threads
        touch one place in memory at once.
    .example =
        Two clicks copy the same list. Each adds its message to its copy. The copy that is stored
        last wipes out the other.
    .try = interleak run double-click -s session-map

term-sharing =
    .names = sharing | shared state
    .text =
        Something that goes wrong even when turns never overlap: data of one user is kept in a
        place that others read too. No lock can repair it, because a lock decides when somebody may
        look and not whose data is there. Give each user, or each session, a place of its own.
    .field = shared mutable state; missing isolation between tenants.
    .example =
        One list for all visitors. Alice finishes, an hour later Bob asks, and he is answered from
        Alice's words.
    .try = interleak run voice-assistant -s locked-global

term-lane =
    .names = lane | lanes
    .text =
        One stream of requests, one after the other, such as one browser tab. Each lane has a column
        on the page. Two lanes run at the same time. A lane that sends requests is a client; one
        that works on them behind a queue is a daemon.
    .field = thread of control; process; in Spin and TLA+ a process.
    .example = alice and bob are two lanes. A double click makes two lanes of one user.
    .try = interleak explain two-tabs

term-turn =
    .names = turn | turns | request | reply
    .text =
        One request of a lane and its reply: the user says something (▸), and the app answers (◂). A
        turn is made of steps, and other lanes can move between them.
    .field = request handling; a transaction, if it were isolated.
    .example =
        Alice says "My name is Alice." and is answered "Nice to meet you, Alice!": that is one turn.
    .try = interleak replay voice-assistant --schedule "alice*2"

term-order =
    .names = order | orders | interleaving | interleavings
    .text =
        One way in which the steps of all lanes can follow each other, from the first step to the
        last. A computer may choose any of them, and you cannot know which. interleak looks at all.
    .field = interleaving; execution; run.
    .example =
        With two steps of alice and one of bob there are three orders: bob first, in the middle, or
        last.
    .try = interleak run voice-assistant --all

term-step =
    .names = step | steps
    .text =
        What one lane does before another lane can move. How much that is, is the grain. The numbers
        on the left of a diagram count steps.
    .field = atomic step; transition.
    .example =
        At grain access, a step is one read or write of a shared place, with the lines around it
        that touch nothing shared.
    .try = interleak replay voice-assistant --schedule "alice bob"

term-move =
    .names = move | moves
    .text =
        What one line of a listing does, as its mark says: load, store, infer and so on. Also: a
        lane moves when it makes a step.
    .try = interleak explain global --code

term-function =
    .names = function | functions | then
    .text =
        A part of a turn that the server runs as one request. In a chain of two functions, another
        request can come between them.
    .field = request handler.
    .try = interleak explain two-step --code

term-chain =
    .names = chain | chains
    .text =
        The functions that the browser calls for one turn, one after the other (`then`). Behind a
        finding: it needs another request between two of them, even if requests never overlap. No
        lock can be held there. Do both in one function, or hand on what the second one needs in the
        state of the session. Also the grain at which nobody comes between them.
    .field = a transaction that is not isolated; a saga.
    .example =
        The first function puts a question into a list, the second one answers the last question
        of the list. Between the two, somebody else puts in a question.
    .try = interleak run double-click -s two-step --profile gradio-3-queue

term-grain =
    .names = grain | grains
    .text =
        How large a step is. access: one read or write of a shared place (this is the default).
        line: one line of code. await: up to where the code waits, as on one event loop. turn: a
        whole request. chain: a whole turn, with all requests of its chain. A finer grain has more
        orders. The same number of orders can only be compared at the same grain.
    .field = granularity of atomicity.
    .try = interleak run voice-assistant --grain line

term-access =
    .names = access | accesses
    .text =
        One read or one write of a shared place. Also the grain at which a step is one access: other
        lanes can notice nothing else, so this is the default.
    .field = memory access; operation on a shared object.
    .try = interleak run voice-assistant --grain access

term-line =
    .names = line
    .text =
        The grain at which a step is one line of code. There are more orders than at grain access,
        and the same things go wrong.
    .try = interleak run voice-assistant --grain line

term-await =
    .names = await | event loop
    .text =
        The grain at which a step goes on until the code waits, as in an async app: one event loop
        runs all requests, and another one moves only where the code awaits. A lock that is not made
        for async code stops the whole loop.
    .field = cooperative scheduling.
    .try = interleak run voice-assistant --grain await

term-switch =
    .names = switch | switches
    .text =
        Another lane moves than in the step before. Between two turns a switch is harmless for a
        race; inside a turn it is a preemption.
    .field = context switch.
    .try = interleak replay voice-assistant --schedule "alice bob alice"

term-preemption =
    .names = preemption | preemptions
    .text =
        A switch away from a lane that is inside a turn and could have gone on. An order without one
        runs whole turns one after the other. A race mostly needs one; sharing needs none.
    .field = preemption; the number that bounds a search is the preemption bound.
    .example = alice has read the list and has not yet stored it. Now bob moves.
    .try = interleak run double-click -s session-map

term-chance =
    .names = chance | coin flip | probability
    .text =
        How likely something is if each next step is drawn at random: every lane that can move has
        the same chance. It lets you compare strategies. It is not how often it happens in
        production: there, load and time decide.
    .field = probability under a uniform random scheduler.
    .example =
        If alice and bob can both move, a coin decides. The chance of "alice, alice, bob" is a
        product of such coins.
    .try = interleak stress voice-assistant -s global --runs 200

term-place =
    .names = place | places | shared place | cell
    .text =
        Something that lanes share and that lasts longer than a request: a list, a dictionary entry,
        a lock, a queue. If it has a key, each key is a place of its own. The last column of a
        diagram shows what is in it.
    .field = shared variable; shared object; location.
    .example = HISTORY is one place for all. HISTORIES[alice] is used by alice's session only.
    .try = interleak explain global --code

term-outcome =
    .names = outcome | outcomes
    .text =
        All replies of an order taken together, each with what it was computed from. Many orders can
        have the same outcome. If all have, nobody can notice in which order the steps ran.
    .field = observable result; final state.
    .try = interleak run voice-assistant -s session-map

term-essentially-different =
    .names = essentially different | trace | traces
    .text =
        Two orders are essentially the same if one can be made from the other by exchanging
        neighbouring steps that do not touch the same place. Then nothing can tell them apart.
    .field = Mazurkiewicz traces; partial order reduction.
    .try = interleak run voice-assistant

term-schedule =
    .names = schedule | schedules
    .text =
        An order, or its beginning, written so that it can be typed. alice*2 bob means: alice moves
        twice, then bob once. replay shows it step by step, and stops where the schedule stops;
        --to-end goes on.
    .field = schedule.
    .try = interleak replay voice-assistant --schedule "alice*2 bob"

term-witness =
    .names = witness | again
    .text =
        The simplest order that shows a finding: the fewest lanes, the fewest preemptions, the
        fewest switches, the fewest steps. The command behind Again replays it.
    .field = counterexample; witness.
    .try = interleak run voice-assistant --only amnesia

term-anomaly =
    .names = anomaly | anomalies | finding | findings
    .text =
        A kind of wrong, such as a reply made from another user's data. A finding is one case of it
        in one order. interleak judges eight kinds.
    .field = anomaly, as in databases; property violation.
    .try = interleak list anomalies

term-verdict =
    .names = verdict | never | sometimes | always
    .text =
        The answer for one kind of wrong: never (in no order), sometimes (in some orders and not in
        others), always (in every order), or unknown (not every order was looked at).
    .example = With a lock around the whole turn of a global, the leak is not rarer: it is always.
    .try = interleak run voice-assistant -s locked-global

term-clean =
    .names = clean
    .text =
        Nothing that is judged goes wrong, in any order of this scenario. The page says how many
        orders that were. It says nothing about other scenarios, nor about what the listing leaves
        out.
    .try = interleak run voice-assistant -s session-lock

term-unknown =
    .names = unknown | limit hit
    .text =
        A limit stopped the search before every order was looked at, and nothing wrong was found
        until then. That proves nothing. Use fewer lanes, a coarser grain or a higher limit. The
        command then ends with exit code 3.
    .field = inconclusive; bounded search.
    .try = interleak run three-students --max-states 100

term-scenario =
    .names = scenario | scenarios
    .text =
        Who says what: the lanes, their users and their messages, in a JSON file. It may say what
        the author expects of each strategy.
    .field = test case; workload.
    .try = interleak list scenarios

term-strategy =
    .names = strategy | strategies
    .text =
        A way in which an app keeps its state: one global list, a list for each session, a lock, a
        queue. The same scenario can be run with each strategy.
    .try = interleak list strategies

term-listing =
    .names = listing | listings
    .text =
        A strategy written down as a short Python file. Marks (#@) in its lines say what is
        simulated.
    .try = interleak explain global --code

term-mark =
    .names = mark | marks
    .text =
        In a listing: what follows #@ in a line, and says what that line does to shared places. In a
        diagram and at the beginning of a page: a word such as LEAK that says what went wrong. (!)
        stands behind the step that matters most for it.
    .try = interleak explain leak

term-twin =
    .names = twin | twins | loom
    .text =
        The same strategy written in Rust, on real threads. A tool called loom tries every order of
        it, so that what is simulated can be compared with what real code does.
    .field = model checking of the implementation.
    .try = interleak explain global --code rust

term-user =
    .names = user | users
    .text =
        A person, and a border: what one user says must not be in a reply to another. One user can
        have several sessions.
    .field = principal; tenant.
    .try = interleak explain two-tabs

term-session =
    .names = session | sessions
    .text =
        One conversation of one user, such as one browser tab. An app usually gets a session id with
        each request.
    .try = interleak run two-tabs -s session-map

term-daemon =
    .names = daemon | daemons | client | clients | actor
    .text =
        A client is a lane that sends requests. A daemon is a lane that belongs to the app: it takes
        questions out of a mailbox and hands answers back, as a worker behind a queue does.
    .field = server process; an actor, if nobody else touches its state.
    .try = interleak run voice-assistant -s actor

term-mailbox =
    .names = mailbox | mailboxes | queue
    .text =
        A place that questions are put into (←) and that a daemon takes them out of (→), the oldest
        first.
    .field = message queue.
    .try = interleak run voice-assistant -s actor

term-pipe =
    .names = pipe | pipes
    .text =
        A place that answers are put into and taken out of, the oldest first. Whoever takes one out
        may get an answer that is meant for somebody else.
    .field = connection; channel.
    .try = interleak explain pooled-connection

term-lock =
    .names = lock | locks | hold
    .text =
        A place that only one lane can hold at a time; others wait. The sign ┃ stands beside a lane
        while it holds one. A lock makes others wait. It does not make shared data private.
    .field = mutex; mutual exclusion.
    .try = interleak run voice-assistant -s locked

term-worker =
    .names = worker | workers | thread | threads
    .text =
        A thread of the server that runs requests, one at a time. It is used again for the next
        request, so what a thread remembers can be of another user.
    .field = thread pool.
    .try = interleak run threads -s thread-local

term-replica =
    .names = replica | replicas | routing | sticky
    .text =
        One of several copies of the app. Each has its own variables. Routing says which copy gets a
        request: sticky means that a session always gets the same one.
    .field = replica; load balancing; session affinity.
    .try = interleak run replicas -s replicas-unsticky

term-limit =
    .names = limit | profile
    .text =
        How many requests the server works on at once. Others wait outside. A batch of requests
        counts once, and who waits for it does not. A profile is the limit
        of a server that people really use.
    .field = concurrency limit.
    .try = interleak run voice-assistant --limit 1

term-fault =
    .names = fault | faults | cancel | cancelled
    .text =
        A request that its client gives up while it waits, once, at any moment. What the request had
        begun may stay half done.
    .field = cancellation; fault injection.
    .try = interleak run cancel -s pooled-connection

term-context =
    .names = context | basis
    .text =
        The messages that a reply was computed from: all that the assistant got to see. A reply
        leaks if a message of another user is among them.
    .field = provenance; information flow.
    .try = interleak run voice-assistant --show 1

term-heard =
    .names = heard | hears
    .text =
        Who is answered from whose messages, in how many orders. alice#1 hears bob: alice's first
        reply was computed from something that bob said. One order can be counted in several lines.
    .field = information flow between users.
    .try = interleak run voice-assistant

term-label =
    .names = label | alice#1 | signs
    .text =
        alice#1 is alice's first message. alice#1+a is that message with its answer right behind it,
        alice#1:a is the answer alone. ➜ is what a line reads, = what the place holds after a write,
        ▸ what the user says, ◂ the reply, ┃ a lock that is held.
    .try = interleak replay voice-assistant --schedule "alice*2"

term-virtual-time =
    .names = virtual time | reply time | mean reply | worst | price
    .text =
        Time in which only thinking and waiting take any, so it is the same on every machine. The
        reply time goes from the sending of a request to its reply. Mean and worst of all turns are
        the price of a strategy.
    .field = discrete-event simulation; latency.
    .example =
        If everybody waits for one lock and the assistant thinks for 1 s, the third of three is
        answered after 3 s.
    .try = interleak compare class -s session-lock -s locked

term-interval =
    .names = interval | confidence
    .text =
        The range behind a share of runs: if this very run were repeated in the same conditions, 95
        of 100 such ranges would hold the share that it comes from. Another machine, another load or
        another day is another share.
    .field = confidence interval (Wilson).
    .try = interleak stress voice-assistant -s global --runs 200

term-expectation =
    .names = expectation | expectations | expected
    .text =
        What the author of a scenario says about a strategy: clean, or how often each kind of wrong
        shows. check tells whether it is so.
    .try = interleak check double-click

term-false-repair =
    .names = false repair | isolated | race only | right | group
    .text =
        The groups of strategies, in lesson order. Sharing: all use one place. False repair: it
        looks like a repair, and it still goes wrong. Race only: wrong only when requests overlap.
        Isolated: users are apart, but one user can lose a turn. Right: nothing leaks, and nothing
        is lost.
    .try = interleak list strategies

term-stale-write =
    .names = stale-write | stale write | perhaps
    .text =
        In a log: a request has read a place, somebody else wrote it, and then the request wrote it
        too. The log does not say which messages were written, so something may have been lost.
    .field = lost update, not proven.
    .try = interleak explain lost-update

term-assumption =
    .names = assumption | assumptions | assumed
    .text =
        Something that interleak takes for granted about what it cannot see, such as which copy of
        the app serves whom. A page lists what it takes
        for granted behind the word Assumed. On a
        server where it does not hold, other things can happen.
    .field = modelling assumption; environment assumption.
    .try = interleak run replicas -s session-map --full

term-doubt =
    .names = doubt | doubts
    .text =
        Something that is not certain: a line that names a shared place and does not say that it
        reads it, so that it is not looked at; or what can show when other idle threads take the
        requests. With a doubt, nothing found is no proof: the verdict is UNKNOWN, exit code 3.
    .try = interleak explain global --code

term-repair =
    .names = repair | repairs | try
    .text =
        What makes a fault go away. A page names shipped strategies with which the same check finds
        nothing in any order. What it says to try next follows the lesson: first what looks like a
        repair and is none, then what is one.
    .try = interleak run voice-assistant -s session-map

term-idle =
    .names = idle
    .text =
        A thread that has no request to run. A server keeps a few threads and uses them again. Which
        idle one takes the next request is the server's choice: the one that has been idle longest,
        the one that became idle last (--idle), or any other. What one thread keeps for itself is
        found by whoever gets it next.
    .try = interleak run threads -s thread-local

term-pause =
    .names = pause | pauses
    .text =
        A wait for something that is neither the assistant nor another lane: time, or a database. In
        a listing it is the mark of such a line. Others go on meanwhile on one event loop, and a
        client can cancel there.
    .field = a suspension point.
    .try = interleak run cancel -s pooled-connection --grain await

term-batch =
    .names = batch | batches
    .text =
        Requests that wait together and are answered by one call of a function. The server counts
        them as one, so a limit of one does not keep two users out of one batch.
    .try = interleak run voice-assistant -s framework-batch --profile gradio-4

term-half-turn =
    .names = half turn | half-turn
    .text =
        A question that is stored and never answered, because its client cancelled the request while
        it waited. It is told and not judged: some apps want it so.
    .try = interleak run cancel -s pooled-connection-dropped
