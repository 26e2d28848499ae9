#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fieldpost/batch.hpp"
#include "fieldpost/errors.hpp"

namespace fieldpost {

/// Bounds of one block: they keep a small forged block from becoming much memory.
inline constexpr std::size_t max_block_observations = 131'072;
inline constexpr std::size_t max_block_text_bytes = std::size_t{64} << 20U;

struct BlockInfo {
    const Kind* kind;
    std::size_t count;
    std::int64_t first_ms;
    std::int64_t last_ms;
};

/// The batch's block, as FORMAT.md specifies it; empty for an empty batch.
///
/// Equal batches give equal bytes. The batch is in time order and within its kind's bounds.
/// Throws TooMany beyond a block's bounds.
[[nodiscard]] std::string encode_block(const Batch& batch);

/// The batch of a block; its texts are views into `block`. Any bytes are safe.
///
/// Throws BadBlock unless everything, down to the last value, is as FORMAT.md allows.
[[nodiscard]] Batch decode_block(std::string_view block);
Batch decode_block(const std::string&& temporary) = delete;

/// The observations of blocks, at least one, of one kind, in time order; of equal times in the
/// order of the blocks. Throws BadBlock, also if the kinds differ.
[[nodiscard]] Batch decode_blocks(std::span<const std::string_view> blocks);

/// Head and times only, after verifying the checksum. Throws BadBlock.
[[nodiscard]] BlockInfo read_info(std::string_view block);

}  // namespace fieldpost
