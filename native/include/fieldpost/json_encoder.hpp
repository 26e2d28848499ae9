#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/errors.hpp"
#include "fieldpost/reason.hpp"
#include "fieldpost/schema.hpp"

namespace fieldpost {

/// The first fault of an observation: its index in the input and the field's name.
struct Refusal {
    std::size_t index;
    std::string field;
    Reason reason;
};

struct EncodeOptions {
    std::int64_t earliest_ms;
    std::int64_t latest_ms;
    std::size_t max_observations = 5'000;
    std::size_t max_refusals = 100;  // of those listed; all are counted
    bool foreign = false;            // also accept `time_ms` and `attributes`
};

struct EncodedObservations {
    std::string block;  // empty when nothing is kept
    std::size_t count = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    std::vector<std::uint32_t> order;  // of the kept ones, as they came; empty: in time order
    std::vector<Refusal> refused;
    std::size_t refused_count = 0;
};

/// Reads a JSON array of observations, keeps the valid ones and encodes them as a block.
///
/// Throws Malformed for a text that is no such array, and TooMany.
[[nodiscard]] EncodedObservations encode_json(const Kind& kind, std::string_view json,
                                              const EncodeOptions& options);

}  // namespace fieldpost
