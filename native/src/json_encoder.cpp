#include "fieldpost/json_encoder.hpp"

#include <algorithm>
#include <array>

#include "fieldpost/block.hpp"
#include "observation_reader.hpp"

namespace fieldpost {

std::string_view name_of(Reason reason) {
    static constexpr std::array<std::string_view, 11> names{
        "missing",    "unknown_field", "wrong_type", "out_of_range",    "too_long", "not_a_choice",
        "not_a_time", "too_early",     "too_late",   "duplicate_field", "empty"};
    return names[static_cast<std::size_t>(reason)];
}

EncodedObservations encode_json(const Kind& kind, std::string_view json,
                                const EncodeOptions& options) {
    ObservationReader reader(kind, json, options);
    reader.run();
    Batch& batch = reader.batch();
    EncodedObservations result;
    result.refused = std::move(reader.refused());
    result.refused_count = reader.refused_count();
    result.count = batch.size();
    if (batch.size() == 0) return result;
    if (!std::ranges::is_sorted(batch.times_ms)) {
        result.order = rows_by_time(batch);
        batch = gather(batch, result.order);
    }
    result.block = encode_block(batch);
    result.first_ms = batch.times_ms.front();
    result.last_ms = batch.times_ms.back();
    return result;
}

}  // namespace fieldpost
