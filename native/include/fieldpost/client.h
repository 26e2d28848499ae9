/* The client of Fieldpost's push protocol, for any language: keeps observations on disk and
 * brings them to the platform, over TLS, for as long as it takes.
 *
 *     fieldpost_options options;
 *     fieldpost_options_init(&options, sizeof options);
 *     options.host = "post.example"; options.port = 8443; ...
 *     fieldpost_client *client;
 *     if (fieldpost_client_open(&options, &client, error, sizeof error) != FIELDPOST_OK) ...
 *     fieldpost_client_put(client, "location", text, strlen(text));
 *     while (running) {
 *         fieldpost_client_step(client, 1000, -1, NULL);
 *         while (fieldpost_client_next_event(client, buffer, sizeof buffer, &size) == FIELDPOST_OK)
 *             ...
 *     }
 *     fieldpost_client_close(client);
 *
 * Threads: a client has none of its own, and belongs to one thread at a time. Different clients
 * are independent of each other.
 * Memory: texts that are passed in are copied, and need not outlive the call. The client is freed
 * by fieldpost_client_close alone.
 * NULL: where a pointer is needed NULL is FIELDPOST_BAD_ARGUMENT, never a crash.
 * Sizes are in bytes. Texts are UTF-8; with a size they need no NUL at the end. */
#ifndef FIELDPOST_CLIENT_H
#define FIELDPOST_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FIELDPOST_API __attribute__((visibility("default")))
#else
#define FIELDPOST_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fieldpost_client fieldpost_client;

/* After anything but OK, NONE and FULL fieldpost_client_last_error says more. */
typedef enum fieldpost_status {
    FIELDPOST_OK = 0,
    FIELDPOST_NONE = 1,             /* there is nothing to give */
    FIELDPOST_FULL = 2,             /* no room: step, then try again */
    FIELDPOST_BUFFER_TOO_SMALL = 3, /* the needed size is told; nothing is lost */
    FIELDPOST_BAD_ARGUMENT = 4,     /* the caller's mistake; nothing happened */
    FIELDPOST_NOT_UNDERSTOOD = 5,   /* not the JSON that is expected; nothing was taken */
    FIELDPOST_TOO_LARGE = 6,        /* beyond a bound; nothing was taken */
    FIELDPOST_SPOOL_IN_USE = 7,     /* another process, or client, has it */
    FIELDPOST_SPOOL_FOREIGN = 8,    /* it is another device's, or a later version's */
    FIELDPOST_IO = 9,               /* the disk failed or is full; step tries again */
    FIELDPOST_NOT_CONNECTED = 10,
    FIELDPOST_INTERNAL = 11         /* a fault of the library, or no memory */
} fieldpost_status;

/* Never NULL; for people. */
FIELDPOST_API const char *fieldpost_status_text(fieldpost_status status);
/* The library's version, such as "0.1.0". */
FIELDPOST_API const char *fieldpost_version(void);

/* `size` lets the struct grow: fields that a caller does not know have their defaults. */
typedef struct fieldpost_options {
    size_t size; /* set by fieldpost_options_init */

    const char *host; /* needed: a name or an IP address */
    uint16_t port;    /* needed */
    /* By what the server proves itself; it is verified always. A file of trusted certificates in
     * PEM (of authorities, or the server's own), NULL for the system's. */
    const char *ca_file;
    /* SHA-256 of the server's certificate, 64 hexadecimal digits, or NULL. Without ca_file it is
     * enough alone; with it both must hold. */
    const char *fingerprint;
    const char *server_name; /* that the certificate must bear; NULL: host */

    const char *credential; /* needed: proves the device to the server */
    const char *device;     /* needed: its id; a spool belongs to one device */
    const char *spool;      /* needed: a directory, which is made if its parent is there */
    uint64_t max_spool_bytes; /* default 256 MiB, at least 4 MiB */
    /* What to do where the spool is full. 0, the default: the oldest batches are dropped, and
     * counted. 1: put and put_batch are FIELDPOST_FULL. */
    int wait_when_full;

    uint32_t batch_observations; /* what was put is batched at so many, default 500, 1 to 5000 */
    uint32_t batch_age_ms;       /* or when the first of them is so old, default 1000 */

    const char *agent_name;     /* of the program, for people; up to 64 bytes each */
    const char *agent_version;
    const char *agent_platform;
    int64_t policy_version; /* that the caller knows; -1, the default: none */

    uint32_t connect_timeout_ms; /* default 10000 */
    uint32_t backoff_initial_ms; /* longest wait after a first failure, default 500 */
    uint32_t backoff_max_ms;     /* longest wait of all, default 60000 */
} fieldpost_options;

/* Sets everything to its default. `size` is sizeof(fieldpost_options). */
FIELDPOST_API fieldpost_status fieldpost_options_init(fieldpost_options *options, size_t size);

/* Opens the spool; does not connect yet. On failure *client is NULL, and `error`, unless it is
 * NULL, holds a sentence, cut to `capacity` bytes with its NUL. */
FIELDPOST_API fieldpost_status fieldpost_client_open(const fieldpost_options *options,
                                                     fieldpost_client **client, char *error,
                                                     size_t capacity);
/* Makes durable what was put, says good-bye to the server, frees the client. What waits stays in
 * the spool. The client is freed in any case; FIELDPOST_IO says that what was put last is lost. */
FIELDPOST_API fieldpost_status fieldpost_client_close(fieldpost_client *client);

