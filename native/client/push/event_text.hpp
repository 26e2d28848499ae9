#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json_cursor.hpp"

namespace fieldpost::push_program {

/// A member of a JSON object: a text without its quotes and escapes, or any value as it is.
struct Member {
    std::string name;
    std::string value;
};

/// Reads what the client says of itself. Throws Malformed.
[[nodiscard]] inline std::vector<Member> members_of(JsonCursor& cursor) {
    const auto plain = [](const JsonString& text) {
        std::string storage;
        storage.reserve(text.raw.size());
        return text.has_escapes ? std::string(unescape(text.raw, storage).value_or(text.raw))
                                : std::string(text.raw);
    };
    std::vector<Member> members;
    cursor.expect('{');
    if (cursor.accept('}')) return members;
    do {
        Member member{.name = plain(cursor.string()), .value = {}};
        cursor.expect(':');
        if (cursor.peek() == '"') {
            member.value = plain(cursor.string());
        } else {
            (void)read_value(cursor, 1, &member.value);
        }
        members.push_back(std::move(member));
    } while (cursor.accept(','));
    cursor.expect('}');
    return members;
}

/// The objects of a JSON array.
[[nodiscard]] inline std::vector<std::vector<Member>> objects_of(std::string_view array) {
    std::vector<std::vector<Member>> objects;
    JsonCursor cursor(array);
    cursor.expect('[');
    if (cursor.accept(']')) return objects;
    do {
        objects.push_back(members_of(cursor));
    } while (cursor.accept(','));
    cursor.expect(']');
    return objects;
}

/// The value of a member; empty if there is none.
[[nodiscard]] inline std::string value_of(const std::vector<Member>& members,
                                          std::string_view name) {
    for (const Member& member : members) {
        if (member.name == name) return member.value;
    }
    return {};
}

}  // namespace fieldpost::push_program
