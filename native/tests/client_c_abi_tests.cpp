#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "check.hpp"
#include "client_samples.hpp"

namespace {

fieldpost_status put_batch(OpenClient& its, std::string_view array, int64_t sequence = -1,
                           uint64_t* number = nullptr, const char* request = nullptr,
                           int completes = 0) {
    return fieldpost_client_put_batch(its.client, "location", sequence, array.data(), array.size(),
                                      request, completes, number);
}

}  // namespace

TEST("a client that is NULL is an argument, not a crash") {
    size_t size = 0;
    char buffer[8];
    fieldpost_statistics statistics{};
    CHECK(fieldpost_client_put(nullptr, "location", "{}", 2) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_put_batch(nullptr, "location", -1, "[]", 2, nullptr, 0, nullptr) ==
          FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_mark(nullptr, "x", 1) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_marked(nullptr, buffer, 8, &size) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_flush(nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_step(nullptr, 0, -1, nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_next_event(nullptr, buffer, 8, &size) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_check_in(nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_cannot(nullptr, "r", "w") == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_statistics(nullptr, &statistics) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_close(nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(std::strlen(fieldpost_client_last_error(nullptr)) > 0);
}

TEST("other pointers that are NULL are arguments, too") {
    LonelyOptions lonely;
    fieldpost_client* client = nullptr;
    CHECK(fieldpost_options_init(nullptr, sizeof(fieldpost_options)) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_open(&lonely.options, nullptr, nullptr, 0) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_open(nullptr, &client, nullptr, 0) == FIELDPOST_BAD_ARGUMENT);
    OpenClient its(lonely.options);
    CHECK(its.status == FIELDPOST_OK);
    CHECK(fieldpost_client_put(its.client, "location", nullptr, 5) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_put_batch(its.client, nullptr, -1, "[]", 2, nullptr, 0, nullptr) ==
          FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_put_batch(its.client, "location", -1, nullptr, 2, nullptr, 0,
                                     nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_mark(its.client, nullptr, 1) == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_cannot(its.client, nullptr, "why") == FIELDPOST_BAD_ARGUMENT);
    CHECK(fieldpost_client_statistics(its.client, nullptr) == FIELDPOST_BAD_ARGUMENT);
    CHECK(its.put("", "location") == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(its.put(a_location, "") == FIELDPOST_BAD_ARGUMENT);
}

TEST("options that are missing or wrong are named") {
    const auto refusal = [](auto change) {
        LonelyOptions lonely;
        change(lonely.options);
        const OpenClient its(lonely.options);
        CHECK(its.client == nullptr && its.status == FIELDPOST_BAD_ARGUMENT);
        return std::string(its.error);
    };
    using Options = fieldpost_options;
    CHECK(refusal([](Options& its) { its.host = nullptr; }).find("host") != std::string::npos);
    CHECK(refusal([](Options& its) { its.port = 0; }).find("port") != std::string::npos);
    CHECK(refusal([](Options& its) { its.credential = ""; }).find("credential") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.device = nullptr; }).find("device") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.spool = nullptr; }).find("spool") != std::string::npos);
    CHECK(refusal([](Options& its) { its.fingerprint = "12"; }).find("64") != std::string::npos);
    CHECK(refusal([](Options& its) { its.ca_file = "/nowhere"; }).find("/nowhere") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.max_spool_bytes = 1; }).find("4 MiB") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.batch_observations = 0; }).find("5000") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.backoff_max_ms = 0; }).find("time") !=
          std::string::npos);
    CHECK(refusal([](Options& its) { its.size = 0; }).find("missing") != std::string::npos);
}

TEST("an error is cut to its buffer") {
    LonelyOptions lonely;
    lonely.options.host = nullptr;
    fieldpost_client* client = nullptr;
    char error[5] = "####";
    CHECK(fieldpost_client_open(&lonely.options, &client, error, 4) == FIELDPOST_BAD_ARGUMENT);
    CHECK(std::string(error) == "the");
    CHECK(error[4] == '\0');
}

