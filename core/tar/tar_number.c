/*
 * Numbers of tar headers, read as Go's archive/tar reads them: octal between
 * spaces and NULs, or base-256 in two's complement; decimal in pax records.
 */
#include <string.h>

#include "tar_priv.h"

enum { NANOS = 1000 * 1000 * 1000 };

static bool is_blank(unsigned char byte)
{
	return byte == ' ' || byte == '\0';
}

/* The bytes without blanks on both sides, as [*start, *end). */
static void trim(const unsigned char *bytes, size_t len, size_t *start, size_t *end)
{
	*start = 0;
	*end = len;
	while (*start < *end && is_blank(bytes[*start]))
		++*start;
	while (*end > *start && is_blank(bytes[*end - 1]))
		--*end;
}

bool tar__parse_octal(const unsigned char *bytes, size_t len, int64_t *ret_value)
{
	uint64_t value = 0;
	size_t start, end;

	trim(bytes, len, &start, &end);
	for (size_t i = start; i < end && bytes[i] != '\0'; i++) {
		if (bytes[i] < '0' || bytes[i] > '7' || value >> 61)
			return false;
		value = value << 3 | (uint64_t)(bytes[i] - '0');
	}
	*ret_value = (int64_t)value;
	return true;
}

static bool parse_base256(const unsigned char *bytes, size_t len, int64_t *ret_value)
{
	unsigned char flip = bytes[0] & 0x40 ? 0xff : 0;
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = bytes[i] ^ flip;

		if (i == 0)
			byte &= 0x7f;
		if (value >> 56)
			return false;
		value = value << 8 | byte;
	}
	if (value >> 63)
		return false;
	*ret_value = flip ? (int64_t)~value : (int64_t)value;
	return true;
}

bool tar__parse_number(const unsigned char *bytes, size_t len, int64_t *ret_value)
{
	if (bytes[0] & 0x80)
		return parse_base256(bytes, len, ret_value);
	return tar__parse_octal(bytes, len, ret_value);
}

bool tar__parse_decimal(const char *bytes, size_t len, int64_t *ret_value)
{
	size_t start = len > 0 && (bytes[0] == '-' || bytes[0] == '+');
	bool negative = start && bytes[0] == '-';
	int64_t value = 0;

	if (start == len)
		return false;
	for (size_t i = start; i < len; i++) {
		int digit = bytes[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*ret_value = value;
	return true;
}

bool tar__parse_time(const char *bytes, size_t len, int64_t *ret_seconds, uint32_t *ret_ns)
{
	const char *point = memchr(bytes, '.', len);
	size_t whole = point ? (size_t)(point - bytes) : len;
	uint32_t ns = 0, weight = NANOS / 10;
	int64_t seconds;

	if (!tar__parse_decimal(bytes, whole, &seconds))
		return false;
	for (size_t i = whole + 1; i < len; i++) {
		if (bytes[i] < '0' || bytes[i] > '9')
			return false;
		ns += weight * (uint32_t)(bytes[i] - '0');
		weight /= 10;
	}
	if (bytes[0] == '-' && ns > 0) {
		if (seconds == INT64_MIN)
			return false;
		seconds--;
		ns = NANOS - ns;
	}
	*ret_seconds = seconds;
	*ret_ns = ns;
	return true;
}

/* The digits that a number takes in octal. */
static size_t octal_digits(uint64_t value)
{
	size_t digits = 1;

	while (value >>= 3)
		digits++;
	return digits;
}

/* Right-aligned before bytes[end], 'fill' to its left. */
static void put_digits(unsigned char *bytes, size_t end, uint64_t value, unsigned char fill)
{
	size_t at = end;

	do {
		bytes[--at] = (unsigned char)('0' + (value & 7));
		value >>= 3;
	} while (value);
	memset(bytes, fill, at);
}

static void put_base256(unsigned char *bytes, size_t len, int64_t value)
{
	for (size_t i = len; i-- > 0;) {
		bytes[i] = (unsigned char)(value & 0xff);
		value >>= 8; /* gcc and clang keep the sign */
	}
	bytes[0] |= 0x80;
}

bool tar__fits_octal(size_t len, int64_t value)
{
	return value >= 0 && octal_digits((uint64_t)value) < len;
}

void tar__put_number(unsigned char *bytes, size_t len, int64_t value)
{
	if (!tar__fits_octal(len, value)) {
		put_base256(bytes, len, value);
		return;
	}
	put_digits(bytes, len - 1, (uint64_t)value, '0');
	bytes[len - 1] = '\0';
}

void tar__put_alike(unsigned char *bytes, size_t len, int64_t value)
{
	size_t start, end, digits;

	trim(bytes, len, &start, &end);
	if (bytes[0] & 0x80 || start == end || value < 0) {
		tar__put_number(bytes, len, value);
		return;
	}
	digits = octal_digits((uint64_t)value);
	if (digits > end && digits < len)
		end = digits; /* what ends the number gives way, but for its last byte */
	if (digits <= end)
		put_digits(bytes, end, (uint64_t)value, bytes[0] == ' ' ? ' ' : '0');
	else
		put_base256(bytes, len, value);
}
