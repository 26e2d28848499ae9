#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "durable_writer.hpp"
#include "prepared_batch.hpp"

namespace fieldpost::client {

enum class WhenFull : std::uint8_t {
    drop_oldest,  // for agents that measure on: what is new is worth more
    wait,         // for input that waits
};

struct OutboxOptions {
    /// When what was put is written, all kinds together: at so many observations, up to 5,000,
    /// or when the first of them is so old.
    std::size_t batch_observations = 500;
    std::int64_t batch_age_ms = 1'000;
    WhenFull when_full = WhenFull::drop_oldest;
    std::uint64_t max_spool_bytes = 0;
    /// What every note begins with.
    std::string note_prefix;
};

enum class PutResult : std::uint8_t { taken, full };

/// Gathers observations into batches, and puts these into the spool.
class Outbox {
  public:
    Outbox(Spool& spool, OutboxOptions options);

    /// Takes a JSON object. Without `kind` it names its kind itself, by a member `kind`. Full:
    /// nothing was taken, try again when something was delivered or the disk works again.
    /// Throws Malformed, TooMany for a text that is too long, SpoolIoError: nothing was taken.
    [[nodiscard]] PutResult put(std::string_view kind, std::string_view observation,
                                std::int64_t now_ms);
    /// Takes exactly one batch, durably. Its sequence number; nothing if full. Throws Malformed,
    /// TooMany, SpoolRefused, SpoolIoError.
    [[nodiscard]] std::optional<std::uint64_t> put_batch(std::string_view kind,
                                                         std::string_view observations,
                                                         std::optional<std::uint64_t> sequence,
                                                         std::string_view request_id,
                                                         bool completes);
    /// Says how far the user is in its input with all that was put so far.
    void mark(std::string_view place);

    /// Writes what was put if it is due. Throws SpoolIoError; nothing is lost then.
    void write_due(std::int64_t now_ms);
    /// On return all that was put or marked is durable. Throws SpoolIoError, as before.
    void flush();
    void sync() { writer_.sync(); }

    [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;
    /// What was put and is not in the spool.
    [[nodiscard]] std::size_t buffered() const { return count_; }
    [[nodiscard]] bool is_durable() const {
        return count_ == 0 && !mark_is_new_ && writer_.is_empty();
    }

  private:
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool is_due() const;
    [[nodiscard]] KindBuffer* buffer_of(std::string_view kind);
    void write();

    Spool& spool_;
    OutboxOptions options_;
    DurableWriter writer_;
    std::vector<KindBuffer> buffers_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    std::int64_t first_ms_ = 0;  // when the oldest of them was put
    std::string note_;
    bool has_note_;  // the spool, or what is to be written into it
    bool mark_is_new_ = false;
};

}  // namespace fieldpost::client
