#include "json_cursor.hpp"

#include <array>

namespace fieldpost {
namespace {

// What ends a run of plain characters inside a string.
constexpr std::array<bool, 256> stops_string = [] {
    std::array<bool, 256> table{};
    for (std::size_t control = 0; control < 0x20; ++control) table[control] = true;
    table['"'] = true;
    table['\\'] = true;
    return table;
}();

constexpr int max_significant_digits = 18;
// Beyond it a number is zero or too large: no text that we take has as many digits.
constexpr int max_exponent = 100'000'000;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

void JsonCursor::fail(std::string_view what) const {
    throw Malformed(static_cast<std::size_t>(next_ - begin_), std::string(what));
}

void JsonCursor::fail_expecting(char wanted) const {
    fail(std::string("expected '") + wanted + '\'');
}

void JsonCursor::skip_spaces() {
    while (next_ != end_ && (*next_ == ' ' || *next_ == '\n' || *next_ == '\r' || *next_ == '\t')) {
        ++next_;
        saw_space_ = true;
    }
}

JsonString JsonCursor::string() {
    if (next_ == end_ || *next_ != '"') fail("expected a string");
    const char* start = ++next_;
    bool has_escapes = false;
    while (true) {
        while (next_ != end_ && !stops_string[static_cast<unsigned char>(*next_)]) ++next_;
        if (next_ == end_) fail("the text ends inside a string");
        if (*next_ == '"') break;
        if (*next_ != '\\') fail("a control character in a string");
        has_escapes = true;
        escape();
    }
    const JsonString result{{start, static_cast<std::size_t>(next_ - start)}, has_escapes};
    ++next_;
    return result;
}

void JsonCursor::escape() {
    ++next_;
    if (next_ == end_) fail("the text ends inside a string");
    constexpr std::string_view single = "\"\\/bfnrt";
    if (single.find(*next_) != std::string_view::npos) {
        ++next_;
        return;
    }
    if (*next_ != 'u') fail("an unknown escape");
    ++next_;
    for (int digit = 0; digit < 4; ++digit, ++next_) {
        if (next_ == end_ || !is_hex(*next_)) fail("expected four hexadecimal digits");
    }
}

// What devices send, digits and perhaps a fraction, in one pass; anything else anew, with care.
Decimal JsonCursor::number() {
    Decimal number;
    const char* at = next_;
    if (*at == '-') {
        number.negative = true;
        ++at;
    }
    const char* start = at;
    const auto take_digits = [&] {
        for (; at != end_ && *at >= '0' && *at <= '9'; ++at) {
            number.mantissa = number.mantissa * 10 + static_cast<unsigned>(*at - '0');
        }
    };
    take_digits();
    bool is_plain = at != start && (*start != '0' || at - start == 1);
    if (at != end_ && *at == '.') {
        const char* point = at++;
        take_digits();
        number.exponent = static_cast<int>(point + 1 - at);
        is_plain = is_plain && at != point + 1;
    }
    if (at != end_ && (*at == 'e' || *at == 'E')) is_plain = false;
    if (!is_plain || at - start > max_significant_digits) return any_number();
    next_ = at;
    return number;
}

Decimal JsonCursor::any_number() {
    Decimal number;
    if (*next_ == '-') {
        number.negative = true;
        ++next_;
    }
    if (!at_digit()) fail("expected a digit");
    if (*next_ == '0') {
        ++next_;
        if (at_digit()) fail("a number begins with zero");
    } else {
        digits(number, false);
    }
    if (next_ != end_ && *next_ == '.') {
        ++next_;
        if (!at_digit()) fail("expected a digit");
        digits(number, true);
    }
    if (next_ != end_ && (*next_ == 'e' || *next_ == 'E')) number.exponent += exponent();
    return number;
}

void JsonCursor::digits(Decimal& number, bool is_fraction) {
    constexpr std::uint64_t full = [] {
        std::uint64_t limit = 1;
        for (int digit = 1; digit < max_significant_digits; ++digit) limit *= 10;
        return limit;
    }();
    for (; at_digit(); ++next_) {
        const auto digit = static_cast<unsigned>(*next_ - '0');
        if (number.mantissa < full) {
            number.mantissa = number.mantissa * 10 + digit;
            number.exponent -= is_fraction ? 1 : 0;
        } else {
            number.dropped_digits = number.dropped_digits || digit != 0;
            number.exponent += is_fraction ? 0 : 1;
        }
    }
}

int JsonCursor::exponent() {
    ++next_;
    bool negative = false;
    if (next_ != end_ && (*next_ == '+' || *next_ == '-')) negative = *next_++ == '-';
    if (!at_digit()) fail("expected a digit");
    int value = 0;
    for (; at_digit(); ++next_) {
        if (value < max_exponent) value = value * 10 + (*next_ - '0');
    }
    return negative ? -value : value;
}

void JsonCursor::literal(std::string_view word) {
    if (std::string_view(next_, static_cast<std::size_t>(end_ - next_)).substr(0, word.size()) !=
        word) {
        fail("expected a value");
    }
    next_ += word.size();
}

void JsonCursor::end() {
    skip_space();
    if (next_ != end_) fail("text after the end");
}

}  // namespace fieldpost
