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
out_has '^  to read and execute it: chmod o+x /root (+512 B as a layer, +0 B' 'and what opening costs'
run why --demo /proc/1/status
code_is 0 'what only the runtime knows is no error'
run why --demo /nope
code_is 2 'a path that is not there is a usage error'
out_has '/nope  is not there' 'which is said'
run why --demo etc/passwd /etc
[ "$(grep -c '^/' "$out")" -eq 2 ]
point 'several paths, with or without a leading slash'
run why --demo
code_is 2 'no path is a usage error'
run why --demo --format json /opt/app
is_json_lines 'as JSON'
out_has '"access":"r-x"' 'with the access'
out_has '"as":"1000:100"' 'of whom'
run why --demo --format json /root/miniconda3/bin/python
out_has '"open":{"access":"r-x","changes":\[{"path":"/root"' 'and the least change for it'

run why --demo --user root /opt/app/data
out_has 'may read write enter' 'root may do what modes deny'
run why --demo --user root --set root-caps=false /opt/app/data
out_has 'may read enter$' 'without capabilities, modes apply to root'
out_has 'other has no w' 'as to anybody else'
run why --demo --set root-caps=false /opt/app
out_has '1000:100 may read enter' 'and nothing changes for another user'
run ls --demo --user root --set root-caps=false /opt/app/data
out_has '^r-- .*/train.bin$' 'in lists too'

run why --demo --start
code_is 0 'the start command is explained'
out_has '/root/miniconda3/bin/python may not be used: permission denied' 'up to the obstacle'
out_has '^  to read and execute it: chmod o+x /root' 'and what opening it costs'
run why --demo --start -- /bin/sh
out_has 'would start' 'another command after --'
run why --demo --start --format json
out_has '"starts":false' 'as JSON'

finish
