#!/bin/sh
# imgtui check: reports, exit codes, several images.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
run check --demo
code_is 1 'the demo image has findings'
err_is_empty 'and nothing is said besides'
out_has '✗ MAT-USR-001' 'rules are headings with a mark'
out_has 'no user has UID 1000' 'with what was found'
out_has 'other has no x: search denied' 'and why'
out_has 'fix: add the user' 'and what could be done'
out_has '^[0-9]* errors, ' 'and a sum at the end'
! awk 'length($0) > 80' "$out" | grep -q .
point 'lines have no more than 80 columns'

run check --demo --color always
out_has "$(printf '\033\\[31m')" 'colours where they are asked for'
NO_COLOR=1 CLICOLOR_FORCE=1 run check --demo
out_lacks "$(printf '\033')" 'NO_COLOR wins'
LC_ALL=C run check --demo
! LC_ALL=C grep -q '[^ -~]' "$out"
point 'ASCII alone where the locale has no more'

run check --demo --format json
code_is 1 'the exit code does not depend on the format'
is_json_lines 'the report is JSON'
out_has '"schema":"imgtui.check/1"' 'with its schema'
out_has '"user":"1000:100"' 'and the user'
out_has '{"id":"MAT-USR-001","status":"fail"' 'and each rule'

run fix --demo --all -o fixed.tar
run check fixed.tar
code_is 0 'a mended image is clean'
run check fixed.tar --demo
code_is 1 'findings win over clean'
run check --demo nothing.tar fixed.tar
code_is 3 'unreadable wins over findings'
out_has '^fixed.tar' 'and the others are checked all the same'
run check --format json nothing.tar fixed.tar
code_is 3 'as JSON too'
is_json_lines 'with an object for each'
out_has '^{"schema":"imgtui.check/1","image":"nothing.tar","error":"' 'also for what cannot be read'
[ "$(wc -l <"$out")" -eq 2 ]
point 'and no other'

run check --format html --demo nothing.tar fixed.tar
code_is 3 'a page has the same exit code'
[ "$(grep -c '^<!DOCTYPE html>' "$out")" -eq 1 ] && [ "$(grep -c '<section class' "$out")" -eq 3 ]
point 'it is one for all images, with a section for each'
out_has '<h1>nothing.tar</h1>' 'also for what cannot be read'
out_lacks '<script\|http://[^w]\|https://' 'it loads nothing'
shows_no_control_bytes "$out" 'and is plain text'

"$mkimage" many many.tar
run check many.tar
out_has 'and 10 more (--format json lists all)' 'a long list is cut'
run check many.tar --format json
out_has 'file29' 'but not in JSON'
run check fixed.tar --user 4711:4711 --fail-on info
code_is 1 'another user finds other things'
run check many.tar --set strict=false
out_has '! MAT-CFG-001' 'a parameter of the profile is set'

"$program" check - <fixed.tar >"$out" 2>"$err"
code=$?
code_is 0 'an image from stdin'
gzip -c fixed.tar | "$program" check - >"$out" 2>"$err"
code=$?
code_is 0 'compressed too'

finish
