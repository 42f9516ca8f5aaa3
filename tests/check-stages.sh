#!/bin/sh
# The order of the stages: a file of core includes headers of its own stage or of an earlier one.
# And who may use what: curses, threads, the outer world, calls that have no place here.
set -u
cd "${top_srcdir:-$(dirname "$0")/..}" || exit 99

# shellcheck disable=SC2016 # the dollars are awk's
find core include tui -name '*.[ch]' | LC_ALL=C sort | xargs "${AWK:-awk}" '
function complain(test, text)
{
	bad[test] = bad[test] "# " FILENAME ":" FNR ": " text "\n"
}

# The line without comments and the insides of literals. A comment goes on over lines.
function code(line,    out, at)
{
	out = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			in_comment = 0
			line = substr(line, at + 2)
			continue
		}
		if (!match(line, /\/\*|\/\/|"([^"\\]|\\.)*"|\047([^\047\\]|\\.)+\047/))
			return out line
		out = out substr(line, 1, RSTART - 1)
		at = substr(line, RSTART, 2)
		if (at == "//")
			return out
		in_comment = at == "/*"
		if (!in_comment)
			out = out "0"
		line = substr(line, RSTART + (in_comment ? 2 : RLENGTH))
	}
	return out
}

function check_include(name, local,    parts, depth)
{
	if (name ~ /(^|\/)(n?curses|ncurses_dll|panel|term|termcap|menu|form)\.h$/ && stage != "tui")
		complain(2, "curses belongs to tui/")
	if (name ~ /^(pthread|threads|semaphore)\.h$/ && !may_thread)
		complain(3, "threads belong to base/workq and session/")
	if (!local || stage == "tui")
		return
	depth = split(name, parts, "/")
	if (depth == 1) {
		if (FILENAME !~ /^core\//)
			complain(1, "\047" name "\047: name the stage")
		return
	}
	if (parts[1] == "core") {
		if (parts[2] != stage)
			complain(1, "\047" name "\047 is private to another stage")
	} else if (!(parts[1] in rank)) {
		complain(1, "\047" name "\047 is of no stage")
	} else if (rank[parts[1]] > rank[stage]) {
		complain(1, "\047" name "\047 is of a later stage than " stage)
	}
}

BEGIN {
	count = split("base oci stream tar source image layer tree content access rule plan emit session", order, " ")
	for (i = 1; i <= count; i++)
		rank[order[i]] = i
	word = "(^|[^A-Za-z0-9_.>])"
	forbidden = word "(strcpy|stpcpy|strcat|strncat|sprintf|vsprintf|gets|atoi|atol|atoll|strtok|" \
		"strtok_r|alloca|system|popen|tmpnam|mktemp|" \
		"archive_read_support_(filter|format)_all)[ \t]*\\("
	outer = word "(printf|vprintf|puts|putchar|perror|exit|_exit|abort|getenv|secure_getenv|setenv)" \
		"[ \t]*\\(|" word "(stdout|stderr)([^A-Za-z0-9_]|$)"
	title[1] = "every include is of the own or an earlier stage"
	title[2] = "only tui includes curses"
	title[3] = "only base/workq and session use threads"
	title[4] = "no forbidden calls"
	title[5] = "core does not print, exit or read the environment"
	title[6] = "every folder is a stage"
}

FNR == 1 {
	in_comment = 0
	split(FILENAME, path, "/")
	stage = path[1] == "tui" ? "tui" : path[2]
	may_thread = stage == "session" || stage == "tui" || FILENAME ~ /\/base\/workq\.[ch]$/
	files++
	if (stage != "tui" && !(stage in rank))
		complain(6, "\047" stage "\047 is not among: " "base … session")
}

!in_comment && /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
	local = $0 ~ /include[ \t]*"/
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*$/, "", name)
	check_include(name, local)
	sub(/[<"][^>"]*[>"]/, "")
}

{
	line = code($0)
	if (line ~ forbidden)
		complain(4, line)
	if (stage != "tui" && line ~ outer)
		complain(5, line)
	if (!may_thread && line ~ /(^|[^A-Za-z0-9_])(pthread_[a-z]|thrd_[a-z]|mtx_[a-z]|cnd_[a-z])/)
		complain(3, line)
}

END {
	print "1..6"
	for (i = 1; i <= 6; i++) {
		printf "%s %d - %s\n", bad[i] == "" ? "ok" : "not ok", i, title[i]
		printf "%s", bad[i]
		failed = failed || bad[i] != ""
	}
	print "# " files " files"
	exit failed || !files
}'
