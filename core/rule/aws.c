/* Two tables of AWS; see rule/aws.h. Source: the service model of SageMaker in botocore. */
#include "rule/aws.h"

#include <string.h>

/* clang-format off */
static const struct aws_family FAMILIES[] = {
	{ "c4",        "amd64", false, true },
	{ "c5",        "amd64", false, true },
	{ "c5d",       "amd64", true,  false },
	{ "c5n",       "amd64", false, true },
	{ "c6g",       "arm64", false, false },
	{ "c6gd",      "arm64", true,  false },
	{ "c6gn",      "arm64", false, false },
	{ "c6i",       "amd64", false, true },
	{ "c6in",      "amd64", false, false },
	{ "c7g",       "arm64", false, false },
	{ "c7i",       "amd64", false, true },
	{ "c8g",       "arm64", false, false },
	{ "dl1",       "amd64", true,  false },
	{ "g4dn",      "amd64", true,  true },
	{ "g5",        "amd64", true,  true },
	{ "g6",        "amd64", true,  true },
	{ "g6e",       "amd64", true,  true },
	{ "g7e",       "amd64", true,  true },
	{ "inf1",      "amd64", false, false },
	{ "inf2",      "amd64", false, false },
	{ "m4",        "amd64", false, true },
	{ "m5",        "amd64", false, true },
	{ "m5d",       "amd64", true,  false },
	{ "m6g",       "arm64", false, false },
	{ "m6gd",      "arm64", true,  false },
	{ "m6i",       "amd64", false, true },
	{ "m7i",       "amd64", false, true },
	{ "m8g",       "arm64", false, false },
	{ "p2",        "amd64", false, true },
	{ "p3",        "amd64", false, true },
	{ "p3dn",      "amd64", true,  true },
	{ "p4d",       "amd64", true,  true },
	{ "p4de",      "amd64", true,  true },
	{ "p5",        "amd64", true,  true },
	{ "p5e",       "amd64", true,  true },
	{ "p5en",      "amd64", true,  true },
	{ "p6-b200",   "amd64", true,  true },
	{ "p6-b300",   "amd64", true,  true },
	{ "p6e-gb200", "arm64", true,  true },
	{ "r5",        "amd64", false, true },
	{ "r5d",       "amd64", true,  true },
	{ "r6g",       "arm64", false, false },
	{ "r6gd",      "arm64", true,  false },
	{ "r6i",       "amd64", false, false },
	{ "r7gd",      "arm64", true,  false },
	{ "r7i",       "amd64", false, true },
	{ "r8g",       "arm64", false, false },
	{ "t2",        "amd64", false, false },
	{ "t3",        "amd64", false, true },
	{ "trn1",      "amd64", true,  true },
	{ "trn1n",     "amd64", true,  true },
	{ "trn2",      "amd64", true,  true },
};
/* clang-format on */

enum { FAMILY_COUNT = sizeof(FAMILIES) / sizeof(*FAMILIES) };

const struct aws_family *aws_family(size_t i)
{
	return i < FAMILY_COUNT ? &FAMILIES[i] : NULL;
}

const struct aws_family *aws_family_find(const char *instance_type)
{
	if (strncmp(instance_type, "ml.", 3) != 0)
		return NULL;
	instance_type += 3;
	size_t len = strcspn(instance_type, ".");

	if (!instance_type[len] || !instance_type[len + 1])
		return NULL;
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		if (strlen(FAMILIES[i].name) == len &&
		    !memcmp(FAMILIES[i].name, instance_type, len))
			return &FAMILIES[i];
	}
	return NULL;
}

/* ACCOUNT.dkr.ecr[-fips].REGION.amazonaws.com[.cn] */
bool aws_is_ecr(const char *host)
{
	static const char *const ENDS[] = { ".amazonaws.com", ".amazonaws.com.cn" };
	static const char *const MIDDLES[] = { ".dkr.ecr.", ".dkr.ecr-fips." };
	size_t len = strlen(host);

	if (strspn(host, "0123456789") != 12)
		return false;
	for (size_t m = 0; m < 2; m++) {
		size_t start = 12 + strlen(MIDDLES[m]);

		if (strncmp(host + 12, MIDDLES[m], strlen(MIDDLES[m])) != 0)
			continue;
		size_t region = strspn(host + start, "abcdefghijklmnopqrstuvwxyz0123456789-");

		for (size_t e = 0; region && e < 2; e++) {
			if (start + region < len && !strcmp(host + start + region, ENDS[e]))
				return true;
		}
	}
	return false;
}
