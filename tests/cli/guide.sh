#!/bin/sh
# The walkthrough on lines of text: from a faulty image to a clean one, left and gone on with.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"
skip_without_mkimage

TERM=dumb
export TERM
"$mkimage" faulty faulty.tar || exit 99
"$mkimage" plain plain.tar || exit 99

# answer 'LINES' ARGUMENT...: the lines are printf's.
answer() {
	lines=$1
	shift
	code=0
	# shellcheck disable=SC2059 # a format on purpose
	printf "$lines" | timeout 30 "$program" guide "$@" >"$out" 2>"$err" || code=$?
}

# Enter at every question: what is recommended is taken, and written at the end.
takes=$(printf '%40s' '' | sed 's/ /\\n/g')

# ---- every profile ----

"$program" profiles >profiles.list
while read -r name _; do
	answer "$takes" --profile "$name" -o "$name.tar" faulty.tar
	code_is 0 "$name: Enter at every question ends clean"
	out_has '^Question 1 of about' "$name: something was asked"
	out_has 'verified: read back' "$name: the written image was read back"
	out_has "docker load -i $name.tar" "$name: the commands to test it are told"
	! LC_ALL=C grep -q "$(printf '\033')" "$out"
	point "$name: no escape sequence"
	run check --profile "$name" "$name.tar"
	code_is 0 "$name: check agrees"
done <profiles.list

# ---- the first question is the profile ----

answer '\n' faulty.tar
out_has '\[.*\] $' 'the present profile is offered'
out_has 'modelarts-training  ' 'profiles are listed with their titles'
out_has '^users and groups' 'Enter takes the present one'
ln -s nowhere.json link.json
answer 'nonroot\nq\n' --plan link.json faulty.tar
code_is 3 'a link is not replaced by the plan'
err_has "'link.json' is a link" 'which is said before any question'
rm link.json
answer 'nonroot\nq\n' --plan other.json faulty.tar
out_lacks 'MAT-' 'a name takes that one'
grep -q '"profile": "nonroot"' other.json
point 'the plan keeps it'
answer 'nonsense\n1\nb\nq\n' faulty.tar
[ "$(grep -c 'By which rules' "$out")" -eq 3 ]
point 'another word is asked again, and back before the first question too'

# ---- order, options, answers ----

common='--profile modelarts-training'
# shellcheck disable=SC2086 # options
{
	answer '' $common faulty.tar
	code_is 1 'the end of the input leaves; findings are left'
	out_has 'MAT-USR-006' 'the files of accounts come first'
	answer '\n\n' $common faulty.tar
	out_has 'planned: add the group' 'then the group'
	out_has 'MAT-USR-001  a user' 'then the user'
	answer 'x\n7\na9\nq\n' $common faulty.tar
	out_has 'back to the answer before' 'what is no answer is explained'
	answer '\n\n\n\n\nb\nq\n' $common faulty.tar
	[ "$(grep -c '^Question 5' "$out")" -eq 2 ]
	point 'b goes back by one answer'
	answer 'b\nq\n' $common faulty.tar
	out_has 'this was the first question' 'before the first one there is none'
}

# Skipping all ends at the end, where nothing is planned.
answer "$(printf '%40s' '' | sed 's/ /S\\n/g')q\n" --profile modelarts-training faulty.tar
code_is 1 'all skipped: findings are left'
out_has 'nothing can be mended' 'nothing is planned then'
out_lacks 'w) write' 'and nothing can be written'

# ---- all alike, and one of them ----

# alike ANSWER: to the files in /data; what comes before is taken, the rest is skipped.
alike() {
	answer "$takes" --profile modelarts-training -o alike.tar --force faulty.tar
	before=$(awk '/^Question/ { n = $2 } /more like this/ { print n - 1; exit }' "$out")
	answer "$(printf "%${before}s" '' | sed 's/ /\\n/g')$1" --profile modelarts-training \
		--plan alike.json -o alike.tar --force faulty.tar
}
alike 'a3\nw\n'
code_is 0 'a takes one fix for all that are alike'
run ls alike.tar /data
[ "$(grep -c '^rw.*root:root .*/data/[cd].cfg' "$out")" -eq 2 ]
point 'and a3 the third one'
rm -f alike.json
alike 's\na\nw\n'
code_is 1 's leaves one of them'
grep -q '"finding": "ACC-004 unreadable /data/c.cfg"' alike.json
point 'the plan tells which'

