#include "fieldpost/block.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <numeric>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/rows.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

nb::tuple info(const nb::bytes& block) {
    const BlockInfo info = without_gil([&] { return read_info(view(block)); });
    return nb::make_tuple(info.kind->name, info.count, info.first_ms, info.last_ms);
}

void validate(const nb::bytes& block) {
    without_gil([&] { return decode_block(view(block)).size(); });
}

nb::bytes merge_blocks(const std::vector<nb::bytes>& blocks) {
    if (blocks.empty()) throw nb::value_error("nothing to merge");
    const std::vector<std::string_view> parts = views(blocks);
    return to_bytes(without_gil([&parts] { return encode_block(decode_blocks(parts)); }));
}

nb::bytes slice(const nb::bytes& block, std::int64_t from_ms, std::int64_t to_ms) {
    return to_bytes(without_gil([&] {
        const Batch batch = decode_block(view(block));
        const auto [from, to] = rows_between(batch, from_ms, to_ms);
        std::vector<std::uint32_t> rows(to - from);
        std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(from));
        return encode_block(gather(batch, rows));
    }));
}

nb::bytes keep(const nb::bytes& block, std::vector<std::size_t> indices) {
    return to_bytes(without_gil([&] {
        const Batch batch = decode_block(view(block));
        std::ranges::sort(indices);
        const auto repeated = std::ranges::unique(indices);
        indices.erase(repeated.begin(), repeated.end());
        if (!indices.empty() && indices.back() >= batch.size()) {
            throw nb::index_error("no observation at this position");
        }
        std::vector<std::uint32_t> rows;
        for (const std::size_t index : indices) rows.push_back(static_cast<std::uint32_t>(index));
        return encode_block(gather(batch, rows));
    }));
}

}  // namespace

void bind_blocks(nb::module_& m) {
    m.def("info", &info, "block"_a,
          nb::sig("def info(block: bytes) -> tuple[str, int, int, int]"),
          "Kind, count, first and last event time, after verifying the checksum.");
    m.def("validate", &validate, "block"_a, "Raise BadBlock unless all of the block is valid.");
    m.def("merge", &merge_blocks, "blocks"_a,
          "One block of all observations, by time; of equal times in the order of the blocks.");
    m.def("slice", &slice, "block"_a, "from_ms"_a, "to_ms"_a,
          "The observations with from_ms <= time < to_ms; b\"\" when there are none.");
    m.def("keep", &keep, "block"_a, "indices"_a,
          "The observations at these positions, each once; b\"\" when there are none.");
}

}  // namespace fieldpost::python
