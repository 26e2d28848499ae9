#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "decimal.hpp"
#include "fieldpost/errors.hpp"

namespace fieldpost {

/// For a dozen bytes the call of memcmp costs more than the comparison.
[[nodiscard]] inline bool same_bytes(const char* a, const char* b, std::size_t size) {
    const auto same_words = [a, b, size]<typename Word>(Word) {
        const auto same_at = [a, b](std::size_t at) {
            Word left;
            Word right;
            std::memcpy(&left, a + at, sizeof left);
            std::memcpy(&right, b + at, sizeof right);
            return left == right;
        };
        for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word)) {
            if (!same_at(at)) return false;
        }
        return same_at(size - sizeof(Word));
    };
    if (size >= sizeof(std::uint64_t)) return same_words(std::uint64_t{});
    if (size >= sizeof(std::uint32_t)) return same_words(std::uint32_t{});
    return std::memcmp(a, b, size) == 0;
}

/// The text between the quotes, its escapes checked but not yet undone.
struct JsonString {
    std::string_view raw;
    bool has_escapes = false;
};

/// Reads valid UTF-8 as strict JSON (RFC 8259), token by token; throws Malformed.
class JsonCursor {
  public:
    explicit JsonCursor(std::string_view text)
        : begin_(text.data()), next_(begin_), end_(begin_ + text.size()) {}

    /// The next character that is not white space, which stays unread.
    [[nodiscard]] char peek() {
        skip_space();
        if (next_ == end_) fail("the text ends too early");
        return *next_;
    }

    [[nodiscard]] bool accept(char wanted) {
        skip_space();
        if (next_ == end_ || *next_ != wanted) return false;
        ++next_;
        return true;
    }

    void expect(char wanted) {
        if (!accept(wanted)) fail_expecting(wanted);
    }

    [[nodiscard]] JsonString string();
    /// Consumes `quoted`, a string with its quotes, if it comes next.
    [[nodiscard]] bool accept_string(std::string_view quoted) {
        skip_space();
        const std::size_t size = quoted.size();
        if (static_cast<std::size_t>(end_ - next_) < size) return false;
        if (!same_bytes(next_, quoted.data(), size)) return false;
        next_ += size;
        return true;
    }
    [[nodiscard]] Decimal number();
    void literal(std::string_view word);
    void end();

    [[nodiscard]] const char* position() const { return next_; }
    [[nodiscard]] bool saw_space() const { return saw_space_; }
    [[noreturn]] void fail(std::string_view what) const;

  private:
    void skip_space() {
        if (next_ != end_ && static_cast<unsigned char>(*next_) <= ' ') skip_spaces();
    }
    [[noreturn]] void fail_expecting(char wanted) const;
    void skip_spaces();
    void escape();
    [[nodiscard]] bool at_digit() const { return next_ != end_ && *next_ >= '0' && *next_ <= '9'; }
    void digits(Decimal& number, bool is_fraction);
    [[nodiscard]] Decimal any_number();
    [[nodiscard]] int exponent();

    const char* begin_;
    const char* next_;
    const char* end_;
    bool saw_space_ = false;
};

/// What the grammar allows and we do not store.
enum class JsonFault { none, no_character, too_large_number };

inline constexpr unsigned max_json_depth = 32;

/// Reads any value whose brackets lie at `depth` or below, and appends it without white space.
///
/// Lone surrogates and numbers that a double cannot hold are read, and reported.
JsonFault read_value(JsonCursor& cursor, unsigned depth, std::string* compact);

/// The text without escapes, appended to `storage`; nothing if it has a lone surrogate or NUL.
[[nodiscard]] std::optional<std::string_view> unescape(std::string_view raw,
                                                       std::string& storage);

/// True for a compact JSON text as `read_value` gives it inside an observation.
[[nodiscard]] bool is_storable_json(std::string_view text, bool must_be_object);

/// Observations lie inside an array, their fields' values inside an object too.
inline constexpr unsigned element_depth = 2;
inline constexpr unsigned field_depth = 3;

}  // namespace fieldpost
