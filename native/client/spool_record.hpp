#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spool_batch.hpp"

/// The bytes of a spool's records (SPOOL.md), without any I/O.
namespace fieldpost::client {

/// Checksum and size, before the body.
inline constexpr std::size_t record_head_bytes = 8;

/// What each record says of the whole spool, as it was when the record was written.
struct SpoolState {
    std::uint64_t next_sequence = 0;
    /// Segments of lower numbers are gone, whether or not their files are.
    std::uint64_t oldest_segment = 0;
    Tally dropped;
};

/// A batch as it lies in a record; the texts live as long as the record's bytes.
struct BatchView {
    std::uint8_t kind = 0;
    PayloadFormat format = PayloadFormat::block;
    bool complete = false;
    std::uint32_t observations = 0;
    std::uint64_t sequence = 0;
    std::string_view kind_name;
    std::string_view pull_request;
    std::string_view payload;
};

struct Record {
    std::uint64_t segment = 0;
    SpoolState state;
    /// How many of the segment's first batches were settled.
    std::uint64_t settled = 0;
    /// Empty: the note is still the one before.
    std::string_view note = {};
    std::vector<BatchView> batches = {};
};

/// At least what `record` will take in a file.
[[nodiscard]] std::uint64_t record_bytes_bound(const Record& record);

/// The whole record, head and body.
[[nodiscard]] std::string encode_record(const Record& record);

/// The size of the body by the record's head; 0 if no record begins so.
[[nodiscard]] std::size_t record_body_bytes(std::string_view head);

/// Fills `record` from head and body; false if they are damaged. Throws SpoolTooNew.
[[nodiscard]] bool decode_record(std::string_view bytes, Record& record);

}  // namespace fieldpost::client
