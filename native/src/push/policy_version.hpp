#pragma once

#include <optional>

#include "push/elements.hpp"

namespace fieldpost::push {

/// The policy version that an agent has, plus 1; 0 for none.
inline void write_policy_version(PayloadWriter& writer, std::optional<std::uint64_t> version) {
    if (version && *version >= max_number) throw LocalError("a policy version is too high");
    writer.number(version ? *version + 1 : 0);
}

[[nodiscard]] inline std::optional<std::uint64_t> read_policy_version(PayloadReader& reader) {
    const std::uint64_t code = reader.number();
    if (code == 0) return std::nullopt;
    return code - 1;
}

}  // namespace fieldpost::push
