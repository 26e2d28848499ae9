#include "utf8.hpp"

#include <cstring>

namespace fieldpost {
namespace {

constexpr bool is_continuation(std::uint8_t byte) { return (byte & 0xc0U) == 0x80U; }

// RFC 3629, section 4: the second byte's range excludes overlong forms and surrogates.
std::size_t sequence_length(const std::uint8_t* at, std::size_t left) {
    const std::uint8_t lead = at[0];
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || left < length) return 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    if (at[1] < low || at[1] > high) return 0;
    for (std::size_t index = 2; index < length; ++index) {
        if (!is_continuation(at[index])) return 0;
    }
    return length;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t index = 0;
    while (index < text.size()) {
        while (text.size() - index >= 16) {
            std::uint64_t words[2];
            std::memcpy(words, bytes + index, sizeof words);
            if (((words[0] | words[1]) & 0x8080808080808080U) != 0) break;
            index += sizeof words;
        }
        if (index == text.size()) break;
        const std::size_t length = sequence_length(bytes + index, text.size() - index);
        if (length == 0) return index;
        index += length;
    }
    return std::string_view::npos;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text) {
        count += is_continuation(static_cast<std::uint8_t>(byte)) ? 0U : 1U;
    }
    return count;
}

std::string_view first_characters(std::string_view text, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (is_continuation(static_cast<std::uint8_t>(text[index]))) continue;
        if (seen++ == characters) return text.substr(0, index);
    }
    return text;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        push(code_point);
    } else if (code_point < 0x800) {
        push(0xc0U | code_point >> 6U);
        push(0x80U | (code_point & 0x3fU));
    } else if (code_point < 0x10000) {
        push(0xe0U | code_point >> 12U);
        push(0x80U | (code_point >> 6U & 0x3fU));
        push(0x80U | (code_point & 0x3fU));
    } else {
        push(0xf0U | code_point >> 18U);
        push(0x80U | (code_point >> 12U & 0x3fU));
        push(0x80U | (code_point >> 6U & 0x3fU));
        push(0x80U | (code_point & 0x3fU));
    }
}

}  // namespace fieldpost
