/* SIGINT, SIGTERM and SIGHUP in commands: they set a mark, and the command ends in order. */
#ifndef TUI_INTERRUPT_H
#define TUI_INTERRUPT_H

/*
 * Catch them from now on, SIGHUP unless it is ignored; SIGPIPE ends the process
 * quietly whatever the parent did, SIGXFSZ does not.
 */
void interrupt_catch(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

#endif
