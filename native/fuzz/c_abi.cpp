// Any sequence of calls of the C ABI, with any arguments, ends in a status; what was put is there.
// The server's address is one where nothing listens.

#include <cstdlib>
#include <filesystem>
#include <string>

#include "fieldpost/client.h"
#include "input.hpp"
#include "property.hpp"

namespace {

namespace files = std::filesystem;

// Where the spool is, emptied for each input; in memory if it can be: it syncs often.
class Folder {
  public:
    Folder() {
        const files::path memory = "/dev/shm";
        std::string name =
            (files::is_directory(memory) ? memory : files::temp_directory_path()) /
            "fuzz-c-abi-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        files::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string spool() const { return path_ / "spool"; }

  private:
    files::path path_;
};

std::string spool() {
    static const Folder folder;
    return folder.spool();
}

bool is_known(fieldpost_status status) {
    return status >= FIELDPOST_OK && status < FIELDPOST_INTERNAL;
}

// Some of these are texts that go far, the others any bytes.
std::string text_from(Input& input) {
    static const std::string texts[] = {
        "location",
        "heart_rate",
        "",
        R"({"time": "2026-01-02T03:04:05Z", "lat": 45.5, "lon": 14.5})",
        R"({"kind": "location", "time": "2026-01-02T03:04:05Z", "lat": 45.5, "lon": 14.5})",
        R"([{"time": "2026-01-02T03:04:05Z", "lat": 45.5, "lon": 14.5}])",
        "[]",
    };
    const std::size_t choice = input.below(std::size(texts) + 1);
    if (choice < std::size(texts)) return texts[choice];
    std::string any;
    for (std::size_t left = input.byte(); left > 0; --left) {
        any.push_back(static_cast<char>(input.byte()));
    }
    return any;
}

fieldpost_client* open(Input& input) {
    fieldpost_options options;
    HOLDS(fieldpost_options_init(&options, sizeof options) == FIELDPOST_OK);
    const std::string path = spool();
    const std::string fingerprint(64, 'a');
    options.host = "127.0.0.1";
    options.port = 1;
    options.fingerprint = fingerprint.c_str();
    options.credential = "fpd_secret";
    options.device = "d1";
    options.spool = path.c_str();
    options.max_spool_bytes = std::uint64_t{4} << 20U;
    options.wait_when_full = static_cast<int>(input.below(2));
    options.batch_observations = static_cast<std::uint32_t>(input.between(1, 4));
    options.batch_age_ms = static_cast<std::uint32_t>(input.below(2));
    options.backoff_initial_ms = options.backoff_max_ms = 1;
    fieldpost_client* client = nullptr;
    HOLDS(fieldpost_client_open(&options, &client, nullptr, 0) == FIELDPOST_OK);
    return client;
}

std::uint64_t waiting(const fieldpost_client* client) {
    fieldpost_statistics statistics{};
    statistics.size = sizeof statistics;
    HOLDS(fieldpost_client_statistics(client, &statistics) == FIELDPOST_OK);
    return statistics.waiting_observations + statistics.dropped_observations;
}

fieldpost_status put(fieldpost_client* client, Input& input) {
    const std::string kind = text_from(input);
    const std::string text = text_from(input);
    const bool names_kind = input.below(2) == 0;
    const std::uint64_t before = waiting(client);
    const auto status = fieldpost_client_put(client, names_kind ? kind.c_str() : nullptr,
                                             text.data(), text.size());
    HOLDS(waiting(client) == before + (status == FIELDPOST_OK ? 1 : 0));
    return status;
}

fieldpost_status put_batch(fieldpost_client* client, Input& input) {
    const std::string kind = text_from(input);
    const std::string text = text_from(input);
    const std::string request = text_from(input);
    std::uint64_t number = 0;
    return fieldpost_client_put_batch(client, kind.c_str(), input.between(-2, 70'000), text.data(),
                                      text.size(), request.c_str(),
                                      static_cast<int>(input.below(2)), &number);
}

fieldpost_status next_event(fieldpost_client* client, Input& input) {
    std::string buffer(input.byte(), '#');  // the sanitizer sees what is written behind it
    std::size_t size = 0;
    const auto status = fieldpost_client_next_event(client, buffer.data(), buffer.size(), &size);
    HOLDS(status != FIELDPOST_OK || (size <= buffer.size() && buffer[size - 1] == '\0'));
    return status;
}

fieldpost_status call(fieldpost_client* client, Input& input) {
    const std::string text = text_from(input);
    switch (input.below(8)) {
        case 0: return put_batch(client, input);
        case 1: return fieldpost_client_mark(client, text.data(), text.size());
        case 2: return fieldpost_client_flush(client);
        case 3: return fieldpost_client_step(client, static_cast<int>(input.between(-1, 1)), -1,
                                             nullptr);
        case 4: return next_event(client, input);
        case 5: return fieldpost_client_check_in(client);
        case 6: return fieldpost_client_cannot(client, text.c_str(), text.c_str());
        default: return put(client, input);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    files::remove_all(spool());
    fieldpost_client* client = open(input);
    for (std::size_t calls = input.below(16); calls > 0; --calls) {
        HOLDS(is_known(call(client, input)));
        if (input.below(8) != 7) continue;
        // Whatever was put is still there after it was closed and opened again.
        HOLDS(fieldpost_client_flush(client) == FIELDPOST_OK);
        const std::uint64_t before = waiting(client);
        HOLDS(fieldpost_client_close(client) == FIELDPOST_OK);
        client = open(input);
        HOLDS(waiting(client) == before);
    }
    HOLDS(fieldpost_client_close(client) == FIELDPOST_OK);
    return 0;
}
