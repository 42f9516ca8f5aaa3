#!/bin/sh
# imgtui ls and cat.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
"$mkimage" plain plain.tar
run ls plain.tar
code_is 0 'listing never gives 1'
cat >expected <<'END'
r-x drwxr-xr-x root:root                  /
--- drwx------ root:root                  /data
--- -rw-r--r-- root:root              7 B /data/secret
r-x drwxr-xr-x root:root                  /etc
r-- -rw-r--r-- root:root             23 B /etc/group
r-- -rw-r--r-- root:root             30 B /etc/passwd
--- lrwxrwxrwx root:root                  /link -> data/secret
rw- -rw-r----- 1000:users             6 B /new
END
cmp -s expected "$out"
point 'access, mode, owner, size and path'

run ls plain.tar --user root
out_has '^rw- .*/data/secret' 'root reads what others may not'
run ls plain.tar /data
[ "$(wc -l <"$out")" -eq 2 ]
point 'a path and what is below it'
run ls plain.tar /nope
code_is 2 'a path that is not there is a usage error'
run ls plain.tar --at 1
out_has ' /gone$' 'the tree after layer 1'
out_lacks ' /new$' 'without what came later'
run ls plain.tar --layer 2
out_has '^removed .* /gone$' 'what layer 2 removed'
out_has '^added .* /new$' 'and added'
out_lacks 'passwd' 'and nothing else'
run ls plain.tar --layer 3
code_is 2 'a layer that is not there is a usage error'

run ls plain.tar --format json
is_json_lines 'objects, one in each line'
head -n 1 "$out" | grep -q '^{"path":"/","type":"dir","mode":"0755"'
point 'the root is the first'
out_has '"path":"/data/secret".*"access":"---","blocked_by":"/data"' 'who is in the way'
out_has '"path":"/link","type":"symlink".*"target":"data/secret".*"blocked_by":"/data"' \
	'also for the target of a link'
out_has '"path":"/new".*"uid":1000,"gid":100,"group":"users".*"layer":2' 'names of the image'

err_is_empty 'a tree without problems is listed without a word'

"$mkimage" dangling dangling.tar
run ls dangling.tar /a
code_is 0 'problems of the tree leave the exit code'
err_has "^imgtui: dangling.tar: dangling-hardlink: layer 1: hard link 'a/one" 'and are told'
[ "$(wc -l <"$err")" -eq 1 ]
point 'those of the listed part'
shows_no_control_bytes "$err" 'made visible'
run ls dangling.tar
[ "$(wc -l <"$err")" -eq 21 ]
point 'at most 20'
err_has "^imgtui: dangling.tar: and 5 more; 'imgtui check' lists all$" 'and how many more'
run ls dangling.tar -q
err_is_empty 'with -q none'
run ls dangling.tar --format json
err_is_empty 'nor beside JSON'

"$mkimage" oci layout
run ls oci:layout:one
code_is 0 'an OCI layout by its tag'

run cat plain.tar /new
printf 'hello\n' | cmp -s - "$out"
point 'the bytes of a file'
run cat plain.tar /link
out_has '^secret$' 'links are followed'
run cat plain.tar /etc
code_is 2 'a folder has no bytes'
err_has '^imgtui: plain.tar: /etc: no regular file$' 'which is said once'

run inspect plain.tar
is_json_lines 'inspect gives JSON'
out_has '"format":"docker-archive","tags":\["test/plain:1"\]' 'with format and tags'
out_has '"created_by":"RUN second","compression":"gzip"' 'and layers'

finish
