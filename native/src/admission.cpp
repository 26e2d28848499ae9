#include "fieldpost/admission.hpp"

#include <array>

#include "bytes.hpp"
#include "fieldpost/block.hpp"

namespace fieldpost {
namespace {

// The count that the head claims: nothing is unpacked for it.
std::uint64_t claimed_count(std::string_view block, Admission& admission) {
    ByteReader in(block);
    static_cast<void>(in.byte());  // the version, which decoding checks
    admission.kind = find_kind(in.byte());
    return in.varint();
}

// Dictionaries keep a block small; what is read from it spells each text out.
std::size_t text_bytes(const Batch& batch) {
    std::size_t total = 0;
    for (const Column& column : batch.columns) {
        if (column.dictionary.empty()) continue;
        for (std::size_t row = 0; row < batch.size(); ++row) {
            if (!column.has(row)) continue;
            total += column.dictionary[static_cast<std::size_t>(column.values[row])].size();
        }
    }
    return total;
}

void check(std::string_view block, const AdmissionBounds& bounds, Admission& admission) {
    if (claimed_count(block, admission) > bounds.max_observations) {
        admission.kind = read_info(block).kind;
        admission.fault = BlockFault::too_many_observations;
        return;
    }
    const Batch batch = decode_block(block);
    admission.count = batch.size();
    admission.first_ms = batch.times_ms.front();
    admission.last_ms = batch.times_ms.back();
    if (batch.columns.back().in_use()) {
        admission.fault = BlockFault::unknown_field;
    } else if (text_bytes(batch) > bounds.max_text_bytes) {
        admission.fault = BlockFault::too_much_text;
    }
}

}  // namespace

std::string_view name_of(BlockFault fault) {
    static constexpr std::array<std::string_view, 5> names{
        "", "bad_block", "too_many_observations", "too_much_text", "unknown_field"};
    return names[static_cast<std::size_t>(fault)];
}

Admission admit(std::string_view block, const AdmissionBounds& bounds) {
    Admission admission;
    try {
        check(block, bounds, admission);
    } catch (const BadBlock&) {
        admission.fault = BlockFault::bad_block;
    }
    return admission;
}

}  // namespace fieldpost
