#pragma once

#include <array>
#include <cstdint>

#include "int_column.hpp"

namespace fieldpost {

inline constexpr unsigned rice_escape = 20;      // that many zeros announce a plain number
inline constexpr unsigned rice_length_bits = 6;  // of the plain number, minus one
inline constexpr unsigned max_rice = 62;
inline constexpr std::array<std::int64_t, 4> scales{1, 10, 100, 1000};

[[nodiscard]] constexpr std::size_t seeds_of(Order order) {
    constexpr std::array<std::size_t, 4> seeds{0, 1, 2, 2};
    return seeds[static_cast<std::size_t>(order)];
}

}  // namespace fieldpost
