#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "posix_file.hpp"
#include "spool_record.hpp"

namespace fieldpost::client {

/// What is known of a segment file without its batches: about 100 bytes, and a bit a batch
/// once some are settled.
class Segment {
  public:
    /// Whole records, and the part of them that survives a power cut.
    std::uint64_t bytes = 0;
    std::uint64_t durable_bytes = 0;
    Tally all;

    /// False if the batch, the `ordinal`th of the segment, was settled before.
    bool settle(std::uint64_t ordinal, std::uint32_t observations);
    [[nodiscard]] bool is_settled(std::uint64_t ordinal) const;
    /// How many of the first batches are settled, up to the first one that is not.
    [[nodiscard]] std::uint64_t settled_lead() const { return lead_; }
    [[nodiscard]] bool all_settled() const { return settled_.batches == all.batches; }
    [[nodiscard]] Tally waiting() const;
    /// Which batches are settled, by ordinal; those beyond the end are not.
    [[nodiscard]] const std::vector<bool>& marks() const { return marks_; }

  private:
    Tally settled_;
    std::uint64_t lead_ = 0;
    std::vector<bool> marks_;
};

/// By number, which is their order in time.
using Segments = std::map<std::uint64_t, Segment>;

[[nodiscard]] std::string segment_name(std::uint64_t number);
/// Nothing if that is not the name of a segment file.
[[nodiscard]] std::optional<std::uint64_t> segment_number(std::string_view name);

/// Walks over the records of a segment file; holds one record, or 64 KiB of small ones.
class RecordReader {
  public:
    RecordReader(File file, std::uint64_t segment) : file_(std::move(file)), segment_(segment) {}

    /// The next record, valid until the next call; none at `end` and where one is damaged.
    [[nodiscard]] const Record* next(std::uint64_t end);
    /// Where the record that comes next begins.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] const File& file() const { return file_; }

  private:
    [[nodiscard]] std::string_view whole_record(std::uint64_t end);
    /// `size` bytes from where the reader stands, or fewer if the file ends before.
    [[nodiscard]] std::string_view bytes(std::size_t size, std::uint64_t end);
    void fill(std::size_t size);

    File file_;
    std::uint64_t segment_;
    std::uint64_t offset_ = 0;
    std::string buffer_;
    std::uint64_t buffer_offset_ = 0;
    Record record_;
};

/// A segment file as it was found, up to the first damage.
struct Survey {
    Segment segment;
    SpoolState state;
    /// The last that is not empty.
    std::string note;
    /// How many bytes behind the last good record.
    std::uint64_t damaged_bytes = 0;
};

/// Reads all of the file. `marks` are the batches known to be settled, besides those that the
/// records say are.
[[nodiscard]] Survey survey(const Directory& directory, std::uint64_t number,
                            const std::vector<bool>& marks = {});

}  // namespace fieldpost::client
