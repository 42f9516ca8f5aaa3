/* A magic number with revision and flag, then the sets in words of 32 bits; see capability.h. */
#include "layer/capability.h"

#include <stdio.h>

enum { EFFECTIVE = 1, ROOT_ID_AT = 20 };

static const char *const NAMES[CAPABILITY_COUNT] = {
	"cap_chown",
	"cap_dac_override",
	"cap_dac_read_search",
	"cap_fowner",
	"cap_fsetid",
	"cap_kill",
	"cap_setgid",
	"cap_setuid",
	"cap_setpcap",
	"cap_linux_immutable",
	"cap_net_bind_service",
	"cap_net_broadcast",
	"cap_net_admin",
	"cap_net_raw",
	"cap_ipc_lock",
	"cap_ipc_owner",
	"cap_sys_module",
	"cap_sys_rawio",
	"cap_sys_chroot",
	"cap_sys_ptrace",
	"cap_sys_pacct",
	"cap_sys_admin",
	"cap_sys_boot",
	"cap_sys_nice",
	"cap_sys_resource",
	"cap_sys_time",
	"cap_sys_tty_config",
	"cap_mknod",
	"cap_lease",
	"cap_audit_write",
	"cap_audit_control",
	"cap_setfcap",
	"cap_mac_override",
	"cap_mac_admin",
	"cap_syslog",
	"cap_wake_alarm",
	"cap_block_suspend",
	"cap_audit_read",
	"cap_perfmon",
	"cap_bpf",
	"cap_checkpoint_restore",
};

static uint32_t get_le32(const unsigned char *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

bool capabilities_read(const void *value, size_t len, struct capabilities *ret_capabilities)
{
	static const size_t BYTES[] = { 0, 12, 20, 24 }; /* by revision */
	const unsigned char *bytes = value;
	struct capabilities capabilities = { 0 };

	if (len < BYTES[1])
		return false;
	capabilities.revision = bytes[3];
	if (capabilities.revision < 1 || capabilities.revision > 3 ||
	    len != BYTES[capabilities.revision])
		return false;
	capabilities.effective = get_le32(bytes) & EFFECTIVE;
	capabilities.permitted = get_le32(bytes + 4);
	capabilities.inheritable = get_le32(bytes + 8);
	if (capabilities.revision > 1) {
		capabilities.permitted |= (uint64_t)get_le32(bytes + 12) << 32;
		capabilities.inheritable |= (uint64_t)get_le32(bytes + 16) << 32;
	}
	if (capabilities.revision == 3)
		capabilities.root_id = get_le32(bytes + ROOT_ID_AT);
	*ret_capabilities = capabilities;
	return true;
}

const char *capability_name(unsigned number)
{
	return number < CAPABILITY_COUNT ? NAMES[number] : NULL;
}

/* "a,b=ep" behind what is there; the length then. Nothing of an empty set. */
static size_t add_clause(char *out, size_t used, uint64_t set, const char *flags)
{
	const char *between = used ? " " : "";

	if (!set)
		return used;
	for (unsigned i = 0; i < CAPABILITY_MOST; i++) {
		const char *name = capability_name(i);

		if (!(set >> i & 1))
			continue;
		used += (size_t)(name ? snprintf(out + used, CAPABILITY_ROOM - used, "%s%s",
						 between, name)
				      : snprintf(out + used, CAPABILITY_ROOM - used, "%s%u",
						 between, i));
		between = ",";
	}
	return used + (size_t)snprintf(out + used, CAPABILITY_ROOM - used, "=%s", flags);
}

/* Each number is in one clause, so all of them fit. */
const char *capabilities_text(const struct capabilities *capabilities, char *out)
{
	uint64_t both = capabilities->permitted & capabilities->inheritable;
	bool effective = capabilities->effective;
	size_t used = 0;

	out[0] = '\0';
	used = add_clause(out, used, both, effective ? "eip" : "ip");
	used = add_clause(out, used, capabilities->permitted & ~both, effective ? "ep" : "p");
	add_clause(out, used, capabilities->inheritable & ~both, effective ? "ei" : "i");
	return out;
}
