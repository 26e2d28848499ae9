// Every valid batch comes back from its block, and from its parts.

#include <array>

#include "blocks.hpp"
#include "fieldpost/block.hpp"
#include "generated_batch.hpp"
#include "property.hpp"

using namespace fieldpost;

namespace {

Batch slice(const Batch& batch, std::size_t from, std::size_t to) {
    std::vector<std::uint32_t> rows;
    for (std::size_t row = from; row < to; ++row) rows.push_back(static_cast<std::uint32_t>(row));
    return gather(batch, rows);
}

void check_block(const Batch& batch, const std::string& block) {
    const Batch read = decode_block(block);
    HOLDS(same_values(batch, read));
    HOLDS(encode_block(read) == block);
    const BlockInfo info = read_info(block);
    HOLDS(info.kind == batch.kind && info.count == batch.size());
    HOLDS(info.first_ms == batch.times_ms.front() && info.last_ms == batch.times_ms.back());
}

// Cut at two times; an empty part is fine.
void check_slices(Input& input, const Batch& batch, const std::string& block) {
    const std::int64_t first = batch.times_ms.front();
    const std::int64_t end = batch.times_ms.back() + 1;
    std::array<std::int64_t, 4> cuts{first, input.between(first, end), 0, end};
    cuts[2] = input.between(cuts[1], end);
    std::vector<Batch> parts;
    std::size_t next = 0;
    std::string text;
    for (std::size_t part = 0; part < 3; ++part) {
        const auto [from, to] = rows_between(batch, cuts[part], cuts[part + 1]);
        HOLDS(from == next && to >= from);
        next = to;
        parts.push_back(slice(batch, from, to));
        const JsonRows rows = write_rows(batch, from, to);
        HOLDS(rows.text == write_rows(parts.back(), 0, to - from).text);
        text += rows.text;
        HOLDS(encode_block(parts.back()).empty() == (from == to));
    }
    HOLDS(next == batch.size());
    HOLDS(text == write_rows(batch, 0, batch.size()).text);
    const Batch whole = merge(parts);
    HOLDS(same_values(batch, whole));
    HOLDS(encode_block(whole) == block);
}

// Each row goes to one of two parts, which come back from their blocks before they are merged.
void check_kept(Input& input, const Batch& batch) {
    std::array<std::vector<std::uint32_t>, 2> kept;
    bool times_differ = true;
    for (std::uint32_t row = 0; row < batch.size(); ++row) {
        kept[input.byte() & 1U].push_back(row);
        times_differ = times_differ && (row == 0 || batch.times_ms[row - 1] < batch.times_ms[row]);
    }
    if (kept[0].empty() || kept[1].empty()) return;
    const std::array<std::string, 2> blocks{encode_block(gather(batch, kept[0])),
                                            encode_block(gather(batch, kept[1]))};
    const std::array<Batch, 2> parts{decode_block(blocks[0]), decode_block(blocks[1])};
    for (std::size_t part = 0; part < 2; ++part) {
        HOLDS(same_values(parts[part], gather(batch, kept[part])));
    }
    const Batch whole = merge(parts);
    std::vector<std::uint32_t> order = kept[0];
    order.insert(order.end(), kept[1].begin(), kept[1].end());
    const Batch unsorted = gather(batch, order);
    HOLDS(same_values(whole, gather(unsorted, rows_by_time(unsorted))));
    if (times_differ) HOLDS(same_values(whole, batch));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const Batch batch = generated_batch(input);
    const std::string block = encode_block(batch);
    check_block(batch, block);
    check_slices(input, batch, block);
    check_kept(input, batch);
    return 0;
}
