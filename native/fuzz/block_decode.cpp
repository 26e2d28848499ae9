// Any bytes are refused or decoded, and what is decoded can be written and encoded again.

#include <optional>

#include "blocks.hpp"
#include "fieldpost/block.hpp"
#include "input.hpp"
#include "json_cursor.hpp"
#include "property.hpp"

using namespace fieldpost;

namespace {

constexpr std::size_t most_written = 2'000;  // rows; more of them teach nothing but patience

std::optional<Batch> decoded(std::string_view block) {
    try {
        return decode_block(block);
    } catch (const BadBlock&) {
        return std::nullopt;
    }
}

// Of a refused block the head may still be good.
void check_info(std::string_view block, const std::optional<Batch>& batch) {
    try {
        const BlockInfo info = read_info(block);
        if (!batch) return;
        HOLDS(info.kind == batch->kind && info.count == batch->size());
        HOLDS(info.first_ms == batch->times_ms.front());
        HOLDS(info.last_ms == batch->times_ms.back());
    } catch (const BadBlock&) {
        HOLDS(!batch);
    }
}

void check_rows(const Batch& batch) {
    const JsonRows rows = write_rows(batch, 0, batch.size());
    HOLDS(rows.ends.size() == batch.size());
    HOLDS(rows.ends.back() == rows.text.size());
    std::size_t start = 0;
    for (const std::size_t end : rows.ends) {
        const std::string_view row = std::string_view(rows.text).substr(start, end - start);
        JsonCursor cursor(row);  // throws what nobody catches
        HOLDS(read_value(cursor, element_depth, nullptr) == JsonFault::none);
        cursor.end();
        HOLDS(!cursor.saw_space());
        start = end;
    }
}

void check_encoding(const Batch& batch) {
    const std::string encoded = encode_block(batch);
    const Batch again = decode_block(encoded);
    HOLDS(same_values(batch, again));
    HOLDS(encode_block(again) == encoded);
}

void check_block(std::string_view block) {
    const std::optional<Batch> batch = decoded(block);
    check_info(block, batch);
    if (!batch || batch->size() > most_written) return;
    check_rows(*batch);
    check_encoding(*batch);
}

}  // namespace

// The first byte: even, and the rest is a body to which the checksum is added; odd, and the
// rest is taken as it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const bool as_it_is = input.byte() % 2 == 1;
    const std::string_view rest = input.rest();
    check_block(as_it_is ? rest : view(sealed(rest)));
    return 0;
}
