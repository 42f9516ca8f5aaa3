/*
 * Writes a tar: ustar, with a pax header for what ustar cannot hold (long or
 * non-ASCII names, large numbers, xattrs, fractions of a second). The same
 * entries give the same bytes.
 */
#ifndef TAR_TAR_WRITER_H
#define TAR_TAR_WRITER_H

#include "stream/sink.h"
#include "tar/tar_entry.h"

struct tar_writer;

/* out: borrowed. ERR_NOMEM. */
int tar_writer_new(struct sink *out, struct tar_writer **ret_writer, struct err *err);
void tar_writer_free(struct tar_writer *writer);
void tar_writer_freep(struct tar_writer **writer);

/*
 * Write the header(s) of an entry: its type, path, link, mode, uid, gid, size
 * (files; others get 0), mtime, device and xattrs; a directory's path gets its
 * final slash. Exactly 'size' bytes of tar_writer_data() must follow for a file.
 * ERR_IO, ERR_NOMEM.
 */
int tar_writer_entry(struct tar_writer *writer, const struct tar_entry *entry, struct err *err);
int tar_writer_data(struct tar_writer *writer, const void *bytes, size_t len, struct err *err);

/* The two zero blocks. The sink is not finished. */
int tar_writer_finish(struct tar_writer *writer, struct err *err);

/* Bytes that an entry takes in a tar written so: headers, data, padding. */
uint64_t tar_writer_cost(const struct tar_entry *entry);

#endif
