#!/bin/sh
# imgtui fix: plans, outputs, what is left.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
"$mkimage" plain plain.tar
run fix plain.tar -o x.tar
code_is 2 'what to mend must be said'
# decoded_bytes IMAGE: of all layers together.
decoded_bytes() {
	run inspect "$1"
	jq '[.layers[].decoded_size] | add' "$out"
}

# config_of IMAGE: its digest, the image ID.
config_of() {
	run inspect "$1"
	jq -r .config_digest "$out"
}

run fix plain.tar --all
code_is 2 'and where to'
run fix plain.tar --all --rule ACC-001 -o x.tar
code_is 2 'in one way'
run fix plain.tar --rule NOPE-1 -o x.tar
code_is 2 'by rules that there are'
err_has "no rule 'NOPE-1'" 'which is said'

run fix plain.tar --all --dry-run
code_is 1 'a dry run tells what would be left'
out_has 'config User  "" → "1000"' 'and shows before and after'
out_has '^  rewrite     +[0-9.]* K*B of decoded layers; layers* 1' 'and what rewriting costs'
out_has '^  append      +[0-9.]* KB as a new layer' 'what appending costs'
out_has '^  Dockerfile  +[0-9.]* KB when it is built' 'and what a build costs'
out_has '^left: ' 'and the sum'
run fix plain.tar --all --dry-run --format json
appended=$(jq .forecast.append.bytes "$out")
growth=$(jq '[.forecast.rewrite.layers[].growth] | add' "$out")
run fix plain.tar --all --emit layer -o forecast.layer
[ "$(stat -c %s forecast.layer)" = "$appended" ]
point 'a layer takes what was told'
run fix plain.tar --all --to docker-archive -o forecast.tar
[ $(($(decoded_bytes forecast.tar) - $(decoded_bytes plain.tar))) = "$growth" ]
point 'and rewritten layers grow by what was told'
run fix plain.tar --all --dry-run -o x.tar
[ ! -e x.tar ]
point 'and writes nothing'

for mode in rewrite append; do
	run fix plain.tar --all --mode $mode -o $mode.tar
	code_is 1 "$mode: there is no /bin/sh, which nobody can mend"
	out_has "^wrote $mode.tar" "$mode: the output is named"
	out_has '^config sha256:' "$mode: and its digest"
	out_has '^left: 1 error' "$mode: and what is left"
	run check $mode.tar
	out_lacks '^.* MAT-USR-001  ' "$mode: what was mended is no finding any more"
done
run fix plain.tar --all -o rewrite.tar
code_is 3 'what is there is not replaced'
err_has -- '--force' 'without --force'
run fix plain.tar --all -o rewrite.tar --force
code_is 1 'and with it is'
run fix plain.tar --all -o plain.tar --force
code_is 3 'the input is never written over'
cp plain.tar stdin.tar
code=0
# shellcheck disable=SC2094 # that is what is tested
timeout 30 "$program" fix --all - -o stdin.tar -f <stdin.tar >"$out" 2>"$err" || code=$?
code_is 3 'not even if it comes from standard input'
err_has "'stdin.tar' is the input" 'which is said'
cmp -s plain.tar stdin.tar
point 'and it stays as it was'
ln -s rewrite.tar link.tar
ln -s nowhere.tar dangling.tar
for options in '' --force; do
	for link in link.tar dangling.tar; do
		# shellcheck disable=SC2086 # or no option
		run fix plain.tar --all -o $link $options
		code_is 3 "a link is not replaced: $link $options"
		err_has "'$link' is a link: name what it leads to" 'which is said'
		[ -L $link ]
		point 'and it stays'
	done
done
run fix rewrite.tar --rule MAT-USR-001 -o again.tar
out_has '^wrote again.tar (docker-archive, as it is)' 'where there is nothing to mend the image is written as it is'
[ "$(config_of again.tar)" = "$(config_of rewrite.tar)" ]
point 'and keeps its ID'
run fix again.tar --rule MAT-USR-001 --to oci -o again.oci
[ "$(config_of again.oci)" = "$(config_of rewrite.tar)" ]
point 'in another form, too'
run fix again.oci --rule MAT-USR-001 --to oci-archive -o again.oci.tar
manifest=$(jq -r '.manifests[0].digest' again.oci/index.json | sed 's,:,/,')
tar -xOf again.oci.tar "blobs/$manifest" | cmp -s - "again.oci/blobs/$manifest"
point 'and with the manifest as it was'
run fix rewrite.tar --rule MAT-USR-001 --emit script -o again.sh
[ ! -e again.sh ]
err_has 'nothing to mend, so nothing is written' 'but no script'

run fix plain.tar --rule MAT-CFG-001 --save-plan plan.json
grep -q '"imgtui.plan/1"' plan.json
point 'a plan is saved'
run fix plain.tar --plan plan.json -o planned.tar
out_has '^wrote planned.tar' 'and carried out'
run inspect planned.tar
out_has '"User":"1000:100"' 'as it was meant'
echo '{' >broken.json
run fix plain.tar --plan broken.json -o y.tar
code_is 2 'a broken plan is a usage error'

cat >packages.json <<'EOF'
{"schema":"imgtui.plan/1","steps":[{"rule":"R-1","title":"t",
 "packages":[{"manager":"apt","names":["zip"]}]}]}
EOF
run fix plain.tar --plan packages.json -o unbuilt.tar
err_has 'needs a build' 'packages alone are no image'
[ ! -e unbuilt.tar ]
point 'so none is written'
run fix plain.tar --plan packages.json --dry-run
out_has '^  apt  zip$' 'a dry run names them'
run fix plain.tar --plan packages.json --emit dockerfile -o Dockerfile.zip
grep -q '^RUN apt-get update .* install .* zip && ' Dockerfile.zip
point 'a Dockerfile installs them'

