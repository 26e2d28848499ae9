#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/schema.hpp"

namespace fieldpost::python {

/// Valid as long as `bytes` is.
[[nodiscard]] inline std::string_view view(const nanobind::bytes& bytes) {
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline std::vector<std::string_view> views(
    const std::vector<nanobind::bytes>& blocks) {
    std::vector<std::string_view> result;
    result.reserve(blocks.size());
    for (const nanobind::bytes& block : blocks) result.push_back(view(block));
    return result;
}

[[nodiscard]] inline nanobind::bytes to_bytes(std::string_view text) {
    return nanobind::bytes(text.data(), text.size());
}

[[nodiscard]] inline nanobind::str to_str(std::string_view text) {
    return nanobind::str(text.data(), text.size());
}

/// Runs `work`, which touches no Python object, while other threads have the interpreter.
template <typename Work>
auto without_gil(Work work) {
    const nanobind::gil_scoped_release release;
    return work();
}

/// Raises ValueError for an unknown kind.
[[nodiscard]] inline const Kind& kind_named(std::string_view name) {
    const Kind* kind = find_kind(name);
    if (kind == nullptr) {
        throw nanobind::value_error(("unknown kind: " + std::string(name)).c_str());
    }
    return *kind;
}

}  // namespace fieldpost::python