TEST("a shorter struct of an older caller has defaults for the rest") {
    LonelyOptions lonely;
    lonely.options.size = offsetof(fieldpost_options, batch_observations);
    lonely.options.batch_observations = 0;
    lonely.options.backoff_max_ms = 0;
    const OpenClient its(lonely.options);
    CHECK(its.status == FIELDPOST_OK);
}

TEST("a spool is used by one client, of one device") {
    LonelyOptions lonely;
    {
        OpenClient first(lonely.options);
        CHECK(first.put(a_location) == FIELDPOST_OK);
        CHECK(OpenClient(lonely.options).status == FIELDPOST_SPOOL_IN_USE);
    }
    CHECK(OpenClient(lonely.options).status == FIELDPOST_OK);
    lonely.options.device = "d2";
    CHECK(OpenClient(lonely.options).status == FIELDPOST_SPOOL_FOREIGN);
}

TEST("what is put waits, also for the next client, with its mark") {
    LonelyOptions lonely;
    char place[16];
    size_t size = 0;
    {
        OpenClient its(lonely.options);
        CHECK(fieldpost_client_marked(its.client, place, 16, &size) == FIELDPOST_NONE);
        CHECK(its.put(a_location) == FIELDPOST_OK);
        CHECK(fieldpost_client_mark(its.client, "line 1", 6) == FIELDPOST_OK);
        CHECK(its.put(a_location) == FIELDPOST_OK);
        CHECK(fieldpost_client_mark(its.client, "line 2", 6) == FIELDPOST_OK);
        CHECK(its.statistics().waiting_observations == 2);
        CHECK(its.statistics().is_done == 0);
        CHECK(fieldpost_client_flush(its.client) == FIELDPOST_OK);
        CHECK(its.statistics().waiting_batches == 1);
        // A given batch does not say how far anybody is.
        CHECK(put_batch(its, std::string("[") + std::string(a_location) + "]") == FIELDPOST_OK);
    }
    OpenClient its(lonely.options);
    CHECK(its.statistics().waiting_batches == 2);
    CHECK(its.statistics().waiting_observations == 3);
    CHECK(fieldpost_client_marked(its.client, place, 5, &size) == FIELDPOST_BUFFER_TOO_SMALL);
    CHECK(fieldpost_client_marked(its.client, place, 16, &size) == FIELDPOST_OK);
    CHECK(std::string(place, size) == "line 2");
}

