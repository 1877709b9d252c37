# What can be wrong on a command line, and in what a command meets on its way.

typed-not-understood = a word that cannot be understood
typed-not-text = { $word } is not UTF-8 text
typed-rename = if it is a file, give it another name first: mv OLD NEW
typed-no-answer = cannot write the answer: { $why }
