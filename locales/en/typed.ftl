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
