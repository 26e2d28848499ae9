#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fieldpost::client {

inline constexpr std::size_t max_note_bytes = 4'096;
inline constexpr std::size_t max_entry_batches = 1'024;
/// Of an entry as it lies on disk, all of its batches together.
inline constexpr std::size_t max_entry_bytes = std::size_t{4} << 20U;
inline constexpr std::size_t max_kind_name_bytes = 64;
inline constexpr std::size_t max_pull_request_bytes = 128;
/// What the platform takes (MAX_SEQUENCE in `domain/batch.py`).
inline constexpr std::uint64_t max_sequence = (std::uint64_t{1} << 53U) - 1;
/// So that above any number a writer chooses there is room to count on.
inline constexpr std::uint64_t max_chosen_sequence = std::uint64_t{1} << 52U;

struct Tally {
    std::uint64_t batches = 0;
    std::uint64_t observations = 0;

    friend bool operator==(const Tally&, const Tally&) = default;
};

enum class PayloadFormat : std::uint8_t {
    /// As in FORMAT.md.
    block = 0,
    /// A JSON array of observations; of a kind without a code, named by `kind_name`.
    json = 1,
};

/// A batch to be spooled. The spool does not look into the payload.
struct NewBatch {
    /// Its code in FORMAT.md; 0 if `kind_name` says the kind.
    std::uint8_t kind = 0;
    PayloadFormat format = PayloadFormat::block;
    std::uint32_t observations = 0;
    std::string_view payload;
    std::string_view kind_name = {};
    /// Which pull request it answers; empty if none.
    std::string_view pull_request = {};
    /// The last batch of the answer.
    bool complete = false;
    /// At most `max_chosen_sequence`; without it the spool counts on.
    std::optional<std::uint64_t> sequence = std::nullopt;
};

/// A batch from the spool, to be sent.
struct SpooledBatch {
    std::uint8_t kind = 0;
    PayloadFormat format = PayloadFormat::block;
    std::uint32_t observations = 0;
    std::string payload;
    std::string kind_name;
    std::string pull_request;
    bool complete = false;
    std::uint64_t sequence = 0;
};

}  // namespace fieldpost::client
