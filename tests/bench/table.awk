# The medians of median.awk as a table; see run.sh.

function row(label, name, note)
{
	printf "  %-34s %9.3f s  %s\n", label, median(name), note
}

function size_row(label, name, entries)
{
	printf "  %-34s %9.1f MiB  %s bytes an entry\n", label, median(name) / 1048576,
		ratio(median(name), entries)
}

function tool_row(name,    label)
{
	label = substr(name, 6)
	sub(/-dc$/, " -dc", label)
	sub(/-dgst-/, " dgst -", label)
	row(label, name, sprintf("open: tree %s x, verified %s x of it",
		ratio(median("open.tree"), median(name)), ratio(median("open.verified"), median(name))))
}

END {
	entries = median("entries")
	printf "%s: %d layers, %d entries, %d nodes, %.0f bytes stored, %.0f decoded; %d runs at load %s%s\n",
		image, median("layers"), entries, median("nodes"), median("stored"),
		median("decoded"), runs, load, median("verify") == 1 ? "" : "; NOT VERIFIED"
	row("open: tree", "open.tree", "")
	row("open: judged", "open.judged", "")
	row("open: verified", "open.verified", "")
	row("open: processor time", "processor", "all threads")
	row("open again: tree", "reopen.tree", ratio(median("reopen.tree"), median("open.tree")) " x the first")
	row("open again: judged", "reopen.judged", "")
	row("open again: verified", "reopen.verified", "")
	row("plain walk of the tree", "walk", sprintf("%d nodes there", median("there")))
	row("access of one identity", "access", ratio(median("access"), median("walk")) " x the walk")
	row("all rules for one identity", "judge", ratio(median("judge"), median("walk")) " x the walk")
	for (i = 1; i <= names; i++)
		if (order[i] ~ /^tool:/)
			tool_row(order[i])
	size_row("indexes and tree", "memory", entries)
	size_row("peak of resident memory", "peak", entries)
}
