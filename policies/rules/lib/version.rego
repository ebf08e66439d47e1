# METADATA
# title: Versions that compare
# description: Shared by the rules about the versions of engines.
package gatehouse.lib.version

# numbers are the numbers in a version, whose arrays compare as versions do:
# "8.0.mysql_aurora.3.05" is [8, 0, 3, 5].
numbers(text) := [to_number(number) | some number in regex.find_n(`[0-9]+`, text, -1)]
