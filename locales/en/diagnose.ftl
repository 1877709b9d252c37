# The page of `interleak diagnose`. context-leak, lost-update and stale-write are names, and stay.

## Labels and marks before a line. A mark has at most seven columns, if the language lets it.

diagnose-label-lines = Lines
diagnose-label-open = Open
diagnose-label-skipped = Skipped
diagnose-mark-leak = LEAK
diagnose-mark-lost = LOST
diagnose-mark-stale = PERHAPS

## Who and what a sentence is about

diagnose-request = { $who }'s request { $request }
# A session whose name is not remembered.
diagnose-somebody = somebody
diagnose-quoted = "{ $text }"
diagnose-the-message = the message
diagnose-the-cell = the cell
diagnose-what-was-new = what was new

## A case in one sentence. $request and $by are such as `bob's request r2`, or a name alone.

diagnose-leak = the reply to { $request } (line { $line }) was built from { $other }'s message "{ $message }".
diagnose-leak-unnamed = the reply to { $request } (line { $line }) was built from { $other }'s message.
diagnose-lost = { $request } (line { $line }) wiped out "{ $message }", which { $by } had put into { $cell }.
diagnose-lost-unnamed = { $request } (line { $line }) wiped out what { $by } had put into { $cell }.
diagnose-stale = { $request } (line { $line }) may have overwritten what { $by } had put into { $cell }.

## How it came about. $first and $second are numbers of lines.

diagnose-why-leak = { $message } belongs to { $other } (line { $first }), and { $request } read it from { $cell } (line { $second }). A reply to { $who } may use only what { $who } said.
diagnose-why-leak-basis = { $message } belongs to { $other } (line { $first }), and the reply to { $request } names it as what it was built from (line { $second }). A reply to { $who } may use only what { $who } said.
diagnose-why-leak-asked = { $message } is { $other }'s question (line { $first }), and its reply went to { $who } (line { $second }).
# $message is quoted, or it is `what was new`.
diagnose-why-lost = { $by } wrote { $cell } (line { $first }) after { $request } had read it. So { $request } put back an old copy (line { $second }), without { $message }.
diagnose-why-stale = { $by } wrote { $cell } (line { $first }) after { $request } had read it, and then { $request } wrote it (line { $second }). The log does not name the messages of both writes, so what was lost cannot be told.
diagnose-why-lost-not-read = { $by } wrote { $cell } (line { $first }). { $request } was under way at the same time and wrote it without reading it (line { $second }), so { $message } is gone.
diagnose-why-stale-not-read = { $by } wrote { $cell } (line { $first }). Later { $request } wrote it without reading it (line { $second }). The log does not tell whether what stood there was meant to go.
# Instead of a line of the log.
diagnose-not-kept = (cannot be shown: what comes from a pipe is not kept)

## If nothing certainly went wrong

diagnose-verdict-clean =
    { $judged ->
        [one] The only judged reply was not built from another user's message, and no write was lost, as far as the log tells.
       *[other] None of { $judged } judged replies was built from another user's message, and no write was lost, as far as the log tells.
    }
diagnose-verdict-unknown =
    { $judged ->
        [0] No reply could be judged, and no write was lost for certain.
        [one] The only judged reply was not built from another user's message.
       *[other] None of { $judged } judged replies was built from another user's message.
    }
diagnose-see-open = But not everything could be told: see Open below.

## Numbers

diagnose-size =
    { $log } · { $lines ->
        [one] { $lines } line
       *[other] { $lines } lines
    } · { $sessions ->
        [one] { $sessions } session
       *[other] { $sessions } sessions
    } · { $requests ->
        [one] { $requests } request
       *[other] { $requests } requests
    }
diagnose-count-leaks =
    context-leak: { $leaks } of { $judged ->
        [one] { $judged } judged reply
       *[other] { $judged } judged replies
    }
diagnose-count-lost =
    lost-update: { $lost } lost, { $writes ->
        [one] { $writes } write
       *[other] { $writes } writes
    } compared with what was read before
diagnose-count-lost-at-least =
    lost-update: at least { $lost } lost, { $writes ->
        [one] { $writes } write
       *[other] { $writes } writes
    } compared with what was read before
diagnose-count-stale =
    stale-write: { $writes ->
        [one] { $writes } write
       *[other] { $writes } writes
    } may have overwritten something

## Why it is clean

