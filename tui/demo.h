/* The image behind --demo: small, and faulty on purpose. */
#ifndef TUI_DEMO_H
#define TUI_DEMO_H

#include "base/err.h"

/* A descriptor of memory that holds the archive; the caller's. ERR_IO. */
int demo_open(int *ret_fd, struct err *err);

#endif
