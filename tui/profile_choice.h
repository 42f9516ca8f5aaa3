/* The profiles that the walkthrough offers: the built-in ones, and the present one. */
#ifndef TUI_PROFILE_CHOICE_H
#define TUI_PROFILE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

enum { PROFILE_CHOICES = 32 };

struct profile_choice {
	char name[256], title[256];
	bool is_present;
};

/* present  what --profile says, or the name of the profile in use. The count, at most 'room'. */
size_t profile_choices(const char *present, struct profile_choice *ret_choices, size_t room);

#endif
