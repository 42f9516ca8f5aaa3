#!/bin/sh
# Files as C arrays, on standard output:
#   embed.sh data NAME FILE      'NAME' and 'NAME_size'
#   embed.sh profiles FILE...    the table of rule/builtin.h
set -eu

array() # NAME FILE LINKAGE
{
	[ -s "$2" ] || { echo "embed.sh: no bytes in '$2'" >&2; exit 2; }
	printf '%sconst unsigned char %s[] = {\n' "$3" "$1"
	od -An -v -tu1 "$2" | awk '{ gsub(/ +/, ","); print substr($0, 2) "," }'
	printf '};\n'
}

kind=$1
shift
echo '/* Made by share/embed.sh. */'
case $kind in
data)
	echo '#include <stddef.h>'
	echo "extern const unsigned char $1[];"
	echo "extern const size_t $1_size;"
	array "$1" "$2" ''
	echo "const size_t $1_size = sizeof($1);"
	;;
profiles)
	echo '#include "rule/builtin.h"'
	rows=
	for file; do
		name=$(basename "$file" .json)
		symbol=profile_$(printf %s "$name" | tr -c 'A-Za-z0-9' _)
		array "$symbol" "$file" 'static '
		rows="$rows	{ \"$name\", $symbol, sizeof($symbol) },
"
	done
	echo 'const struct builtin_profile builtin_profiles[] = {'
	printf '%s' "$rows"
	printf '\t{ NULL, NULL, 0 },\n};\n'
	;;
*)
	echo "embed.sh: '$kind' is neither 'data' nor 'profiles'" >&2
	exit 2
	;;
esac
