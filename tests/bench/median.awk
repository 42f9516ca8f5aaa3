# The medians of "NAME VALUE" lines, for the tables.

{
	if (!($1 in count))
		order[++names] = $1
	values[$1, ++count[$1]] = $2
}

function median(name,    i, j, n, held, sorted)
{
	n = count[name]
	for (i = 1; i <= n; i++) {
		held = values[name, i] + 0
		for (j = i - 1; j >= 1 && sorted[j] > held; j--)
			sorted[j + 1] = sorted[j]
		sorted[j + 1] = held
	}
	if (n % 2)
		return sorted[(n + 1) / 2]
	return n ? (sorted[n / 2] + sorted[n / 2 + 1]) / 2 : 0
}

function ratio(a, b)
{
	return b > 0 ? sprintf("%.2f", a / b) : "-"
}
