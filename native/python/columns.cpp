#include "columns.hpp"

#include <nanobind/stl/string_view.h>

#include <cmath>

namespace nb = nanobind;

namespace fieldpost::python {
namespace {

// Lists are filled slot by slot: with the sizes known, appending would only cost.
template <typename Make>
nb::list list_of(std::size_t size, Make make) {
    PyObject* list = PyList_New(static_cast<Py_ssize_t>(size));
    if (list == nullptr) nb::raise_python_error();
    nb::list owner = nb::steal<nb::list>(list);
    for (std::size_t row = 0; row < size; ++row) {
        PyObject* item = make(row);
        if (item == nullptr) nb::raise_python_error();
        PyList_SET_ITEM(list, static_cast<Py_ssize_t>(row), item);
    }
    return owner;
}

nb::str to_str(std::string_view text) { return nb::str(text.data(), text.size()); }

template <typename Make>
nb::list optional_list(const Column& column, Make make) {
    return list_of(column.values.size(), [&column, make](std::size_t row) {
        return column.has(row) ? make(column.values[row]) : nb::none().release().ptr();
    });
}

// Equal texts share one str.
nb::list coded_list(const Column& column, std::span<const std::string_view> texts) {
    std::vector<nb::str> strings;
    strings.reserve(texts.size());
    for (const std::string_view text : texts) strings.push_back(to_str(text));
    return optional_list(column, [&strings](std::int64_t code) {
        return nb::str(strings[static_cast<std::size_t>(code)]).release().ptr();
    });
}

nb::list column_list(const Field& field, const Column& column) {
    switch (field.type) {
        case FieldType::number: {
            // A division by a power of ten rounds correctly; a product with 1e-7 would not.
            const double unit = std::pow(10.0, field.decimals);
            return optional_list(column, [unit](std::int64_t value) {
                return PyFloat_FromDouble(static_cast<double>(value) / unit);
            });
        }
        case FieldType::integer:
            return optional_list(column, [](auto value) { return PyLong_FromLongLong(value); });
        case FieldType::flag:
            return optional_list(column, [](auto value) { return PyBool_FromLong(value != 0); });
        case FieldType::choice: return coded_list(column, field.choices);
        case FieldType::text:
        case FieldType::json: break;
    }
    return coded_list(column, column.dictionary);
}

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

}  // namespace

nb::dict columns_of(const Batch& batch) {
    nb::dict columns;
    columns["time_ms"] = list_of(batch.size(), [&batch](std::size_t row) {
        return PyLong_FromLongLong(batch.times_ms[row]);
    });
    for (std::size_t index = 0; index < batch.columns.size(); ++index) {
        const Column& column = batch.columns[index];
        if (!column.in_use()) continue;
        const Field& field = column_field(*batch.kind, index);
        columns[to_str(field.name)] = column_list(field, column);
    }
    return columns;
}

nb::list schema_list() {
    nb::list result;
    for (const Kind& kind : kinds()) {
        nb::list fields;
        for (const Field& field : kind.fields) fields.append(field_tuple(field));
        result.append(nb::make_tuple(to_str(kind.name), fields));
    }
    return result;
}

}  // namespace fieldpost::python