/* Takes an observation, a JSON object of up to 256 KiB, as it would be in a batch sent over HTTP.
 * If `kind` is NULL, its member `kind` names the kind, and is left out. It is on disk when the
 * batch is: see batch_observations, fieldpost_client_flush. */
FIELDPOST_API fieldpost_status fieldpost_client_put(fieldpost_client *client, const char *kind,
                                                    const char *observation, size_t size);
/* Takes a batch, a JSON array of up to 5000 observations and 4 MiB, or 1 MiB if one of them is
 * not valid or the kind is unknown; on return it is on disk. There will be one receipt for it.
 * `sequence` is its number, 0 to 2^52, or -1: one is chosen, greater than all before; `number`,
 * unless NULL, is set to it. A kind and a number name the batch for ever: never use them again
 * for something else. `request_id`: which request it answers, up to 64 bytes, or NULL;
 * `completes`: it is the last one of the answer. */
FIELDPOST_API fieldpost_status fieldpost_client_put_batch(fieldpost_client *client,
                                                          const char *kind, int64_t sequence,
                                                          const char *observations, size_t size,
                                                          const char *request_id, int completes,
                                                          uint64_t *number);

/* Says how far the caller is in its own input with all that was put so far, in any bytes, up to
 * 2048. The mark is written together with these observations, as one. */
FIELDPOST_API fieldpost_status fieldpost_client_mark(fieldpost_client *client, const void *place,
                                                     size_t size);
/* The last mark that is on disk with all before it, as of when the client was opened: go on from
 * there. FIELDPOST_NONE if there is none. */
FIELDPOST_API fieldpost_status fieldpost_client_marked(const fieldpost_client *client, void *place,
                                                       size_t capacity, size_t *size);
/* On return all that was put and marked is on disk. */
FIELDPOST_API fieldpost_status fieldpost_client_flush(fieldpost_client *client);

/* Does what is due, and waits up to `max_wait_ms` for something to happen: an event, a signal, or
 * input at the file descriptor `extra_fd` (none if -1). `has_input`, unless NULL, says whether
 * there is such input. Call it always again. A name is looked up by the system's resolver, which
 * may take longer.
 * FIELDPOST_IO: what could not be written stays in memory, and is written when the disk can. */
FIELDPOST_API fieldpost_status fieldpost_client_step(fieldpost_client *client, int max_wait_ms,
                                                     int extra_fd, int *has_input);

/* Gives the oldest event and forgets it: a JSON object with its NUL; `size`, unless NULL, is set
 * to the bytes that it takes with the NUL. 64 KiB are enough for all but the rarest.
 *
 *   {"event": "connected"}
 *   {"event": "disconnected", "cause": .., "reason": .., "next_attempt_ms": ..}
 *       cause: unreachable, not_trusted (nothing was told to the server), interrupted, closed
 *   {"event": "receipt", "kind": .., "sequence": .., "outcome": .., "observations": ..,
 *    "accepted": .., "reason": .., "refused": [{"index": .., "field": .., "reason": ..}, ..]}
 *       outcome: accepted, duplicate (the server has it already; accepted is all then), refused
 *       (for good). Index: in time order; as given if any observation of the batch is not valid.
 *       "too_large" is our own refusal: the server takes no frame that long.
 *   {"event": "postponed", "wait_ms": .., "reason": ..}
 *       the server asks to wait; what it did not take is sent again
 *   {"event": "told", "policy_version": .., "policy": [{"kind": .., "interval_s": ..}, ..] or
 *    null, "requests": [{"id": .., "kind": .., "from": .., "to": .., "limit": ..}, ..]}
 *       the policy if it is new, and all open requests
 *   {"event": "request_closed", "request_id": .., "known": true or false}
 *   {"event": "stopped", "code": .., "reason": ..}
 *       code: not_authenticated, no_common_version. There will be no further attempt.
 *
 * Fetch them after each step: while more than 4096 wait, step does nothing. */
FIELDPOST_API fieldpost_status fieldpost_client_next_event(fieldpost_client *client, char *buffer,
                                                           size_t capacity, size_t *size);

/* Asks for the policy and the open requests; a "told" answers. */
FIELDPOST_API fieldpost_status fieldpost_client_check_in(fieldpost_client *client);
/* Says that a request cannot be answered, and why, up to 2000 bytes; "request_closed" answers. */
FIELDPOST_API fieldpost_status fieldpost_client_cannot(fieldpost_client *client,
                                                       const char *request_id, const char *reason);

typedef struct fieldpost_statistics {
    size_t size; /* to be set by the caller to sizeof(fieldpost_statistics) */
    /* Put, and without a receipt; `batches` are those in the spool. */
    uint64_t waiting_batches, waiting_observations;
    /* Since the client was opened: kept by the server; refused for good. */
    uint64_t acknowledged_batches, acknowledged_observations;
    uint64_t refused_batches, refused_observations;
    /* For want of room, ever since the spool was made. */
    uint64_t dropped_batches, dropped_observations;
    uint64_t connections, sent_bytes, received_bytes;
    int is_connected;
    int is_done; /* everything that was put has its receipt */
} fieldpost_statistics;

FIELDPOST_API fieldpost_status fieldpost_client_statistics(const fieldpost_client *client,
                                                           fieldpost_statistics *statistics);
/* Of the last call that failed; never NULL. Valid until the next call. */
FIELDPOST_API const char *fieldpost_client_last_error(const fieldpost_client *client);

#ifdef __cplusplus
}
#endif

#endif
