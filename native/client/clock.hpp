#pragma once

#include <chrono>
#include <cstdint>

namespace fieldpost::client {

/// Milliseconds that never go back.
[[nodiscard]] inline std::int64_t clock_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace fieldpost::client
