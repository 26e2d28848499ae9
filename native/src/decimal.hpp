#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace fieldpost {

/// A JSON number as written: mantissa * 10^exponent, exact unless digits were dropped.
struct Decimal {
    bool negative = false;
    bool dropped_digits = false;  // non-zero digits after the 18th significant one
    std::uint64_t mantissa = 0;   // below 10^18
    int exponent = 0;
};

struct FixedPoint {
    std::int64_t value = 0;   // rounded half away from zero
    bool exact = true;        // nothing was rounded
    bool in_range = true;     // judged before rounding
};

inline constexpr std::array<std::uint64_t, 19> powers_of_ten = [] {
    std::array<std::uint64_t, 19> table{};
    std::uint64_t power = 1;
    for (auto& entry : table) {
        entry = power;
        power *= 10;
    }
    return table;
}();

/// The largest mantissas that these powers take to at most 2^62.
inline constexpr std::array<std::uint64_t, 19> most_for_power = [] {
    std::array<std::uint64_t, 19> table{};
    for (std::size_t power = 0; power < table.size(); ++power) {
        table[power] = (std::uint64_t{1} << 62U) / powers_of_ten[power];
    }
    return table;
}();

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) {
    return static_cast<std::int64_t>(powers_of_ten[static_cast<std::size_t>(exponent)]);
}

/// As `to_fixed`, of a number with more decimals, or larger, than the usual ones.
[[nodiscard]] FixedPoint to_fixed_rounded(const Decimal& number, int decimals, std::int64_t low,
                                          std::int64_t high);

/// As a count of 10^-decimals, checked against [low, high] in the same unit; 0 lies in it.
[[nodiscard]] inline FixedPoint to_fixed(const Decimal& number, int decimals, std::int64_t low,
                                         std::int64_t high) {
    const auto shift = static_cast<unsigned>(number.exponent + decimals);  // huge if negative
    if (shift > 18 || number.dropped_digits || number.mantissa > most_for_power[shift]) {
        return to_fixed_rounded(number, decimals, low, high);
    }
    const auto size = static_cast<std::int64_t>(number.mantissa * powers_of_ten[shift]);
    const std::int64_t value = number.negative ? -size : size;
    return {.value = value, .in_range = value >= low && value <= high};
}

/// True if a double can hold it without becoming infinite.
[[nodiscard]] bool is_finite_double(const Decimal& number);

/// Appends `value` * 10^-decimals without trailing zeros.
void append_fixed(std::string& out, std::int64_t value, int decimals);

}  // namespace fieldpost
