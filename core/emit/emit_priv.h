/* What the files of stage emit know of each other. */
#ifndef EMIT_PRIV_H
#define EMIT_PRIV_H

#include "emit/emit.h"
#include "stream/sink.h"
#include "tar/tar_writer.h"

/*
 * Where named blobs go: an archive (one tar in a file) or a folder. One blob
 * is written at a time; it gets its name when its bytes are known.
 */
struct emit_store;

/* A blob in a folder that is being written. */
#define EMIT_UNNAMED "blobs/.part"

/* fd: borrowed, a file to be written from its beginning, or a folder. mtime: of the members. */
int emit__store_new(int fd, bool is_folder, int64_t mtime, struct emit_store **ret_store,
		    struct err *err);
/* The folder is a layout that is added to: what is there stays, and what is new is noted. Borrowed. */
void emit__store_set_update(struct emit_store *store, struct layout_update *update);
void emit__store_free(struct emit_store *store);
void emit__store_freep(struct emit_store **store);

/* Whether a layout has the file already; and that it is new. ERR_NOMEM. */
bool emit__update_has(const struct layout_update *update, const char *name);
int emit__update_note(struct layout_update *update, const char *name, struct err *err);

/* Begin a blob. *ret_sink is the caller's; finish and close it before emit__store_end(). */
int emit__store_begin(struct emit_store *store, struct sink **ret_sink, struct err *err);
/* Name the blob of 'size' bytes that was begun. A name that is there already drops it. */
int emit__store_end(struct emit_store *store, const char *name, uint64_t size, struct err *err);
/* Where the blob lies that was ended last; false: in a folder, or it was dropped. */
bool emit__store_place(const struct emit_store *store, struct stream_span *ret_span);
/* A blob as it is stored elsewhere. */
int emit__store_copy(struct emit_store *store, const struct stream_span *span, const char *name,
		     struct progress *progress, const struct cancel *cancel, struct err *err);
/* A small blob from memory. */
int emit__store_put(struct emit_store *store, const char *name, const void *bytes, size_t len,
		    struct err *err);
/* The end of the archive; of a folder: the names in it are on the disk. */
int emit__store_finish(struct emit_store *store, struct err *err);

/* The names in the folder are on the disk. ERR_IO. */
int emit__sync_folder(int fd, const char *name, struct err *err);

/* What a stored blob has for those who fetch it in pieces. */
enum emit_contents { CONTENTS_NONE, CONTENTS_STARGZ, CONTENTS_CHUNKED };

/* By the end of the blob of a layer, from 1. */
enum emit_contents emit__contents(const struct emit_input *input, unsigned layer);

/* Whether a layer's tar has an entry that describes the blob; which one. */
bool emit__contents_entry(const struct emit_input *input, unsigned layer, uint32_t *ret_entry);

/* Where the bytes of a decoded layer end without such a description. */
uint64_t emit__contents_end(const struct emit_input *input, unsigned layer);

/* A layer without that entry, and else as it is. Errors as emit_rewritten_layer(). */
int emit__plain_layer(const struct emit_input *input, unsigned layer, struct sink *out,
		      struct err *err);

/* The decoded bytes of a layer of the image, from 1. */
int emit__open_layer(const struct emit_input *input, unsigned layer, struct stream **ret_stream,
		     struct err *err);

/* Move 'len' bytes from a stream to a sink; counts progress, tests cancel. ERR_FORMAT if it ends
 * early. */
int emit__pump(const struct emit_input *input, struct stream *in, uint64_t len, struct sink *out,
	       struct err *err);

/*
 * Write one node of the preview: header, and its planned body if there is one.
 * A file whose body is the image's is followed by the caller with its bytes.
 */
int emit__write_node(const struct emit_input *input, struct tar_writer *tar, node_id node,
		     struct err *err);

/* The entry that emit__write_node() writes; 'path' holds the name afterwards, to be freed. */
int emit__node_entry(const struct emit_input *input, node_id node, struct tar_entry *ret_entry,
		     char **ret_path, struct err *err);

/* Whether the plan changes the node, or it is new. */
bool emit__is_planned(const struct emit_input *input, node_id node);

/* What a changed layer is compressed with: as it is, where that can be written. */
enum compression emit__kept_compression(enum compression present);

/* The top of the tree: layers are counted up to it. */
unsigned emit__top(const struct emit_input *input);

/* One path that the plan changes, as scripts and Dockerfiles see it. */
struct emit_change {
	char *path; /* without leading slash; owned */
	node_id node;
	struct tree_stat stat;            /* in the preview */
	bool is_new, has_body, own, mode; /* made, other contents, other owner, other mode */
	bool drops_ids; /* a directory that had setuid or setgid, or gets it from the one above */
};

/* The mode for chmod(1), which leaves directories those bits unless there are five digits. */
const char *emit__mode_text(const struct emit_change *change, char out[8]);

/*
 * What the plan changes, parents before children. Attributes of new paths are
 * changes too, and a new owner brings a mode with setuid, which chown clears.
 * Free with emit__changes_free(). ERR_NOMEM.
 */
int emit__changes(const struct emit_input *input, struct emit_change **ret_changes,
		  size_t *ret_count, struct err *err);
void emit__changes_free(struct emit_change *changes, size_t count);

/* What the plan removes, by path: nodes of the image's tree, NODE_NONE at the end. free(). */
int emit__removed(const struct emit_input *input, node_id **ret_nodes, struct err *err);

/* Bytes as a word of printf(1) in single quotes: octal escapes, which any shell has. */
int emit__put_printf_word(struct sink *out, const void *bytes, size_t len, struct err *err);

/* printf() into a sink. */
int emit__printf(struct sink *out, struct err *err, const char *format, ...) PRINTF_LIKE(3, 4);

/* "2026-11-20T10:00:00Z". */
void emit__time_text(int64_t seconds, char out[32]);

/* "imgtui: MAT-USR-001, ACC-005": what the plan's steps were for. Free with free(); NULL: out of
 * memory. */
char *emit__history_text(const struct plan *plan);

#endif
