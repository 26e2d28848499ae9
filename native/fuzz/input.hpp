#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Reads a fuzzer's input as numbers; behind its end there are only zeros.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

    std::uint8_t byte() {
        if (left_.empty()) return 0;
        const std::uint8_t first = left_.front();
        left_ = left_.subspan(1);
        return first;
    }

    /// From 0 to `limit` - 1; takes as many bytes as `limit` needs.
    std::uint64_t below(std::uint64_t limit) {
        std::uint64_t value = 0;
        for (std::uint64_t most = limit - 1; most != 0; most >>= 8U) value = value << 8U | byte();
        return value % limit;
    }

    std::int64_t between(std::int64_t low, std::int64_t high) {
        const std::uint64_t size =
            static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(size));
    }

    std::string_view rest() {
        const std::span<const std::uint8_t> rest = left_;
        left_ = {};
        return {reinterpret_cast<const char*>(rest.data()), rest.size()};
    }

  private:
    std::span<const std::uint8_t> left_;
};
