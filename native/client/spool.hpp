#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "posix_file.hpp"
#include "spool_batch.hpp"
#include "spool_cursor.hpp"
#include "spool_errors.hpp"
#include "spool_recovery.hpp"
#include "spool_segment.hpp"

namespace fieldpost::client {

struct SpoolOptions {
    /// Of all segment files together, but for what is appended between two calls of `sync`. At
    /// least four times `segment_bytes`.
    std::uint64_t max_bytes = std::uint64_t{256} << 20U;
    /// When a segment file is full: 64 KiB to 16 MiB.
    std::uint64_t segment_bytes = std::uint64_t{1} << 20U;
    /// The time now in microseconds since 1970: where a new spool starts to count, so that one
    /// that was lost is not numbered anew.
    std::uint64_t clock_us = 0;
};

/// How many batches may be handed out and not settled.
inline constexpr std::size_t max_in_flight = 4'096;

/// Batches on disk that wait to be acknowledged (SPOOL.md).
///
/// For one thread at a time. Where SpoolIoError is thrown, the spool stays usable.
class Spool {
  public:
    /// Opens the spool in `directory` and mends what a crash left; makes it, for its owner
    /// alone, if there is none. Throws SpoolBusy, SpoolRefused for the options, SpoolTooNew.
    Spool(const std::string& directory, const SpoolOptions& options);
    Spool(Spool&&) = delete;

    /// Writes an entry: batches, and how far the writer is in its input. After a crash all of
    /// it is there or none. An empty note leaves the last one as it is. Returns the batches'
    /// sequence numbers.
    ///
    /// Where there is no room, the oldest segments are dropped, and counted. Throws
    /// SpoolRefused for an entry beyond a bound, SpoolIoError; nothing was appended then.
    std::vector<std::uint64_t> append(std::span<const NewBatch> batches, std::string_view note);

    /// On return all that was appended survives a power cut, and may be sent. If it throws
    /// SpoolIoError, the entries since the last time are forgotten and must be appended again:
    /// go on from `note`. `append` does the same where it begins a segment.
    void sync();

    /// The next batches to send, oldest first: durable, not settled and not handed out since
    /// the last `rewind`. At most `limit_batches`, and `limit_bytes` of payload, but one batch
    /// in any case; none if none wait or `max_in_flight` are handed out. Throws SpoolIoError.
    [[nodiscard]] std::vector<SpooledBatch> next_unsent(std::size_t limit_batches,
                                                        std::uint64_t limit_bytes);

    /// Hands out again, from the first, what is not settled: after a lost connection.
    void rewind();

    /// A batch that was handed out since the last `rewind` is done with: on the platform's disk,
    /// or refused for good. False if there is no such batch. Not durable: after a crash some
    /// settled batches are handed out again.
    bool settle(std::uint8_t kind, std::uint64_t sequence, std::string_view kind_name = {});

    /// Of the last durable entry that had one.
    [[nodiscard]] const std::string& note() const { return note_; }
    /// What was dropped for want of room and not settled, ever since the spool was made.
    [[nodiscard]] Tally dropped() const { return state_.dropped; }
    /// What is not settled, durable or not.
    [[nodiscard]] Tally waiting() const;
    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] const Damage& damage() const { return damage_; }
    [[nodiscard]] std::uint64_t next_sequence() const { return state_.next_sequence; }

  private:
    using InFlight = std::tuple<std::uint8_t, std::uint64_t, std::string>;

    [[nodiscard]] Record record_of(std::span<const NewBatch> batches, std::string_view note) const;
    [[nodiscard]] bool segment_is_due(std::uint64_t entry_bytes) const;
    void begin_segment();
    [[nodiscard]] Segments::iterator make_room(SpoolState& state, std::uint64_t entry_bytes);
    void write(const std::string& bytes);
    void shorten();
    void forget_since_sync();
    void remove_if_settled(Segments::iterator segment);
    void sweep();
    [[nodiscard]] const BatchView* peek();
    [[nodiscard]] bool cut_damage(std::uint64_t number);

    [[nodiscard]] std::uint64_t newest_number() const { return segments_.rbegin()->first; }
    [[nodiscard]] Segment& newest() { return segments_.rbegin()->second; }
    [[nodiscard]] const Segment& newest() const { return segments_.rbegin()->second; }

    SpoolOptions options_;
    Directory directory_;
    File lock_;
    Segments segments_;
    /// The newest segment's.
    File file_;
    /// The file ends with what failed to be written or synced, and could not be shortened.
    bool overlong_ = false;
    /// Segments that nobody needs and whose files are still there.
    std::vector<std::uint64_t> garbage_;

    SpoolState state_;
    std::string note_;
    Damage damage_;

    /// As of the last `sync`: what is beyond is forgotten if the next one fails.
    SpoolState durable_state_;
    Tally durable_all_;
    /// What is beyond.
    std::string undurable_note_;
    Segments undurably_dropped_;

    SpoolCursor cursor_;
    std::multimap<InFlight, SpoolCursor::Place> in_flight_;
};

}  // namespace fieldpost::client
