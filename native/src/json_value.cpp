#include <algorithm>

#include "json_cursor.hpp"
#include "utf8.hpp"

namespace fieldpost {
namespace {

std::uint32_t hex_at(std::string_view raw, std::size_t index) {
    std::uint32_t value = 0;
    for (std::size_t digit = index; digit < index + 4; ++digit) {
        const auto c = static_cast<unsigned char>(raw[digit]);
        value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20U) - 'a' + 10);
    }
    return value;
}

bool is_high_surrogate(std::uint32_t code) { return code >= 0xd800 && code < 0xdc00; }
bool is_low_surrogate(std::uint32_t code) { return code >= 0xdc00 && code < 0xe000; }

// The character of the \u escape whose digits begin at `index`, which moves behind them.
std::optional<std::uint32_t> escaped_character(std::string_view raw, std::size_t& index) {
    const std::uint32_t code = hex_at(raw, index);
    index += 4;
    if (is_low_surrogate(code)) return {};
    if (!is_high_surrogate(code)) return code;
    if (raw.substr(index, 2) != "\\u") return {};
    const std::uint32_t low = hex_at(raw, index + 2);
    if (!is_low_surrogate(low)) return {};
    index += 6;
    return 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
}

char simple_escape(char letter) {
    switch (letter) {
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return letter;
    }
}

bool has_lone_surrogate(std::string_view raw) {
    for (std::size_t index = raw.find('\\'); index != std::string_view::npos;
         index = raw.find('\\', index)) {
        const char letter = raw[index + 1];
        index += 2;
        if (letter == 'u' && !escaped_character(raw, index)) return true;
    }
    return false;
}

// One value's text, read strictly and copied without white space.
class ValueReader {
  public:
    ValueReader(JsonCursor& cursor, std::string* compact) : cursor_(cursor), compact_(compact) {}

    void value(unsigned depth) {
        const char first = cursor_.peek();
        const char* start = cursor_.position();
        switch (first) {
            case '{': object(depth); return;
            case '[': array(depth); return;
            case '"': string(); return;
            case 't': cursor_.literal("true"); break;
            case 'f': cursor_.literal("false"); break;
            case 'n': cursor_.literal("null"); break;
            default:
                if (first != '-' && (first < '0' || first > '9')) cursor_.fail("expected a value");
                if (!is_finite_double(cursor_.number())) report(JsonFault::too_large_number);
        }
        copy(start);
    }

    [[nodiscard]] JsonFault fault() const { return fault_; }

  private:
    void report(JsonFault fault) {
        if (fault_ == JsonFault::none) fault_ = fault;
    }

    void copy(const char* start) {
        if (compact_ != nullptr) compact_->append(start, cursor_.position());
    }

    void put(char c) {
        if (compact_ != nullptr) compact_->push_back(c);
    }

    void string() {
        const char* start = cursor_.position();
        const JsonString text = cursor_.string();
        if (text.has_escapes && has_lone_surrogate(text.raw)) report(JsonFault::no_character);
        copy(start);
    }

    void enter(unsigned depth, char bracket) {
        if (depth > max_json_depth) cursor_.fail("nested too deeply");
        cursor_.expect(bracket);
        put(bracket);
    }

    void array(unsigned depth) {
        enter(depth, '[');
        if (!cursor_.accept(']')) {
            value(depth + 1);
            while (cursor_.accept(',')) {
                put(',');
                value(depth + 1);
            }
            cursor_.expect(']');
        }
        put(']');
    }

    void object(unsigned depth) {
        enter(depth, '{');
        if (!cursor_.accept('}')) {
            member(depth);
            while (cursor_.accept(',')) {
                put(',');
                member(depth);
            }
            cursor_.expect('}');
        }
        put('}');
    }

    void member(unsigned depth) {
        if (cursor_.peek() != '"') cursor_.fail("expected a string");
        string();
        cursor_.expect(':');
        put(':');
        value(depth + 1);
    }

    JsonCursor& cursor_;
    std::string* compact_;
    JsonFault fault_ = JsonFault::none;
};

}  // namespace

JsonFault read_value(JsonCursor& cursor, unsigned depth, std::string* compact) {
    ValueReader reader(cursor, compact);
    reader.value(depth);
    return reader.fault();
}

std::optional<std::string_view> unescape(std::string_view raw, std::string& storage) {
    const std::size_t start = storage.size();
    std::size_t index = 0;
    while (index < raw.size()) {
        const std::size_t escape = std::min(raw.find('\\', index), raw.size());
        storage.append(raw, index, escape - index);
        if (escape == raw.size()) break;
        const char letter = raw[escape + 1];
        index = escape + 2;
        if (letter != 'u') {
            storage.push_back(simple_escape(letter));
            continue;
        }
        const auto character = escaped_character(raw, index);
        if (!character || *character == 0) return {};
        append_utf8(storage, *character);
    }
    return std::string_view(storage).substr(start);
}

bool is_storable_json(std::string_view text, bool must_be_object) {
    if (must_be_object && !text.starts_with('{')) return false;
    try {
        JsonCursor cursor(text);
        const JsonFault fault = read_value(cursor, field_depth, nullptr);
        cursor.end();
        return fault == JsonFault::none && !cursor.saw_space();
    } catch (const Malformed&) {
        return false;
    }
}

}  // namespace fieldpost