diagnose-ground-own-messages = Every message that a judged reply was built from was brought in by a request of the same user.
diagnose-ground-own-or-shared-messages = Every message that a judged reply was built from was brought in by a request of the same user, or stood in a place that is shared on purpose.
diagnose-ground-nothing-dropped = No write dropped something of others that its session had not read.
diagnose-ground-nothing-compared = No request read a cell and then wrote it, and no write dropped something of others that its session had not read.
diagnose-ground-named-places = A log tells what the app logged: a place that it does not name was not looked at.

## What could not be told

diagnose-limit-interrupted = It was interrupted: only the first { $lines } lines were read.
diagnose-limit-unknown-origin =
    { $replies ->
        [one] { $replies } reply was
       *[other] { $replies } replies were
    } built from messages of unknown origin, { $messages } in all (first: line { $first_line }).{ $forgotten ->
        [0] { "" }
       *[other] { " " }{ $forgotten } of them came in longer ago than is remembered ({ $remember } messages of each session).
    }{ $elsewhere ->
        [0] { "" }
       *[other] { " " }No line of this log says who brought { $forgotten ->
            [0] them
           *[other] the others
        } in, so they may be older than it.
    }
diagnose-limit-named-too-late =
    { $replies ->
        [one] { $replies } reply was
       *[other] { $replies } replies were
    } built from messages whose user was not named before the end or before too many others (first: line { $first_line }), so it cannot be told.
diagnose-limit-perhaps-anothers =
    { $replies ->
        [one] { $replies } reply was
       *[other] { $replies } replies were
    } built from messages that may be another user's (first: line { $first_line }), but ids are used twice in this log, so it cannot be told.
diagnose-limit-used-twice =
    { $ids ->
        [one] { $ids } id was
       *[other] { $ids } ids were
    } used by a second session too. Where one of the two is the reader's, it was taken for the reader's own.
diagnose-limit-not-judged =
    { $replies ->
        [one] { $replies } reply was
       *[other] { $replies } replies were
    } not judged: the log has neither a basis nor every read of the request.
diagnose-limit-requests-forgotten =
    { $requests ->
        [one] { $requests } request was
       *[other] { $requests } requests were
    } forgotten because their session had more than { $open_max } open (first: line { $first_line }).
diagnose-limit-reads-forgotten =
    { $reads ->
        [one] { $reads } read was
       *[other] { $reads } reads were
    } forgotten because their request had read more than { $cells_max } cells (first: line { $first_line }). What such a request wrote was not compared with them.
diagnose-limit-too-long-ago =
    { $writes ->
        [one] { $writes } write was
       *[other] { $writes } writes were
    } based on a read so long ago that it is not known what was written since (first: line { $first_line }).
diagnose-limit-skipped-may-tell =
    { $lines ->
        [one] { $lines } line was
       *[other] { $lines } lines were
    } skipped that may say something: see Skipped.

## Lines that were skipped, for each reason

diagnose-skipped =
    { $lines ->
        [one] { $lines } line
       *[other] { $lines } lines
    }: { $reasons }.
diagnose-skipped-reason = { $lines } { $reason } (first: line { $first_line })

## What is good to know; one behind the other

diagnose-note-other-events =
    { $lines ->
        [one] { $lines } line
       *[other] { $lines } lines
    } of other events not looked at.
diagnose-note-order-of-lines = The order of the lines was taken for the order of events.
diagnose-note-shared-on-purpose =
    { $lines ->
        [one] { $lines } line was
       *[other] { $lines } lines were
    } about places that are shared on purpose: no leak was looked for in what stands there.
diagnose-note-requests-alike =
    { $requests ->
        [one] { $requests } request has
       *[other] { $requests } requests have
    } an id that another session used too (first: line { $first_line }): they were taken for different requests.
diagnose-note-clock-back =
    But { $lines ->
        [one] { $lines } line is
       *[other] { $lines } lines are
    } earlier than the one before, by up to { $seconds } s (line { $line }): the clock was set, or lines are not in order.
diagnose-note-clock-back-a-little =
    But { $lines ->
        [one] { $lines } line is
       *[other] { $lines } lines are
    } earlier than the one before, by less than 0.001 s (line { $line }): the clock was set, or lines are not in order.
diagnose-note-times-unreadable =
    { $times ->
        [one] { $times } time
       *[other] { $times } times
    } could not be read.
