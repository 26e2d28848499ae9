#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fieldpost {

/// Gives equal texts equal codes: their index in a dictionary, in order of first appearance.
///
/// The search is bounded: texts made to collide cost dictionary entries instead of time.
class Interner {
  public:
    [[nodiscard]] std::int64_t code_of(std::string_view text,
                                       std::vector<std::string_view>& dictionary);
    void clear();

  private:
    void grow(const std::vector<std::string_view>& dictionary);
    void insert(std::uint64_t hash, std::uint32_t code);

    std::vector<std::uint32_t> slots_;  // a code + 1, or 0
};

}  // namespace fieldpost
