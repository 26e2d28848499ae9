#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "prepared_batch.hpp"
#include "spool.hpp"

namespace fieldpost::client {

/// Batches that go into the spool together or not at all, and what is noted with them.
struct Entry {
    std::vector<PreparedBatch> batches;
    std::string note;
};

/// Brings entries into a spool, and keeps each in memory until the disk has it: a disk that is
/// full or fails for a while loses nothing.
class DurableWriter {
  public:
    explicit DurableWriter(Spool& spool) : spool_(spool) {}

    /// Takes the entry; it is not written yet.
    void add(Entry entry);
    /// Writes what was added. Throws SpoolIoError; what was not written then, the next call
    /// writes.
    void append();
    /// Appends one entry and says its batches' sequence numbers. If it throws, the entry is not
    /// taken.
    std::vector<std::uint64_t> append(Entry entry);
    /// On return all that was added survives a power cut. Throws SpoolIoError, as `append`.
    void sync();

    /// What is kept in memory, in bytes of payload.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool is_empty() const { return entries_.empty(); }
    /// There are entries that could not be written.
    [[nodiscard]] bool is_behind() const { return appended_ < entries_.size(); }

  private:
    std::vector<std::uint64_t> append_next();

    Spool& spool_;
    std::deque<Entry> entries_;  // not synced yet
    std::size_t appended_ = 0;   // of these, the first ones are in the spool
    std::size_t bytes_ = 0;
};

}  // namespace fieldpost::client
