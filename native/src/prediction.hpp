#pragma once

#include <cstdint>

namespace fieldpost {

__extension__ using Wide = __int128;

/// Arithmetic modulo 2^64: exact for what we write, defined for whatever we read.
[[nodiscard]] constexpr std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) +
                                     static_cast<std::uint64_t>(b));
}

[[nodiscard]] constexpr std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) -
                                     static_cast<std::uint64_t>(b));
}

/// How far a value goes on in `next_ms` if it went `step` in `last_ms`: nowhere after a halt
/// of no time, or over a gap more than eight times as long. Truncated towards zero.
[[nodiscard]] constexpr std::int64_t carry_on(std::int64_t step, std::int64_t last_ms,
                                              std::int64_t next_ms) {
    if (last_ms == next_ms && last_ms > 0) return step;
    if (last_ms <= 0 || next_ms / 8 > last_ms) return 0;
    const auto small = std::int64_t{1} << 31;
    if (step < small && step > -small && next_ms < small) return step * next_ms / last_ms;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(Wide{step} * next_ms / last_ms));
}

}  // namespace fieldpost
