// Any bytes as JSON are malformed, too many, or give a block that says what was kept.

#include <algorithm>

#include "blocks.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/json_encoder.hpp"
#include "input.hpp"
#include "property.hpp"
#include "timestamp.hpp"

using namespace fieldpost;

namespace {

constexpr std::int64_t year_2000 = 946'684'800'000;
constexpr std::int64_t year_2100 = 4'102'444'800'000;

EncodeOptions options_from(Input& input) {
    const std::uint8_t flags = input.byte();
    EncodeOptions options{.earliest_ms = min_time_ms, .latest_ms = max_time_ms};
    options.foreign = (flags & 1U) == 0;
    if ((flags & 2U) != 0) {
        options.earliest_ms = year_2000;
        options.latest_ms = year_2100;
    }
    if ((flags & 4U) != 0) options.max_observations = 2;
    if ((flags & 8U) != 0) options.max_refusals = 1;
    return options;
}

void check_refusals(const EncodedObservations& encoded, const EncodeOptions& options) {
    HOLDS(encoded.refused.size() == std::min(encoded.refused_count, options.max_refusals));
    HOLDS(encoded.count + encoded.refused_count <= options.max_observations);
    const std::size_t total = encoded.count + encoded.refused_count;
    std::size_t next = 0;
    for (const Refusal& refusal : encoded.refused) {
        HOLDS(refusal.index >= next && refusal.index < total);
        next = refusal.index + 1;
        HOLDS(!name_of(refusal.reason).empty());
    }
}

void check_order(const EncodedObservations& encoded) {
    if (encoded.order.empty()) return;
    HOLDS(encoded.order.size() == encoded.count);
    std::vector<std::uint32_t> rows = encoded.order;
    std::ranges::sort(rows);
    for (std::uint32_t row = 0; row < rows.size(); ++row) HOLDS(rows[row] == row);
}

// Its rows, taken for what a device sent, are all kept and give the same bytes.
void check_block(const Kind& kind, const EncodedObservations& encoded,
                 const EncodeOptions& options) {
    const Batch batch = decode_block(encoded.block);
    HOLDS(batch.kind == &kind && batch.size() == encoded.count);
    HOLDS(batch.times_ms.front() == encoded.first_ms);
    HOLDS(batch.times_ms.back() == encoded.last_ms);
    HOLDS(encoded.first_ms >= options.earliest_ms && encoded.last_ms <= options.latest_ms);
    HOLDS(encode_block(batch) == encoded.block);
    const std::string rows = as_array(write_rows(batch, 0, batch.size()));
    const EncodedObservations again = encode_json(kind, rows, options);
    HOLDS(again.refused_count == 0 && again.order.empty());
    HOLDS(again.block == encoded.block);
}

}  // namespace

// The first byte chooses the kind, the second the options; the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const Kind& kind = kinds()[input.below(kinds().size())];
    const EncodeOptions options = options_from(input);
    const std::string_view text = input.rest();
    try {
        const EncodedObservations encoded = encode_json(kind, text, options);
        check_refusals(encoded, options);
        check_order(encoded);
        HOLDS(encoded.block.empty() == (encoded.count == 0));
        if (encoded.count > 0) check_block(kind, encoded, options);
    } catch (const Malformed& malformed) {
        HOLDS(malformed.offset() <= text.size());
    } catch (const TooMany&) {
        HOLDS(text.size() > 2 * options.max_observations);
    }
    return 0;
}
