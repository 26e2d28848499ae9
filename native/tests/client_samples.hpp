#pragma once

#include <string>
#include <string_view>

#include "fieldpost/client.h"
#include "spool_samples.hpp"

inline constexpr std::string_view a_location =
    R"({"time": "2026-01-02T03:04:05Z", "lat": 45.5, "lon": 14.5})";

/// Options of a client whose server is not there, with a spool of its own.
struct LonelyOptions {
    LonelyOptions() {
        (void)fieldpost_options_init(&options, sizeof options);
        options.host = "127.0.0.1";
        options.port = 1;  // nobody listens there
        options.fingerprint = fingerprint.c_str();
        options.credential = "fpd_secret";
        options.device = "d1";
        options.spool = spool.c_str();
        options.backoff_initial_ms = 1;
        options.backoff_max_ms = 2;
    }
    TemporaryDirectory directory;
    std::string spool = directory.spool();
    std::string fingerprint = std::string(64, 'a');
    fieldpost_options options;
};

/// A client that is closed with this.
class OpenClient {
  public:
    explicit OpenClient(const fieldpost_options& options) {
        status = fieldpost_client_open(&options, &client, error, sizeof error);
    }
    OpenClient(const OpenClient&) = delete;
    OpenClient& operator=(const OpenClient&) = delete;
    ~OpenClient() { (void)fieldpost_client_close(client); }

    [[nodiscard]] fieldpost_status put(std::string_view observation,
                                       const char* kind = "location") {
        return fieldpost_client_put(client, kind, observation.data(), observation.size());
    }
    [[nodiscard]] fieldpost_statistics statistics() const {
        fieldpost_statistics its{};
        its.size = sizeof its;
        (void)fieldpost_client_statistics(client, &its);
        return its;
    }

    fieldpost_client* client = nullptr;
    char error[128];
    fieldpost_status status;
};
