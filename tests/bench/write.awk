# The medians of median.awk as a table; see write.sh.

function row(label, name, beside, tool)
{
	if (!(name in count))
		return
	printf "  %-34s %9.3f s", label, median(name)
	if (beside in count)
		printf "  %s x %s", pairs(name, beside), tool
	print ""
}

# The median of the ratios of what was measured in the same round.
function pairs(name, beside,    i)
{
	delete count["pair"]
	for (i = 1; i <= count[name] && i <= count[beside]; i++)
		values["pair", ++count["pair"]] = values[name, i] / values[beside, i]
	return sprintf("%.2f", median("pair"))
}

function memory_row(label, prefix)
{
	printf "  %-34s %9.1f MiB  indexes and tree %.1f MiB, peak before writing %.1f MiB\n", label,
		median(prefix ".peak") / 1048576, median(prefix ".memory") / 1048576,
		median(prefix ".before") / 1048576
}

END {
	printf "%s: %.0f bytes of layers change; %d runs at load %s\n", image, median("changed"),
		runs, load
	row("cp, openssl dgst of what changes", "copy")
	row("rewrite: written", "rewrite.write", "copy", "cp + openssl")
	row("rewrite: and read back, on disk", "rewrite.job", "copy", "cp + openssl")
	row("rewrite: the whole command", "command", "copy", "cp + openssl")
	row("open: verified", "rewrite.open")
	row("pigz -1 of the layers", "pigz1")
	row("pigz -6 of the layers", "pigz6")
	row("gzip: written", "gzip.write", "pigz1", "pigz -1")
	row("gzip: written", "gzip.write", "pigz6", "pigz -6")
	row("zstd -3 -T0 of the layers", "zstd3")
	row("zstd: written", "zstd.write", "zstd3", "zstd -3 -T0")
	memory_row("rewrite: peak of resident memory", "rewrite")
	memory_row("gzip: peak of resident memory", "gzip")
	memory_row("zstd: peak of resident memory", "zstd")
}
