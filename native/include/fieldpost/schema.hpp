#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fieldpost {

enum class FieldType : std::uint8_t { number, integer, text, choice, flag, json };

[[nodiscard]] std::string_view name_of(FieldType type);

/// One field of a kind, as the domain declares it.
///
/// `low` and `high` are inclusive whole units. A number is kept as a count of 10^-decimals.
/// `max_length` counts characters of a text, and bytes of the compact form of JSON.
struct Field {
    std::string_view name;
    FieldType type;
    bool required;
    std::int64_t low = 0;
    std::int64_t high = 0;
    int decimals = 0;
    std::uint32_t max_length = 0;
    std::span<const std::string_view> choices = {};

    [[nodiscard]] bool is_text() const {
        return type == FieldType::text || type == FieldType::json;
    }
    /// The smallest and the largest stored value: of numbers fixed point, of choices codes.
    [[nodiscard]] std::int64_t stored_low() const;
    [[nodiscard]] std::int64_t stored_high() const;
};

/// A kind of observation. `code` is its byte in a block and never changes its meaning.
struct Kind {
    std::string_view name;
    std::uint8_t code;
    std::span<const Field> fields;
};

/// What a foreign agent said beyond our fields: the implicit last column of every kind.
inline constexpr Field attributes_field{.name = "attributes",
                                        .type = FieldType::json,
                                        .required = false,
                                        .max_length = 8'192};

inline constexpr std::size_t max_fields = 8;

[[nodiscard]] std::span<const Kind> kinds();
[[nodiscard]] const Kind* find_kind(std::string_view name);
[[nodiscard]] const Kind* find_kind(std::uint8_t code);

/// Column `index` of a kind: its fields in order, then the attributes.
[[nodiscard]] inline const Field& column_field(const Kind& kind, std::size_t index) {
    return index < kind.fields.size() ? kind.fields[index] : attributes_field;
}
[[nodiscard]] inline std::size_t column_count(const Kind& kind) { return kind.fields.size() + 1; }

}  // namespace fieldpost
