/* The images that screen tests open: names in test_dir(), where the program runs. */
#ifndef TESTS_SCREEN_IMAGES_H
#define TESTS_SCREEN_IMAGES_H

/*
 * Three layers: a base without user 1000, an /opt/app with a root-only
 * directory and a root-only script, a chown layer. Returns the file's name.
 */
const char *image_faulty(void);

/* Without /tmp, with two alike files that only root reads: every profile has something to mend. */
const char *image_unprepared(void);

/* image_faulty() with names that try to speak to the terminal. */
const char *image_hostile(void);

/* Directories 'd' in one another below /opt, and at their end a file 'bottom'. */
const char *image_deep(void);

/* The same with long names: the path of 'bottom' is longer than 1024 bytes. */
const char *image_long(void);

/* A file of the first layer is not what the image's digests promise. */
const char *image_damaged(void);

/* An OCI layout folder with two images, 'first' and 'second'. */
const char *image_pair(void);

#endif
