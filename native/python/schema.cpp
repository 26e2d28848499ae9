#include "fieldpost/schema.hpp"

#include <nanobind/stl/string_view.h>

#include <cmath>

#include "bindings.hpp"
#include "conversions.hpp"

namespace nb = nanobind;

namespace fieldpost::python {
namespace {

nb::tuple field_tuple(const Field& field) {
    const bool is_number = field.type == FieldType::number;
    const bool is_bounded = is_number || field.type == FieldType::integer;
    const auto bound = [](bool has, double value) -> nb::object {
        return has ? nb::object(nb::float_(value)) : nb::none();
    };
    nb::list choices;
    for (const std::string_view choice : field.choices) choices.append(to_str(choice));
    nb::object max_length = nb::none();
    if (field.is_text()) max_length = nb::int_(field.max_length);
    return nb::make_tuple(to_str(field.name), to_str(name_of(field.type)), field.required,
                          bound(is_bounded, static_cast<double>(field.low)),
                          bound(is_bounded, static_cast<double>(field.high)),
                          bound(is_number, 1 / std::pow(10.0, field.decimals)), max_length,
                          nb::tuple(choices));
}

nb::list schema() {
    nb::list result;
    for (const Kind& kind : kinds()) {
        nb::list fields;
        for (const Field& field : kind.fields) fields.append(field_tuple(field));
        result.append(nb::make_tuple(to_str(kind.name), fields));
    }
    return result;
}

}  // namespace

void bind_schema(nb::module_& m) {
    m.def("schema", &schema,
          nb::sig("def schema() -> list[tuple[str, list[tuple[typing.Any, ...]]]]"),
          "Each kind and its fields: name, type, required, low, high, resolution, max_length, "
          "choices.");
}

}  // namespace fieldpost::python
