#include <nanobind/nanobind.h>

#include <cmath>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/block.hpp"

namespace nb = nanobind;
using namespace nb::literals;

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

nb::dict decode_columns(const nb::bytes& block) {
    const Batch batch = without_gil([&] { return decode_block(view(block)); });
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

}  // namespace

void bind_columns(nb::module_& m) {
    m.def("decode_columns", &decode_columns, "block"_a,
          nb::sig("def decode_columns(block: bytes) -> dict[str, list[typing.Any]]"),
          "`time_ms` and each field that any observation has, None where one has not.");
}

}  // namespace fieldpost::python
