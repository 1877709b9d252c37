# What can be wrong on a command line, and in what a command meets on its way.

## What a name means

load-unknown-scenario = unknown scenario { $name }
load-unknown-strategy = unknown strategy { $name }
load-scenario-as-strategy = { $name } is a scenario (it says who says what), but a strategy is wanted here
load-strategy-as-scenario = { $name } is a strategy (it says how the app keeps its state), but a scenario is wanted here
load-listing-as-scenario = { $name } is a listing (a strategy in Python: it says how the app keeps its state), but a scenario is wanted here
load-this-takes-it = this takes it: { $command }
load-not-beside = { $scenario } expects something of { $strategy }, but there is no file { $path }
load-not-beside-help = a path in "expect" starts at the folder of the scenario's file

## Files that are written

save-wrote = wrote { $file }
save-ending = the name { $file } does not end in { $endings }
save-ending-help = so that no other file is replaced by mistake; nothing was written
save-is-read = { $file } is the file that this run reads
save-is-read-help = choose another name; nothing was written
save-is-there = { $file } is there already
save-is-there-help = choose another name, or move that file away; nothing was written
save-is-folder = { $file } is a folder
save-is-folder-help = give the name of a file
save-no-file = { $file } is a device or a pipe, not a file
save-no-file-help = give the name of a file; nothing was written
save-no-folder = there is no folder { $folder }
save-no-folder-help = make it first; nothing was written
save-links-in-circle = cannot write { $file }: its links lead in a circle
# $error is the system's.
save-cannot = cannot write { $file }: { $error }
save-no-folder-of-it-help = make its folder first; nothing was written
save-nothing-written = nothing was written
new-no-file-name = { $name } is not a file name
new-for-example = for example: { $command }
new-other-ending = files that end in .{ $ending } are none of interleak's
new-endings = NAME.json is a scenario, NAME.py a strategy, NAME both

## Signs of life, in one line

progress-runs = running: { $done } of { $all } runs
progress-drawing-up = drawing up orders of { $strategy }
progress-python = in Python: { $done } of { $all } orders of { $strategy }
progress-read = reading: { $mebibytes } MiB · { $lines } lines
progress-read-of = reading: { $mebibytes } of { $all } MiB · { $lines } lines
progress-drawing = drawing: { $done } of { $all } orders
progress-counting = counting: { $states } states · { $mebibytes } MiB
progress-exploring = exploring: step { $step } of { $depth } · { $states } states · { $mebibytes } MiB
progress-exploring-left = exploring: step { $step } of { $depth } · { $states } states · { $mebibytes } MiB · about { $seconds } s left, then counting

## Values of options

typed-order = the number of an order: 1 or more, of at most { $most } digits
typed-orders = a number of orders from 0 to { $most }
typed-states = a number of states from 1 to { $most }
typed-size = a size from 1M to 1T, such as 512M or 2G
values-empty = { $first }..{ $last } is empty; write the smaller number first
values-too-far = { $first }..{ $last } are more than { $most } values; name some of them: { $some }
values-too-many = { $count } values; at most { $most }
values-whole = whole numbers, such as 2..8 or 1,2,4

## What is typed does not fit

typed-one-strategy = { $command ->
    [replay] replay shows
    [stress] stress runs
   *[other] { $command } looks at
} one strategy at a time
typed-routing-twice = { $strategy } says itself which replica serves a request (route { $own }), so --routing { $typed } would change nothing
typed-routing-twice-help = leave out --routing, or the word `route` in the listing
typed-unknown-anomaly = unknown anomaly { $name }
typed-no-text = { $word } is not UTF-8 text
typed-no-text-help = if it is a file, give it another name first: mv OLD NEW
typed-not-understood = a word that cannot be understood
typed-cannot-write = cannot write the answer: { $error }

## A schedule

replay-does-not-fit = this schedule does not fit at move { $number }: { $why }
replay-over = the run is over
replay-cannot-move = cannot move
replay-leave-out = leave this move out: every lane is through
replay-deadlock-here = nobody can move here: this order ends in a deadlock
replay-could-move = who could move here: { $lanes }
replay-unknown-lane = unknown lane { $name }
replay-no-space = no space before *: alice*2
replay-no-lane = no lane has this name
replay-too-many = a schedule of more than { $most } moves
replay-too-many-from-here = too many from here on
replay-too-many-help = a run is over long before that; leave out what comes too late
replay-bad-times = `{ $times }` is not a number of moves
replay-whole-number = a whole number from 1 on
replay-times-help = write alice, or alice*2 to move alice twice

## Orders that are asked for

run-has-orders = { $scenario } × { $strategy } has { $orders ->
    [one] 1 order
   *[other] { $orders } orders
}
run-no-such-order = there is no order { $number }: { $counted }
run-choose-order = choose a number from 1 to { $orders }
run-too-many-to-list = too many orders to list: { $counted }
run-list-help = at most { $most } are listed; --show N draws some of them, --order K shows one
run-log-of-one = --log writes the order of one strategy
run-log-of-one-help = name one strategy with -s
label-log = Log
run-log-holds = { $path } holds { $what }.
run-log-shows = the order that shows { $anomaly }, to its end
run-log-in-turn = an order in which all lanes move in turn

## Other commands

check-expects-nothing = { $name } expects nothing
check-expects-nothing-help = say in its "expect" what each strategy should show; see `interleak explain voice-assistant`
compare-none-fits = none of the strategies can be run like this
sweep-out-of-range = --{ $axis }: { $value } { $axis ->
    [lanes] lanes
    [turns] turns of each lane
   *[other] milliseconds
} are too { $few ->
    [few] few
   *[many] many
}
sweep-choose = choose from { $least } to { $most }
sweep-choose-size = choose from { $least } to { $most }: at most { $lanes_max } lanes and { $turns_max } turns can be explored, and this scenario begins with { $lanes } lanes and { $turns } turns
bug = a bug in interleak: { $what }
bug-report = please report it, with the scenario and the strategy
bug-shows-not = the engine found { $anomaly } in an order that does not show it
bug-no-replay = an order of the engine cannot be replayed
