#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/json_encoder.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

struct Encoded {
    nb::bytes block;
    std::size_t count;
    std::int64_t first_ms;
    std::int64_t last_ms;
    nb::list order;
    nb::list refused;
    std::size_t refused_count;
};

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

}  // namespace

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
}

}  // namespace fieldpost::python
