#!/bin/sh
# Options, commands, help, and what is said of wrong ones.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

run --version
code_is 0 '--version ends well'
out_has '^imgtui [0-9]' '--version says which'

run --help
code_is 0 '--help ends well'
out_has 'imgtui check IMAGE' 'the help lists the commands'
run check --help
out_has '^usage: imgtui check' 'a command has its own help'
out_has 'no-verify' 'and its own options there'
out_lacks 'save-plan' 'and no option of another command'

run
code_is 2 'no image is a usage error'
run diff a b
code_is 2 'an unknown command is a usage error'
err_has "unknown command 'diff'" 'and is named'
out_is_empty 'nothing of it goes to stdout'
run check --nope x
code_is 2 'an unknown option is a usage error'
err_has "unknown option '--nope'" 'and is named'
run check --all --demo
code_is 2 'an option of another command is a usage error'
run check --format xml --demo
err_has 'none of text|json' 'a wrong value names the right ones'
run check --fail-on
err_has "'--fail-on' needs a value" 'a missing value is named'
run ls --demo /etc --at 0
code_is 2 'layers count from 1'

run ls --demo --layer 2 --at 1
code_is 2 'one view of the layers at a time'
run check --demo --user 1000:100:5
code_is 2 'a user has one group'
run inspect --demo --format text
code_is 2 'inspect has one format'

for command in check fix guide ls why cat inspect request profiles; do
	run $command --help
	! awk 'length($0) > 80' "$out" | grep -q .
	point "the help of $command has no more than 80 columns"
done
run fix --help
out_has 'SOURCE_DATE_EPOCH' 'the help says what makes digests repeatable'

run --format json --demo check
code_is 1 'options and the demo image may stand before the command'
is_json_lines 'and they hold for it'
run ls --demo --no-cache -q /etc/passwd
code_is 0 'options may stand between operands'
: >./--demo
run ls -- --demo
code_is 3 'what follows -- is no option'
SOURCE_DATE_EPOCH=x run check --demo
code_is 2 'a wrong SOURCE_DATE_EPOCH is a usage error'
SOURCE_DATE_EPOCH=253402300800 run check --demo
code_is 2 'so is one after the year 9999'
SOURCE_DATE_EPOCH=253402300799 run check --demo
code_is 1 'but not its last second'
run --demo
code_is 2 'no screen without a terminal'
err_has 'imgtui check' 'with a hint at what works'
run check --demo --profile nope
code_is 2 'an unknown profile is a usage error'
err_has 'modelarts-training' 'which lists what there is'
run check --demo --user nobody-here
code_is 2 'an unknown user is a usage error'
run profiles
out_has '^modelarts-training  ' 'profiles are listed'
run profiles modelarts-training
out_has '^MAT-USR-001  ' 'the rules of a profile are listed'
! sed -e '/^To test a result/,$d' -e '/^    ask: /d' "$out" | awk 'length($0) > 80' | grep -q .
point 'in no more than 80 columns, but for commands to copy'

finish
