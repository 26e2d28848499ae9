#pragma once

#include <cstdint>
#include <optional>

#include "spool_segment.hpp"

namespace fieldpost::client {

/// Goes over the batches that wait, oldest first; holds one record in memory.
class SpoolCursor {
  public:
    /// Where a batch lies.
    struct Place {
        std::uint64_t segment = 0;
        std::uint64_t ordinal = 0;
        std::uint32_t observations = 0;
    };

    /// The next batch that is durable and not settled, valid until the next call; none if
    /// there is none yet, or if `damaged()`.
    [[nodiscard]] const BatchView* peek(const Segments& segments, const Directory& directory);
    [[nodiscard]] Place place() const;
    void advance() { ++next_; }
    void rewind() { *this = SpoolCursor(); }

    /// The segment that could not be read on, from where the cursor stands.
    [[nodiscard]] std::optional<std::uint64_t> damaged() const;

  private:
    [[nodiscard]] bool load(const Segments& segments, const Directory& directory);
    void enter(std::uint64_t segment);

    std::uint64_t segment_ = 0;
    std::optional<RecordReader> reader_;
    const Record* record_ = nullptr;
    /// How many batches of the segment lie before the record, and of the record before the next.
    std::uint64_t before_ = 0;
    std::size_t next_ = 0;
    bool damaged_ = false;
};

}  // namespace fieldpost::client
