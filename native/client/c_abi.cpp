#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "client.hpp"
#include "clock.hpp"
#include "fieldpost/client.h"
#include "fieldpost/errors.hpp"
#include "spool_errors.hpp"

using namespace fieldpost;
using namespace fieldpost::client;

struct fieldpost_client {
    explicit fieldpost_client(ClientOptions options) : client(std::move(options)) {}
    Client client;
    std::string event;  // that was too long for the caller's buffer
    std::string last_error;
};

namespace {

constexpr std::size_t max_mark_bytes = 2'048;
constexpr std::size_t max_request_id_bytes = 64;
constexpr std::size_t max_reason_bytes = 2'000;

struct Failure {
    fieldpost_status status;
    std::string text;
};

// What no exception may leave, turned into what C knows. Allocates: may throw bad_alloc itself.
Failure describe_current() {
    try {
        throw;
    } catch (const Malformed& error) {
        return {FIELDPOST_NOT_UNDERSTOOD, error.what()};
    } catch (const TooMany& error) {
        return {FIELDPOST_TOO_LARGE, error.what()};
    } catch (const BadOptions& error) {
        return {FIELDPOST_BAD_ARGUMENT, error.what()};
    } catch (const ForeignSpool& error) {
        return {FIELDPOST_SPOOL_FOREIGN, error.what()};
    } catch (const SpoolTooNew& error) {
        return {FIELDPOST_SPOOL_FOREIGN, error.what()};
    } catch (const SpoolBusy& error) {
        return {FIELDPOST_SPOOL_IN_USE, error.what()};
    } catch (const SpoolRefused& error) {
        return {FIELDPOST_BAD_ARGUMENT, error.what()};
    } catch (const SpoolError& error) {
        return {FIELDPOST_IO, error.what()};
    } catch (const LinkError& error) {
        return {FIELDPOST_BAD_ARGUMENT, error.what()};
    } catch (const std::exception& error) {
        return {FIELDPOST_INTERNAL, error.what()};
    } catch (...) {
        return {FIELDPOST_INTERNAL, "unknown"};
    }
}

fieldpost_status fail(fieldpost_client* client, fieldpost_status status, std::string_view text) {
    client->last_error = text;
    return status;
}

/// Runs `body`, which returns a status; no exception leaves.
template <typename Body>
fieldpost_status guarded(fieldpost_client* client, Body body) noexcept {
    if (client == nullptr) return FIELDPOST_BAD_ARGUMENT;
    try {
        try {
            client->last_error.clear();
            return body();
        } catch (...) {
            Failure failure = describe_current();
            client->last_error = std::move(failure.text);
            return failure.status;
        }
    } catch (...) {
        return FIELDPOST_INTERNAL;
    }
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

ClientOptions translated(const fieldpost_options& given) {
    ClientOptions options;
    options.destination = {.host = text_or_empty(given.host),
                           .port = given.port,
                           .name = text_or_empty(given.server_name)};
    options.trust.ca_file = text_or_empty(given.ca_file);
    if (given.fingerprint != nullptr) {
        options.trust.fingerprint = parse_fingerprint(given.fingerprint);
        if (!options.trust.fingerprint) {
            throw BadOptions("a fingerprint has 64 hexadecimal digits");
        }
    }
    options.credential = text_or_empty(given.credential);
    options.device = text_or_empty(given.device);
    options.spool_directory = text_or_empty(given.spool);
    options.max_spool_bytes = given.max_spool_bytes;
    options.when_full = given.wait_when_full != 0 ? WhenFull::wait : WhenFull::drop_oldest;
    options.batch_observations = given.batch_observations;
    options.batch_age_ms = given.batch_age_ms;
    options.agent = {.name = text_or_empty(given.agent_name),
                     .version = text_or_empty(given.agent_version),
                     .platform = text_or_empty(given.agent_platform)};
    if (given.policy_version >= 0) {
        options.policy_version = static_cast<std::uint64_t>(given.policy_version);
    }
    options.connect_timeout_ms = given.connect_timeout_ms;
    options.backoff = {.initial_ms = given.backoff_initial_ms, .max_ms = given.backoff_max_ms};
    return options;
}

// What the caller's version of the struct has; the rest as `fieldpost_options_init` sets it.
fieldpost_options completed(const fieldpost_options* given) {
    fieldpost_options options;
    (void)fieldpost_options_init(&options, sizeof options);
    std::memcpy(&options, given, std::min(given->size, sizeof options));
    return options;
}

void copy_error(std::string_view text, char* error, std::size_t capacity) {
    if (error == nullptr || capacity == 0) return;
    const std::size_t size = std::min(text.size(), capacity - 1);
    std::memcpy(error, text.data(), size);
    error[size] = '\0';
}

fieldpost_status give(std::string_view bytes, void* buffer, std::size_t capacity,
                      std::size_t* size) {
    if (size != nullptr) *size = bytes.size();
    if (bytes.size() > capacity || buffer == nullptr) return FIELDPOST_BUFFER_TOO_SMALL;
    std::memcpy(buffer, bytes.data(), bytes.size());
    return FIELDPOST_OK;
}

}  // namespace

const char* fieldpost_status_text(fieldpost_status status) {
    switch (status) {
        case FIELDPOST_OK: return "done";
        case FIELDPOST_NONE: return "nothing to give";
        case FIELDPOST_FULL: return "no room at the moment";
        case FIELDPOST_BUFFER_TOO_SMALL: return "the buffer is too small";
        case FIELDPOST_BAD_ARGUMENT: return "an argument is wrong";
        case FIELDPOST_NOT_UNDERSTOOD: return "not the JSON that is expected";
        case FIELDPOST_TOO_LARGE: return "too large";
        case FIELDPOST_SPOOL_IN_USE: return "the spool is in use";
        case FIELDPOST_SPOOL_FOREIGN: return "the spool is another device's or version's";
        case FIELDPOST_IO: return "the disk failed or is full";
        case FIELDPOST_NOT_CONNECTED: return "not connected";
        case FIELDPOST_INTERNAL: return "a fault of the library, or no memory";
    }
    return "unknown status";
}

const char* fieldpost_version(void) { return FIELDPOST_VERSION; }

fieldpost_status fieldpost_options_init(fieldpost_options* options, size_t size) {
    constexpr std::size_t first_version_size = sizeof(fieldpost_options);
    if (options == nullptr || size < first_version_size) return FIELDPOST_BAD_ARGUMENT;
    std::memset(options, 0, size);
    options->size = size;
    options->max_spool_bytes = std::uint64_t{256} << 20U;
    options->batch_observations = 500;
    options->batch_age_ms = 1'000;
    options->policy_version = -1;
    options->connect_timeout_ms = 10'000;
    options->backoff_initial_ms = 500;
    options->backoff_max_ms = 60'000;
    return FIELDPOST_OK;
}

fieldpost_status fieldpost_client_open(const fieldpost_options* options, fieldpost_client** client,
                                       char* error, size_t capacity) {
    copy_error("", error, capacity);
    if (client == nullptr) return FIELDPOST_BAD_ARGUMENT;
    *client = nullptr;
    if (options == nullptr || options->size < sizeof options->size) {
        copy_error("the options are missing", error, capacity);
        return FIELDPOST_BAD_ARGUMENT;
    }
    try {
        try {
            *client = new fieldpost_client(translated(completed(options)));
            return FIELDPOST_OK;
        } catch (...) {
            const Failure failure = describe_current();
            copy_error(failure.text, error, capacity);
            return failure.status;
        }
    } catch (...) {
        return FIELDPOST_INTERNAL;
    }
}

fieldpost_status fieldpost_client_close(fieldpost_client* client) {
    const std::unique_ptr<fieldpost_client> owner(client);
    return guarded(client, [&] {
        client->client.close();
        return FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_put(fieldpost_client* client, const char* kind,
                                      const char* observation, size_t size) {
    return guarded(client, [&] {
        if (observation == nullptr) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the observation is missing");
        }
        const std::string_view name = kind == nullptr ? std::string_view() : kind;
        if (kind != nullptr && name.empty()) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the kind is empty");
        }
        const PutResult result = client->client.outbox().put(name, {observation, size},
                                                             clock_ms());
        return result == PutResult::full ? FIELDPOST_FULL : FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_put_batch(fieldpost_client* client, const char* kind,
                                            int64_t sequence, const char* observations,
                                            size_t size, const char* request_id, int completes,
                                            uint64_t* number) {
    return guarded(client, [&] {
        if (kind == nullptr || observations == nullptr) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the kind or the observations are missing");
        }
        const std::string request = text_or_empty(request_id);
        if (request.size() > max_request_id_bytes || (request.empty() && completes != 0)) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the request's id is missing or too long");
        }
        std::optional<std::uint64_t> chosen;
        if (sequence >= 0) chosen = static_cast<std::uint64_t>(sequence);
        const auto given = client->client.outbox().put_batch(kind, {observations, size}, chosen,
                                                             request, completes != 0);
        if (!given) return FIELDPOST_FULL;
        if (number != nullptr) *number = *given;
        return FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_mark(fieldpost_client* client, const void* place, size_t size) {
    return guarded(client, [&] {
        if (place == nullptr || size > max_mark_bytes) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the mark is missing or too long");
        }
        client->client.outbox().mark({static_cast<const char*>(place), size});
        return FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_marked(const fieldpost_client* client, void* place,
                                         size_t capacity, size_t* size) {
    if (client == nullptr) return FIELDPOST_BAD_ARGUMENT;
    const std::string& marked = client->client.place();
    if (size != nullptr) *size = marked.size();
    if (marked.empty()) return FIELDPOST_NONE;
    return give(marked, place, capacity, size);
}

fieldpost_status fieldpost_client_flush(fieldpost_client* client) {
    return guarded(client, [&] {
        client->client.outbox().flush();
        return FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_step(fieldpost_client* client, int max_wait_ms, int extra_fd,
                                       int* has_input) {
    if (has_input != nullptr) *has_input = 0;
    return guarded(client, [&] {
        const bool has = client->client.step(max_wait_ms, extra_fd < 0 ? -1 : extra_fd);
        if (has_input != nullptr) *has_input = has ? 1 : 0;
        return FIELDPOST_OK;
    });
}

fieldpost_status fieldpost_client_next_event(fieldpost_client* client, char* buffer,
                                             size_t capacity, size_t* size) {
    return guarded(client, [&] {
        if (size != nullptr) *size = 0;
        if (client->event.empty()) {
            const Event* const event = client->client.next_event();
            if (event == nullptr) return FIELDPOST_NONE;
            client->event = to_json(*event);
        }
        const std::string& text = client->event;
        const fieldpost_status status = give({text.c_str(), text.size() + 1}, buffer, capacity,
                                             size);
        if (status == FIELDPOST_OK) {
            client->event.clear();
            client->client.forget_event();
        }
        return status;
    });
}

fieldpost_status fieldpost_client_check_in(fieldpost_client* client) {
    return guarded(client, [&] {
        return client->client.check_in() ? FIELDPOST_OK : FIELDPOST_NOT_CONNECTED;
    });
}

fieldpost_status fieldpost_client_cannot(fieldpost_client* client, const char* request_id,
                                         const char* reason) {
    return guarded(client, [&] {
        const std::string request = text_or_empty(request_id);
        const std::string why = text_or_empty(reason);
        if (request.empty() || request.size() > max_request_id_bytes ||
            why.size() > max_reason_bytes) {
            return fail(client, FIELDPOST_BAD_ARGUMENT, "the request's id or the reason is wrong");
        }
        return client->client.cannot(request, why) ? FIELDPOST_OK : FIELDPOST_NOT_CONNECTED;
    });
}

fieldpost_status fieldpost_client_statistics(const fieldpost_client* client,
                                             fieldpost_statistics* statistics) {
    if (client == nullptr || statistics == nullptr) return FIELDPOST_BAD_ARGUMENT;
    if (statistics->size < sizeof statistics->size) return FIELDPOST_BAD_ARGUMENT;
    try {
        const ClientStatistics all = client->client.statistics();
        fieldpost_statistics full{
            .size = statistics->size,
            .waiting_batches = all.waiting.batches,
            .waiting_observations = all.waiting.observations,
            .acknowledged_batches = all.settled.acknowledged.batches,
            .acknowledged_observations = all.settled.acknowledged.observations,
            .refused_batches = all.settled.refused.batches,
            .refused_observations = all.settled.refused.observations,
            .dropped_batches = all.dropped.batches,
            .dropped_observations = all.dropped.observations,
            .connections = all.connections,
            .sent_bytes = all.sent_bytes,
            .received_bytes = all.received_bytes,
            .is_connected = all.is_connected ? 1 : 0,
            .is_done = client->client.is_done() ? 1 : 0,
        };
        std::memcpy(statistics, &full, std::min(statistics->size, sizeof full));
        return FIELDPOST_OK;
    } catch (...) {
        return FIELDPOST_INTERNAL;
    }
}

const char* fieldpost_client_last_error(const fieldpost_client* client) {
    return client == nullptr ? "there is no client" : client->last_error.c_str();
}
