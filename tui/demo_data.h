/* The image behind --demo, a docker-archive that share/demo/mkdemo.c wrote during the build. */
#ifndef TUI_DEMO_DATA_H
#define TUI_DEMO_DATA_H

#include <stddef.h>

extern const unsigned char demo_data[];
extern const size_t demo_data_size;

#endif
