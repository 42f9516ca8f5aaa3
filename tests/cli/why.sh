#!/bin/sh
# imgtui why: paths, and the start command.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

run why --demo /root/miniconda3/bin/python3.11
code_is 0 'explaining never gives 1'
out_has '1000:100 may do nothing with it' 'what the user may do'
out_has '/root  drwx------ root:root  other has no x: search denied' 'and why'
out_has 'layer 2, ' 'and which layer made it so'
run why --demo /nope
code_is 0 'a path that is not there is explained too'
out_has '/nope  is not there' 'by saying so'
run why --demo etc/passwd /etc
[ "$(grep -c '^/' "$out")" -eq 2 ]
point 'several paths, with or without a leading slash'
run why --demo
code_is 2 'no path is a usage error'
run why --demo --format json /opt/app
is_json_lines 'as JSON'
out_has '"access":"r-x"' 'with the access'

run why --demo --start
code_is 0 'the start command is explained'
out_has '/root/miniconda3/bin/python may not be used: permission denied' 'up to the obstacle'
run why --demo --start -- /bin/sh
out_has 'would start' 'another command after --'
run why --demo --start --format json
out_has '"starts":false' 'as JSON'

finish
