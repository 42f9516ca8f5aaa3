/* System calls with loops round short results and EINTR. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* All 'len' bytes at 'offset', or fewer at the end of the file: the count, or -ERR_IO. */
int64_t io_pread(int fd, void *buffer, size_t len, uint64_t offset, struct err *err);

/* All 'len' bytes. 0 or -ERR_IO. */
int io_write(int fd, const void *bytes, size_t len, struct err *err);
int io_pwrite(int fd, const void *bytes, size_t len, uint64_t offset, struct err *err);

/*
 * Copy 'len' bytes between files at the given offsets, by copy_file_range()
 * where the system can. ERR_IO; ERR_FORMAT if the source is shorter.
 */
int io_copy(int from, uint64_t from_offset, int to, uint64_t to_offset, uint64_t len,
	    struct err *err);

/* An unlinked file in $TMPDIR-like 'folder' (NULL: /tmp), close-on-exec. ERR_IO. */
int io_open_unlinked(const char *folder, int *ret_fd, struct err *err);

/* Bytes free for us where 'fd' lies; UINT64_MAX if unknown. */
uint64_t io_free_space(int fd);

/* ERR_IO "'PATH' needs N, 'FOLDER' has M free", where the file system of 'fd' has not so many bytes. */
int io_need_space(int fd, const char *path, const char *folder, uint64_t bytes, struct err *err);

/* The whole file, NUL added; ERR_IO, ERR_LIMIT above 'most'. Free with free(). */
int io_read_file(const char *path, uint64_t most, char **ret_bytes, size_t *ret_len,
		 struct err *err);

#endif
