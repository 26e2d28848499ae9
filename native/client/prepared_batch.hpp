#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spool_batch.hpp"

namespace fieldpost::client {

/// As many observations as the platform takes in one batch.
inline constexpr std::size_t max_batch_observations = 5'000;
/// The longest payload of a batch that we cut ourselves, unless it is a single observation.
inline constexpr std::size_t cut_batch_bytes = std::size_t{256} << 10U;
/// The longest payload that there may be: with what goes before it in its frame it stays below
/// what a server takes by default.
inline constexpr std::size_t max_batch_bytes = (std::size_t{1} << 20U) - 1'024;
/// The longest text of one batch that is given as JSON. As a block it is much shorter.
inline constexpr std::size_t max_given_batch_bytes = std::size_t{4} << 20U;

/// A batch that is ready for the spool and owns its bytes.
struct PreparedBatch {
    std::uint8_t kind = 0;
    PayloadFormat format = PayloadFormat::block;
    std::uint32_t observations = 0;
    std::string payload;
    std::string kind_name = {};
    std::string request_id = {};
    bool completes = false;
    std::optional<std::uint64_t> sequence = std::nullopt;

    [[nodiscard]] NewBatch view() const {
        return {.kind = kind,
                .format = format,
                .observations = observations,
                .payload = payload,
                .kind_name = kind_name,
                .pull_request = request_id,
                .complete = completes,
                .sequence = sequence};
    }
};

/// One batch of all that `observations`, a JSON array, holds: a block if every observation is
/// valid, else the array as it is. Throws Malformed, and TooMany beyond a bound.
[[nodiscard]] PreparedBatch prepare_whole(std::string_view kind_name,
                                          std::string_view observations);

/// Observations of one kind, as they are put one by one.
class KindBuffer {
  public:
    explicit KindBuffer(std::string kind_name) : kind_name_(std::move(kind_name)) {}

    [[nodiscard]] const std::string& kind_name() const { return kind_name_; }
    /// A JSON object, of which the bytes from `cut_begin` to `cut_end` are left out.
    void add(std::string_view observation, std::size_t cut_begin, std::size_t cut_end);
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::size_t bytes() const { return text_.size(); }

    /// Appends batches of all that was added: blocks of what is valid, JSON of the rest, in the
    /// bounds of a batch. Forgets it then.
    void prepare(std::vector<PreparedBatch>& batches);

  private:
    [[nodiscard]] std::string_view observation(std::size_t index) const;
    [[nodiscard]] std::string array_of(std::size_t from, std::size_t to) const;
    void prepare_blocks(std::size_t from, std::size_t to, std::vector<PreparedBatch>& batches);
    void prepare_refused(std::vector<PreparedBatch>& batches);

    std::string kind_name_;
    std::string text_;               // the observations, a comma behind each
    std::vector<std::size_t> ends_;  // of each, before its comma
    std::vector<std::size_t> refused_;
};

}  // namespace fieldpost::client