TEST("an observation that is no JSON object is not taken") {
    LonelyOptions lonely;
    OpenClient its(lonely.options);
    for (const char* text :
         {"[]", "{", "{}x", "{},{}", "{\"a\": 01}", "{\"a\": \"\xff\"}", "null"}) {
        CHECK(its.put(text) == FIELDPOST_NOT_UNDERSTOOD);
        CHECK(std::strlen(fieldpost_client_last_error(its.client)) > 0);
    }
    CHECK(its.put(R"({"kind": "call"})") == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(its.put("{}", nullptr) == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(its.put(std::string(300'000, ' ')) == FIELDPOST_TOO_LARGE);
    CHECK(its.put("{}", std::string(65, 'k').c_str()) == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(its.statistics().waiting_observations == 0);
    CHECK(its.put(R"({"kind": "heart_rate", "bpm": 60})", nullptr) == FIELDPOST_OK);
    CHECK(its.statistics().waiting_observations == 1);
    CHECK(std::string(fieldpost_client_last_error(its.client)).empty());
}

TEST("a batch has the number that was chosen, or one above all before") {
    LonelyOptions lonely;
    OpenClient its(lonely.options);
    const std::string array = "[" + std::string(a_location) + "]";
    uint64_t number = 0;
    CHECK(put_batch(its, array, 1'000, &number) == FIELDPOST_OK);
    CHECK(number == 1'000);
    CHECK(put_batch(its, array, -1, &number) == FIELDPOST_OK);
    CHECK(number > 1'000);
    const uint64_t before = number;
    CHECK(put_batch(its, "[]", -1, &number, "r1", 1) == FIELDPOST_OK);
    CHECK(number > before);
    CHECK(put_batch(its, array, INT64_MAX) == FIELDPOST_BAD_ARGUMENT);
    CHECK(put_batch(its, array, -1, nullptr, nullptr, 1) == FIELDPOST_BAD_ARGUMENT);
    CHECK(put_batch(its, array, -1, nullptr, std::string(65, 'r').c_str()) ==
          FIELDPOST_BAD_ARGUMENT);
    CHECK(put_batch(its, "{}") == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(put_batch(its, "[{]") == FIELDPOST_NOT_UNDERSTOOD);
    CHECK(put_batch(its, "[" + std::string(5 << 20U, ' ') + "]") == FIELDPOST_TOO_LARGE);
    CHECK(its.statistics().waiting_batches == 3);
}

TEST("a full spool refuses if it shall wait, and else drops the oldest and counts it") {
    for (const int wait : {0, 1}) {
        LonelyOptions lonely;
        lonely.options.max_spool_bytes = 4U << 20U;
        lonely.options.wait_when_full = wait;
        lonely.options.batch_observations = 1;
        OpenClient its(lonely.options);
        const std::string text = R"({"x": ")" + std::string(200'000, 'x') + R"("})";
        fieldpost_status status = FIELDPOST_OK;
        for (int round = 0; round < 40 && status == FIELDPOST_OK; ++round) status = its.put(text);
        CHECK(status == (wait != 0 ? FIELDPOST_FULL : FIELDPOST_OK));
        CHECK((its.statistics().dropped_observations > 0) == (wait == 0));
    }
}

TEST("without a server it tries again, and an event is given when the buffer is long enough") {
    LonelyOptions lonely;
    OpenClient its(lonely.options);
    char buffer[512];
    size_t size = 0;
    CHECK(fieldpost_client_next_event(its.client, buffer, sizeof buffer, &size) == FIELDPOST_NONE);
    for (int attempt = 0; attempt < 3; ++attempt) {
        CHECK(fieldpost_client_step(its.client, 60'000, -1, nullptr) == FIELDPOST_OK);
        buffer[0] = '#';
        CHECK(fieldpost_client_next_event(its.client, buffer, 10, &size) ==
              FIELDPOST_BUFFER_TOO_SMALL);
        CHECK(buffer[0] == '#' && size > 10 && size <= sizeof buffer);
        CHECK(fieldpost_client_next_event(its.client, buffer, size, nullptr) == FIELDPOST_OK);
        CHECK(std::strlen(buffer) + 1 == size);
        CHECK(std::string(buffer).find("\"cause\":\"unreachable\"") != std::string::npos);
    }
    CHECK(fieldpost_client_check_in(its.client) == FIELDPOST_NOT_CONNECTED);
    CHECK(fieldpost_client_cannot(its.client, "r1", "no") == FIELDPOST_NOT_CONNECTED);
}

TEST("a server that takes the connection and says nothing is given up") {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(listener, generic, size) == 0 && ::listen(listener, 4) == 0);
    CHECK(::getsockname(listener, generic, &size) == 0);
    {
        LonelyOptions lonely;
        lonely.options.port = ntohs(address.sin_port);
        lonely.options.connect_timeout_ms = 20;
        OpenClient its(lonely.options);
        char event[512];
        CHECK(fieldpost_client_step(its.client, 60'000, -1, nullptr) == FIELDPOST_OK);
        CHECK(fieldpost_client_next_event(its.client, event, sizeof event, nullptr) ==
              FIELDPOST_OK);
        CHECK(std::string(event).find("does not answer") != std::string::npos);
    }
    CHECK(::close(listener) == 0);
}

TEST("a step does not wait while an event does") {
    LonelyOptions lonely;
    OpenClient its(lonely.options);
    int has_input = 1;
    CHECK(fieldpost_client_step(its.client, 0, -1, &has_input) == FIELDPOST_OK);
    CHECK(has_input == 0);
    CHECK(fieldpost_client_step(its.client, 60'000, -1, nullptr) == FIELDPOST_OK);
}
