#include "fieldpost/admission.hpp"

#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <vector>

#include "bindings.hpp"
#include "conversions.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

std::vector<Admission> admit_all(const std::vector<nb::bytes>& blocks,
                                 const AdmissionBounds& bounds) {
    const std::vector<std::string_view> bytes = views(blocks);
    return without_gil([&] {
        std::vector<Admission> found;
        found.reserve(bytes.size());
        for (const std::string_view block : bytes) found.push_back(admit(block, bounds));
        return found;
    });
}

nb::list admit_blocks(const std::vector<nb::bytes>& blocks, std::size_t max_observations,
                      std::size_t max_text_bytes) {
    const std::vector<Admission> found = admit_all(
        blocks, {.max_observations = max_observations, .max_text_bytes = max_text_bytes});
    nb::list result;
    for (const Admission& one : found) {
        const std::string_view kind = one.kind == nullptr ? std::string_view() : one.kind->name;
        result.append(
            nb::make_tuple(kind, one.count, one.first_ms, one.last_ms, name_of(one.fault)));
    }
    return result;
}

}  // namespace

void bind_admission(nb::module_& m) {
    m.def("admit", &admit_blocks, "blocks"_a, nb::kw_only(), "max_observations"_a,
          "max_text_bytes"_a,
          nb::sig("def admit(blocks: collections.abc.Sequence[bytes], *, max_observations: int, "
                  "max_text_bytes: int) -> list[tuple[str, int, int, int, str]]"),
          R"(Of each block its kind, count, first and last event time, and why it is not taken.

All of each block is checked. The reason is "" for one that is good, or bad_block,
too_many_observations, too_much_text (in bytes, each text counted as often as it stands), or
unknown_field for attributes. Then the numbers need not be right, and the kind is the one that
the block claims, or "".)");
}

}  // namespace fieldpost::python
