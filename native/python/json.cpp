#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/columns_json.hpp"
#include "fieldpost/rows.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

nb::list decode_rows_json(const nb::bytes& block, std::int64_t from_ms, std::int64_t to_ms) {
    const JsonRows rows = without_gil([&] {
        const Batch batch = decode_block(view(block));
        const auto [from, to] = rows_between(batch, from_ms, to_ms);
        return write_rows(batch, from, to);
    });
    nb::list result;
    std::size_t start = 0;
    for (const std::size_t end : rows.ends) {
        result.append(to_bytes(std::string_view(rows.text).substr(start, end - start)));
        start = end;
    }
    return result;
}

nb::bytes decode_columns_json(const std::vector<nb::bytes>& blocks, std::int64_t from_ms,
                              std::int64_t to_ms,
                              std::optional<std::vector<std::string>> fields,
                              std::optional<std::size_t> max_points) {
    if (blocks.empty()) throw nb::value_error("nothing to decode");
    const ColumnsRequest request{.from_ms = from_ms, .to_ms = to_ms, .fields = std::move(fields),
                                 .max_points = max_points};
    const std::vector<std::string_view> parts = views(blocks);
    return to_bytes(without_gil([&] { return write_columns(parts, request); }));
}

}  // namespace

void bind_json(nb::module_& m) {
    m.def("decode_rows_json", &decode_rows_json, "block"_a, "from_ms"_a, "to_ms"_a,
          nb::sig("def decode_rows_json(block: bytes, from_ms: int, to_ms: int) -> list[bytes]"),
          "Each observation with from_ms <= time < to_ms as a JSON object.");
    m.def("decode_columns_json", &decode_columns_json, "blocks"_a, "from_ms"_a, "to_ms"_a,
          nb::kw_only(), "fields"_a = nb::none(), "max_points"_a = nb::none(),
          R"(The observations of blocks of one kind with from_ms <= time < to_ms as a JSON object.

It has arrays of one length, in time order, null where a value is absent: `time`, RFC 3339, and
the `fields`, whether or not any observation has them; without `fields` all that are in use. Of
more than `max_points` locations only those that `simplify` keeps. Raises BadBlock; ValueError
for no blocks, an unknown field, or `max_points` below 2 or of another kind.)");
}

}  // namespace fieldpost::python