# ---- leaving and going on ----

rm -f kept.json
answer '\n\nS\nq\n' --profile modelarts-training --plan kept.json faulty.tar
code_is 1 'q leaves'
out_has 'the choices are in kept.json' 'it says where the choices are'
out_has 'imgtui guide --plan kept.json faulty.tar' 'and how to go on'
answer '' --plan kept.json faulty.tar
out_has 'going on with the choices of kept.json: 3 answers' 'they are taken up again'
answer '\nq\n' --plan kept.json faulty.tar
out_has '^Question 4 of' 'the next question follows'
out_lacks 'MAT-GRP-001' 'what was answered is not asked'
answer '\nb\nq\n' --plan kept.json faulty.tar
out_has '^Question 3 of' 'answers of before can be taken back'
run fix --plan kept.json -n faulty.tar
out_has 'add the group\|file as it should be\|LF' 'fix takes the plan as well'
answer '\nq\n' faulty.tar
out_lacks 'the choices are in' 'without --plan nothing is kept'
printf '{' >broken.json
answer '\n' --plan broken.json faulty.tar
code_is 2 'a plan that is none is refused'
err_has 'broken.json' 'and named'
[ "$(cat broken.json)" = '{' ]
point 'and left as it is'

# What cannot be written is told, and the choices stay.
rm -f kept.json
mkdir full && chmod 500 full
answer "$takes" --profile modelarts-training --plan kept.json -o full/no/where.tar faulty.tar
code_is 3 'an output that cannot be made is refused before the questions'
out_lacks '^Question' 'so nothing is asked'

# ---- the name of the result ----

answer "${takes}" --profile modelarts-training faulty.tar
code_is 0 'without -o a name is asked for and offered'
[ -f faulty-fixed.tar ]
point 'Enter takes it'
answer "$(printf '%20s' '' | sed 's/ /\\n/g')" --profile modelarts-training -o faulty-fixed.tar faulty.tar
code_is 3 'what is there is not replaced'
answer "$takes" --profile modelarts-training -f -o faulty-fixed.tar --mode append faulty.tar
code_is 0 'but by --force'
out_has 'appended' 'and --mode is heard'
answer "$takes" --profile modelarts-training -o faulty.tar -f faulty.tar
code_is 3 'never the image itself'

# ---- usage ----

answer '' -
code_is 2 'the image cannot come from standard input'
answer '' nothing.tar
code_is 3 'an image that is not there'
answer '' --all faulty.tar
code_is 2 'options of other commands are refused'

# ---- names that speak to terminals ----

"$mkimage" hostile hostile.tar || exit 99
answer "\\033[31m\\n$takes" --profile modelarts-training --plan hostile.json -o hostile-fixed.tar hostile.tar
out_has 'app' 'a hostile image is walked through'
shows_no_control_bytes "$out" 'nothing of it reaches the terminal'
shows_no_control_bytes "$err" 'nor by standard error'

# ---- signals ----

rm -f kept.json
mkfifo pipe
"$program" guide --profile modelarts-training --plan kept.json faulty.tar <pipe >"$out" 2>"$err" &
pid=$!
exec 3>pipe
printf '\n' >&3
tries=0
while ! grep -q 'Question 2' "$out" && [ "$tries" -lt 200 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
kill -INT "$pid"
code=0
wait "$pid" || code=$?
exec 3>&-
code_is 130 'Ctrl-C leaves with 130'
grep -q '"rule": "MAT-USR-006"' kept.json
point 'and the choices are kept'

finish