run fix plain.tar --all --to oci --tag new:2 -o folder
out_has '^wrote folder (oci, rewritten)' 'an OCI layout'
run ls oci:folder
code_is 0 'which can be read'
run fix plain.tar --all --emit layer -o layer.tar
out_has '^diff ID sha256:' 'the layer alone'
[ -s layer.tar ] && [ -s layer.tar.json ]
point 'with its descriptor'
out_has '^  config User  "" → "1000"' 'and what is to be set by hand'
echo mine >beside.json
run fix plain.tar --all --emit layer -o beside --save-plan beside.plan
code_is 3 "the descriptor's name is looked at, too"
err_has "'beside.json' is there already" 'which is said'
[ ! -e beside ] && [ ! -e beside.plan ]
point 'before anything is written'
rm beside.json
ln plain.tar beside.json
run fix plain.tar --all --emit layer -o beside --force
code_is 3 'the input is not written over by the descriptor'
err_has "'beside.json' is the input" 'which is said'
[ ! -e beside ]
point 'and no layer is written then'
rm beside.json
for options in '--emit layer --mode rewrite' '--emit layer --to oci' '--emit script --mode append' \
	'--emit dockerfile --tag a:1'; do
	# shellcheck disable=SC2086 # several options
	run fix plain.tar --all -o ignored $options
	code_is 2 "options that would be ignored: $options"
done
run fix plain.tar --all --emit layer --mode append -o layer2.tar
[ -s layer2.tar ]
point 'a layer is appended by nature'
run fix plain.tar --all --emit script -o mend.sh
sh -n mend.sh
point 'a script'
if command -v shellcheck >/dev/null 2>&1; then
	shellcheck mend.sh >"$out.shellcheck" 2>&1
	point 'with which shellcheck finds no fault'
else
	echo '# shellcheck is not here'
fi
out_has '^  config User  "" → "1000"' 'which cannot set the config either'
run fix plain.tar --all --emit dockerfile -o Dockerfile
grep -q '^FROM ' Dockerfile
point 'a Dockerfile'
run fix plain.tar --all --fail-on error --format json -o j.tar
is_json_lines 'the result as JSON'
out_has '"schema":"imgtui.fix/1"' 'with its schema'
out_lacks '"diff_id":""' 'and without what an image does not have'

SOURCE_DATE_EPOCH=1 run fix plain.tar --all -o one.tar
SOURCE_DATE_EPOCH=1 run fix plain.tar --all -o two.tar
cmp -s one.tar two.tar
point 'the same time gives the same bytes'
run fix --demo --all -o demo.tar
code_is 0 'nothing left of the demo image'
! find . -name '.*.part' | grep -q .
point 'no temporary file is left'


"$mkimage" oci layout
layer=$(find layout/blobs/sha256 -type f | head -n 1)
find layout -type f -exec sha256sum {} + >layout.sums
for output in layout/index.json "$layer" layout/new.tar layout/blobs/sha256/../../new.tar layout; do
	for options in '' '--emit script' '--emit layer' '--to oci'; do
		# shellcheck disable=SC2086 # several options
		run fix oci:layout --all -o "$output" -f $options
		code_is 3 "nothing is put into the image's own folder: $output $options"
	done
done
err_has "'layout' is the input" 'nor in its place'
run fix oci:layout --all --dry-run --save-plan layout/index.json -f
err_has "'layout/index.json' lies in the image's own folder" 'no plan either'
run request modelarts-inference oci:layout -C layout/blobs -f --set api=/predict
err_has "lies in the image's own folder" 'and no request'
(cd layout/blobs && timeout 30 "$program" fix .. --all -o new.tar >"$out" 2>"$err")
err_has "'new.tar' lies in the image's own folder" 'wherever one stands'
find layout -type f -exec sha256sum {} + | cmp -s - layout.sums
point 'all of it stays as it was'
mkdir layout-beside
run fix oci:layout --all -o layout-beside/new.tar
code_is 1 'a folder beside is another'
run fix oci:layout --all --emit dockerfile -o Dockerfile.oci
grep -q '^ARG IMAGE$' Dockerfile.oci && grep -Fqx "FROM \${IMAGE}" Dockerfile.oci
point 'a tag alone is no name of a base'
run fix oci:layout --all --to docker-archive -o bare.tar
out_has "^left out: the tag 'one' is no whole name" 'nor of an image of Docker'
sed -i 's/^{/{"x-unknown":1,/' layout/index.json
cp layout/index.json before.json
run fix plain.tar --all --in-place
code_is 2 'only a layout can be written to in place'
run fix oci:layout --all --in-place -o other
code_is 2 'and nothing else then'
cmp -s layout/index.json before.json
point 'so far nothing has changed'
if command -v flock >/dev/null 2>&1; then
	code=0
	flock layout "$program" fix oci:layout --all --in-place >"$out" 2>"$err" || code=$?
	code_is 3 'nor while another program writes to it'
	[ "$(find layout/blobs -name '.part' | wc -l)" -eq 0 ] && cmp -s layout/index.json before.json
	point 'which leaves nothing'
fi
run fix oci:layout:one --all --in-place
out_has '^wrote layout (oci, rewritten)' 'a layout gets one more image'
grep -q '"x-unknown": *1' layout/index.json
point 'and keeps what it had'
run check oci:layout:one
out_lacks '^.* MAT-USR-001  ' 'the name has gone over to the new one'
run check oci:layout@0
out_has '^.* MAT-USR-001  ' 'and the old one is there, too'
[ ! -e layout/.index.json.part ] && [ ! -e layout/blobs/.part ]
point 'without anything temporary'

finish
