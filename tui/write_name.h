/* What an output is called unless the user says otherwise. */
#ifndef TUI_WRITE_NAME_H
#define TUI_WRITE_NAME_H

/*
 * A name for what is written beside the input: "/data/x.tar.gz" gives
 * "x" and the ending. 'from' is a path or an image name; out has 'room' bytes.
 */
void write_name(const char *from, const char *ending, char *out, unsigned long room);

#endif
