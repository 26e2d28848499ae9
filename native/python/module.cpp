#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "columns.hpp"
#include "connection.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/json_encoder.hpp"
#include "fieldpost/rows.hpp"
#include "fieldpost/simplify.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

std::string_view view(const nb::bytes& bytes) {
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

nb::bytes to_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

// Runs `work`, which touches no Python object, while other threads have the interpreter.
template <typename Work>
auto without_gil(Work work) {
    const nb::gil_scoped_release release;
    return work();
}

struct Encoded {
    nb::bytes block;
    std::size_t count;
    std::int64_t first_ms;
    std::int64_t last_ms;
    nb::list order;
    nb::list refused;
    std::size_t refused_count;
};

const Kind& kind_named(std::string_view name) {
    const Kind* kind = find_kind(name);
    if (kind == nullptr) throw nb::value_error(("unknown kind: " + std::string(name)).c_str());
    return *kind;
}

Encoded encode(std::string_view kind, const nb::bytes& observations, std::int64_t earliest_ms,
               std::int64_t latest_ms, std::size_t max_observations, bool foreign,
               std::size_t max_refusals) {
    const EncodeOptions options{.earliest_ms = earliest_ms,
                                .latest_ms = latest_ms,
                                .max_observations = max_observations,
                                .max_refusals = max_refusals,
                                .foreign = foreign};
    const Kind& its_kind = kind_named(kind);
    const std::string_view json = view(observations);
    const auto result = without_gil([&] { return encode_json(its_kind, json, options); });
    nb::list order;
    for (const std::uint32_t row : result.order) order.append(row);
    nb::list refused;
    for (const Refusal& refusal : result.refused) {
        const std::string_view reason = name_of(refusal.reason);
        refused.append(nb::make_tuple(refusal.index, refusal.field, reason));
    }
    return {.block = to_bytes(result.block), .count = result.count,
            .first_ms = result.first_ms, .last_ms = result.last_ms,
            .order = std::move(order),
            .refused = std::move(refused), .refused_count = result.refused_count};
}

nb::tuple info(const nb::bytes& block) {
    const BlockInfo info = without_gil([&] { return read_info(view(block)); });
    return nb::make_tuple(info.kind->name, info.count, info.first_ms, info.last_ms);
}

void validate(const nb::bytes& block) {
    without_gil([&] { return decode_block(view(block)).size(); });
}

nb::dict decode_columns(const nb::bytes& block) {
    return columns_of(without_gil([&] { return decode_block(view(block)); }));
}

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

nb::bytes merge_blocks(const std::vector<nb::bytes>& blocks) {
    if (blocks.empty()) throw nb::value_error("nothing to merge");
    std::vector<std::string_view> views;
    std::ranges::transform(blocks, std::back_inserter(views), view);
    return to_bytes(without_gil([&views] {
        std::vector<Batch> batches;
        for (const std::string_view block : views) {
            batches.push_back(decode_block(block));
            if (batches.back().kind != batches.front().kind) throw BadBlock("the kinds differ");
        }
        return encode_block(merge(batches));
    }));
}

nb::bytes slice(const nb::bytes& block, std::int64_t from_ms, std::int64_t to_ms) {
    return to_bytes(without_gil([&] {
        const Batch batch = decode_block(view(block));
        const auto [from, to] = rows_between(batch, from_ms, to_ms);
        std::vector<std::uint32_t> rows;
        for (std::size_t row = from; row < to; ++row) {
            rows.push_back(static_cast<std::uint32_t>(row));
        }
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

std::vector<std::uint32_t> simplify_track(const std::vector<double>& lat,
                                          const std::vector<double>& lon,
                                          std::size_t max_points) {
    const auto is_finite = [](double value) { return std::isfinite(value); };
    if (lat.size() != lon.size()) throw nb::value_error("lat and lon differ in length");
    if (max_points < 2) throw nb::value_error("max_points is below 2");
    if (!std::ranges::all_of(lat, is_finite) || !std::ranges::all_of(lon, is_finite)) {
        throw nb::value_error("a coordinate is not finite");
    }
    return without_gil([&] { return fieldpost::simplify(lat, lon, max_points); });
}

void bind_encoding(nb::module_& m) {
    nb::class_<Encoded>(m, "Encoded", "What `encode_json` kept, and what it refused.")
        .def_ro("block", &Encoded::block, "The block; b\"\" when nothing is kept.")
        .def_ro("count", &Encoded::count, "Observations in the block.")
        .def_ro("first_ms", &Encoded::first_ms, "Event time of the first; 0 when none.")
        .def_ro("last_ms", &Encoded::last_ms, "Event time of the last; 0 when none.")
        .def_ro("order", &Encoded::order,
                "Where each observation of the block stood among the kept ones as they came;\n"
                "empty when they came in time order.",
                nb::for_getter(nb::sig("def order(self) -> list[int]")))
        .def_ro("refused", &Encoded::refused, "(index, field, reason) of the first refused.",
                nb::for_getter(nb::sig("def refused(self) -> list[tuple[int, str, str]]")))
        .def_ro("refused_count", &Encoded::refused_count, "All that were refused.");
    m.def("encode_json", &encode, "kind"_a, "observations"_a, "earliest_ms"_a, "latest_ms"_a,
          nb::kw_only(), "max_observations"_a = 5000, "foreign"_a = false,
          "max_refusals"_a = 100,
          R"(Encode a JSON array of observations, UTF-8, as one block in time order.

Each observation is judged on its own: one that is not valid is refused by index, field and
reason, the others are kept. `foreign` also accepts `time_ms` in place of `time`, and
`attributes`, a JSON object. Raises Malformed, TooMany, or ValueError for an unknown kind.)");
    m.def("schema", &schema_list,
          nb::sig("def schema() -> list[tuple[str, list[tuple[typing.Any, ...]]]]"),
          "Each kind and its fields: name, type, required, low, high, resolution, max_length, "
          "choices.");
}

void bind_blocks(nb::module_& m) {
    m.def("info", &info, "block"_a,
          nb::sig("def info(block: bytes) -> tuple[str, int, int, int]"),
          "Kind, count, first and last event time, after verifying the checksum.");
    m.def("validate", &validate, "block"_a, "Raise BadBlock unless all of the block is valid.");
    m.def("decode_columns", &decode_columns, "block"_a,
          nb::sig("def decode_columns(block: bytes) -> dict[str, list[typing.Any]]"),
          "`time_ms` and each field that any observation has, None where one has not.");
    m.def("decode_rows_json", &decode_rows_json, "block"_a, "from_ms"_a, "to_ms"_a,
          nb::sig("def decode_rows_json(block: bytes, from_ms: int, to_ms: int) -> list[bytes]"),
          "Each observation with from_ms <= time < to_ms as a JSON object.");
    m.def("merge", &merge_blocks, "blocks"_a,
          "One block of all observations, by time; of equal times in the order of the blocks.");
    m.def("slice", &slice, "block"_a, "from_ms"_a, "to_ms"_a,
          "The observations with from_ms <= time < to_ms; b\"\" when there are none.");
    m.def("keep", &keep, "block"_a, "indices"_a,
          "The observations at these positions, each once; b\"\" when there are none.");
}

}  // namespace

void bind(nb::module_& m) {
    nb::exception<Malformed>(m, "Malformed", PyExc_ValueError);
    nb::exception<TooMany>(m, "TooMany", PyExc_ValueError);
    nb::exception<BadBlock>(m, "BadBlock", PyExc_ValueError);
    bind_encoding(m);
    bind_blocks(m);
    bind_connection(m);
    m.def("simplify", &simplify_track, "lat"_a, "lon"_a, "max_points"_a,
          R"(Indices of at most `max_points` points that keep a track's first, last and shape.

Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", The
Cartographic Journal 30 (1993), with the distance from the remaining line as a point's size.)");
}

}  // namespace fieldpost::python

NB_MODULE(fieldpost_native, m) {
    m.doc() = "Batches of observations as compact blocks, and back (native/FORMAT.md).";
    fieldpost::python::bind(m);
}
