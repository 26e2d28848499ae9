#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

namespace fieldpost::client {

struct BackoffOptions {
    std::int64_t initial_ms = 500;
    std::int64_t max_ms = 60'000;
};

/// How long to wait before the next attempt: by chance, up to a bound that doubles ("full
/// jitter"), so that agents which failed together do not come again together.
class Backoff {
  public:
    explicit Backoff(const BackoffOptions& options)
        : options_(options), random_(std::random_device{}()) {}

    [[nodiscard]] std::int64_t next_ms() {
        const std::int64_t bound = bound_ms_ == 0 ? options_.initial_ms : bound_ms_;
        bound_ms_ = std::min(options_.max_ms, bound * 2);
        return below(bound);
    }
    /// After a time that the server named: not before, and spread over as long again, up to the
    /// longest wait.
    [[nodiscard]] std::int64_t after_ms(std::int64_t named_ms) {
        return named_ms + below(std::min(named_ms, options_.max_ms));
    }
    void reset() { bound_ms_ = 0; }

  private:
    [[nodiscard]] std::int64_t below(std::int64_t bound) {
        return std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(bound, 1))(
            random_);
    }

    BackoffOptions options_;
    std::mt19937_64 random_;
    std::int64_t bound_ms_ = 0;
};

}  // namespace fieldpost::client
