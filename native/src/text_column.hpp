#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.hpp"
#include "int_column.hpp"

namespace fieldpost {

inline constexpr std::uint8_t mode_front_coded = 0x01;

/// A front-coded dictionary may not unfold to more: short entries could name long prefixes.
inline constexpr std::size_t max_front_coded_bytes = std::size_t{1} << 20U;

/// Chooses how a column of texts is written, then writes it (FORMAT.md, "Texts").
class TextEncoder {
  public:
    /// `codes` are indices into `dictionary`, of which any may be unused or repeated.
    void plan(std::span<const std::int64_t> codes, std::span<const std::string_view> dictionary);

    [[nodiscard]] std::uint8_t mode() const { return front_coded_ ? mode_front_coded : 0; }
    void write(ByteWriter& out, IntEncoder& ints);

  private:
    void join_equal_entries();
    void choose_dictionary();
    void sort_dictionary();

    std::vector<std::string_view> used_;  // in order of first appearance, or sorted
    std::vector<std::string_view> sorted_;
    std::vector<std::int64_t> codes_;
    std::vector<std::int64_t> renumbered_;
    bool front_coded_ = false;
};

struct Texts {
    std::vector<std::string_view> dictionary;
    std::shared_ptr<const std::string> storage;  // of a front-coded dictionary, or null
};

/// Reads the dictionary and one code per element of `codes`, each inside the dictionary.
[[nodiscard]] Texts decode_texts(ByteReader& in, std::uint8_t version, std::uint8_t mode,
                                 std::span<std::int64_t> codes);

}  // namespace fieldpost
