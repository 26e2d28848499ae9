#include "decimal.hpp"

#include <array>

namespace fieldpost {
namespace {

struct Magnitude {
    std::uint64_t floor = 0;
    bool has_rest = false;
    bool rounds_up = false;
    bool overflows = false;
};

// The dropped digits lie below the first one that decides the rounding: they never tip it.
Magnitude scale(const Decimal& number, int shift) {
    Magnitude result{.has_rest = number.dropped_digits};
    if (number.mantissa == 0) return {};
    if (shift >= 0) {
        if (shift > 18 || number.mantissa > most_for_power[unsigned(shift)]) {
            result.overflows = true;
            return result;
        }
        result.floor = number.mantissa * powers_of_ten[unsigned(shift)];
        return result;
    }
    if (shift < -18) {
        result.has_rest = true;
        return result;
    }
    const std::uint64_t divisor = powers_of_ten[unsigned(-shift)];
    const std::uint64_t rest = number.mantissa % divisor;
    result.floor = number.mantissa / divisor;
    result.has_rest = result.has_rest || rest != 0;
    result.rounds_up = rest * 2 >= divisor;
    return result;
}

}  // namespace

FixedPoint to_fixed_rounded(const Decimal& number, int decimals, std::int64_t low,
                            std::int64_t high) {
    const Magnitude size = scale(number, number.exponent + decimals);
    if (size.overflows) return {.exact = false, .in_range = false};
    const auto limit = static_cast<std::uint64_t>(number.negative ? -low : high);
    FixedPoint result;
    result.exact = !size.has_rest;
    result.in_range = size.floor < limit || (size.floor == limit && !size.has_rest);
    const auto rounded = static_cast<std::int64_t>(size.floor + (size.rounds_up ? 1 : 0));
    result.value = number.negative ? -rounded : rounded;
    return result;
}

bool is_finite_double(const Decimal& number) {
    // The largest double is 1.797..e308: only next to it does the exact mantissa matter.
    if (number.mantissa == 0) return true;
    int digits = 0;
    for (std::uint64_t rest = number.mantissa; rest != 0; rest /= 10) ++digits;
    const int magnitude = digits + number.exponent;
    if (magnitude < 309) return true;
    if (magnitude > 309) return false;
    const int shift = 18 - digits;
    return number.mantissa * powers_of_ten[unsigned(shift)] <= 179'769'313'486'231'570U;
}

void append_fixed(std::string& out, std::int64_t value, int decimals) {
    std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value)
                                   : static_cast<std::uint64_t>(value);
    int places = decimals;
    for (; places > 0 && size % 10 == 0; --places) size /= 10;
    std::array<char, 24> buffer;
    char* const end = buffer.data() + buffer.size();
    char* next = end;  // digits are written from the last to the first
    for (int place = 0; place < places; ++place, size /= 10) {
        *--next = static_cast<char>('0' + size % 10);
    }
    if (places > 0) *--next = '.';
    do {
        *--next = static_cast<char>('0' + size % 10);
        size /= 10;
    } while (size != 0);
    if (value < 0) *--next = '-';
    out.append(next, end);
}

}  // namespace fieldpost
