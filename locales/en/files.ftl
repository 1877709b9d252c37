# What can be wrong in a file: a scenario, a listing, a log, a report.

## Files that cannot be read

# $what is always one of these kinds of file.
input-what = { $what ->
    [report] report
    [scenario] scenario
   *[strategy] strategy
}
input-give-path-or-name = give the path of a { input-what } file, or a name that `interleak list` shows
input-give-path-of-log = give the path of a log, or - for standard input
input-give-path-of-report = give the path of a saved report
input-no-file = there is no file { $file }
input-folder = { $file } is a folder, not a { input-what } file
input-folder-no-log = { $file } is a folder, not a log
input-folder-help = give the path of one file in it
input-not-ordinary = { $file } is not an ordinary file
input-not-ordinary-help = save the { input-what } in a file and give its path
# $why is the system's.
input-cannot-read = cannot read { $file }: { $why }
input-too-large = { $file } has { $bytes } bytes; a { input-what } file has at most { $most }
input-too-large-help = is it the right file?
input-too-many-values = { $file } has more than { $most } values, too many for a report
input-too-many-values-help = is it the right file? A report of fewer strategies has fewer
input-not-utf-8 = { $file } is not UTF-8 text: line { $line }, byte { $byte } of the file
input-not-utf-8-help = save it as UTF-8 in your editor

## What a scenario and a strategy make together, if it is too much

# What is numbered here is always far more than one.
program-too-long = one order of this scenario and strategy could run { $lines } marked lines; at most { $most } can be followed: use fewer turns or fewer marks
program-too-many-messages = one order of this scenario and strategy could add { $added } messages to lists; at most { $most } can be followed: use fewer turns or fewer marks
program-counts-too-far = a counter of this strategy could reach { $number } in this scenario; at most { $most } can be told apart: use fewer turns
program-too-many-lanes = this scenario and strategy make { $lanes } lanes; at most { $most } can be explored: use fewer lanes
program-too-many-places = this scenario and strategy make { $places } shared places; at most { $most } can be explored: use fewer lanes, fewer different questions, or fewer keys
program-workers-in-replicas = a strategy with workers of its own cannot be run in several replicas here; use one replica, or key its places by `replica`
