#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string_view.h>

#include <optional>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/batch_builder.hpp"
#include "fieldpost/block.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

constexpr std::string_view time_name = "time_ms";

// Set as the module is loaded; the module holds the class.
PyObject* bad_column = nullptr;

[[noreturn]] void refuse(const nb::object& field, const nb::object& row, std::string_view reason) {
    PyErr_SetObject(bad_column, nb::make_tuple(field, row, reason).ptr());
    nb::raise_python_error();
}

[[noreturn]] void refuse_column(std::string_view field, std::string_view reason) {
    refuse(to_str(field), nb::none(), reason);
}

nb::object item_of(const nb::object& column, std::size_t row) {
    PyObject* item = PySequence_GetItem(column.ptr(), static_cast<Py_ssize_t>(row));
    if (item == nullptr) nb::raise_python_error();
    return nb::steal(item);
}

// One column of a Python object's values, put into the builder.
class ColumnReader {
  public:
    ColumnReader(BatchBuilder& builder, std::string_view name, bool required)
        : builder_(builder), name_(name), required_(required) {}

    // Without an index: the times.
    void read(const nb::object& column, std::size_t rows, std::optional<std::size_t> index) {
        index_ = index;
        if (read_array<double>(column, rows) || read_array<std::int64_t>(column, rows) ||
            read_array<bool>(column, rows)) {
            return;
        }
        for (std::size_t row = 0; row < rows; ++row) {
            const nb::object item = item_of(column, row);
            if (item.is_none()) {
                check(Reason::missing, row);
            } else {
                check(put(item, row), row);
            }
        }
    }

    [[nodiscard]] std::vector<nb::object>& kept() { return kept_; }

  private:
    // Arrays of the usual types are read where they lie.
    template <typename T>
    bool read_array(const nb::object& column, std::size_t rows) {
        using Found = nb::ndarray<const T, nb::ndim<1>, nb::device::cpu>;
        if (!PyObject_CheckBuffer(column.ptr())) return false;
        Found array;
        if (!nb::try_cast<Found>(column, array, false) || array.shape(0) != rows) return false;
        const auto values = array.view();
        for (std::size_t row = 0; row < rows; ++row) check(put(values(row), row), row);
        return true;
    }

    void check(std::optional<Reason> reason, std::size_t row) {
        if (!reason || (*reason == Reason::missing && !required_)) return;
        refuse(to_str(name_), nb::int_(row), name_of(*reason));
    }

    std::optional<Reason> put(double value, std::size_t row) {
        return index_ ? builder_.put_number(*index_, row, value) : Reason::wrong_type;
    }

    std::optional<Reason> put(std::int64_t value, std::size_t row) {
        return index_ ? builder_.put_integer(*index_, row, value) : builder_.put_time(value);
    }

    std::optional<Reason> put(bool value, std::size_t row) {
        return index_ ? builder_.put_flag(*index_, row, value) : Reason::wrong_type;
    }

    std::optional<Reason> put(const nb::object& item, std::size_t row) {
        PyObject* object = item.ptr();
        if (PyUnicode_Check(object)) return put_text(item, row);
        if (PyFloat_Check(object)) return put(PyFloat_AS_DOUBLE(object), row);
        if (PyBool_Check(object)) return put(object == Py_True, row);
        if (PyIndex_Check(object)) return put_index(item, row);
        const PyNumberMethods* methods = Py_TYPE(object)->tp_as_number;
        if (methods == nullptr || methods->nb_float == nullptr) return Reason::wrong_type;
        const double value = PyFloat_AsDouble(object);
        if (value == -1 && PyErr_Occurred() != nullptr) return no_number();
        return put(value, row);
    }

    // Whatever is an integer by `__index__`; numpy's integers are not Python's.
    std::optional<Reason> put_index(const nb::object& item, std::size_t row) {
        PyObject* number = PyNumber_Index(item.ptr());
        if (number == nullptr) return no_number();
        const nb::object owner = nb::steal(number);
        int overflow = 0;
        const long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
        if (overflow != 0) return Reason::out_of_range;
        return put(std::int64_t{value}, row);
    }

    // An array inside an array says by a TypeError that it is none.
    static std::optional<Reason> no_number() {
        if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) nb::raise_python_error();
        PyErr_Clear();
        return Reason::wrong_type;
    }

    std::optional<Reason> put_text(const nb::object& item, std::size_t row) {
        if (!index_) return Reason::wrong_type;
        Py_ssize_t size = 0;
        const char* text = PyUnicode_AsUTF8AndSize(item.ptr(), &size);
        if (text == nullptr) {
            PyErr_Clear();  // a lone surrogate
            return Reason::wrong_type;
        }
        kept_.push_back(item);
        return builder_.put_text(*index_, row, {text, static_cast<std::size_t>(size)});
    }

    BatchBuilder& builder_;
    std::string_view name_;
    bool required_;
    std::optional<std::size_t> index_;
    std::vector<nb::object> kept_;  // the texts, which the builder refers to
};

std::size_t length_of(std::string_view name, const nb::object& column) {
    PyObject* object = column.ptr();
    const bool is_text = PyUnicode_Check(object) || PyBytes_Check(object) ||
                         PyByteArray_Check(object);
    if (is_text || !PySequence_Check(object)) refuse_column(name, name_of(Reason::wrong_type));
    const Py_ssize_t size = PySequence_Size(object);
    if (size < 0) nb::raise_python_error();
    return static_cast<std::size_t>(size);
}

// The column of this name, or nothing.
nb::object column_named(const nb::dict& columns, std::string_view name) {
    return nb::object(columns.get(to_str(name), nb::none()));
}

void refuse_unknown(const Kind& kind, const nb::dict& columns) {
    for (const auto& [key, column] : columns) {
        const bool is_name = PyUnicode_Check(key.ptr());
        bool known = is_name && to_str(time_name).equal(key);
        for (std::size_t index = 0; index < column_count(kind); ++index) {
            known = known || (is_name && to_str(column_field(kind, index).name).equal(key));
        }
        if (!known) {
            refuse(nb::borrow(key), nb::none(), name_of(Reason::unknown_field));
        }
    }
}

nb::bytes encode_columns(std::string_view kind_name, const nb::dict& columns) {
    const Kind& kind = kind_named(kind_name);
    refuse_unknown(kind, columns);
    const nb::object times = column_named(columns, time_name);
    if (times.is_none()) refuse_column(time_name, name_of(Reason::missing));
    const std::size_t rows = length_of(time_name, times);
    if (rows > max_block_observations) throw TooMany("too many observations for one block");
    BatchBuilder builder(kind, rows);
    ColumnReader(builder, time_name, true).read(times, rows, {});
    std::vector<ColumnReader> readers;
    for (std::size_t index = 0; index < column_count(kind); ++index) {
        const Field& field = column_field(kind, index);
        const nb::object column = column_named(columns, field.name);
        if (column.is_none()) {
            if (field.required && rows > 0) refuse_column(field.name, name_of(Reason::missing));
            continue;
        }
        if (length_of(field.name, column) != rows) refuse_column(field.name, "wrong_length");
        readers.emplace_back(builder, field.name, field.required).read(column, rows, index);
    }
    const Batch batch = builder.take();
    return to_bytes(without_gil([&batch] { return encode_block(batch); }));
}

}  // namespace

void bind_column_input(nb::module_& m) {
    bad_column = PyErr_NewExceptionWithDoc(
        "fieldpost_native.BadColumn",
        "A column that is not as its kind declares it.\n\n"
        "`args` are its field, the row or None, and a reason.",
        PyExc_ValueError, nullptr);
    if (bad_column == nullptr) nb::raise_python_error();
    m.attr("BadColumn") = nb::steal(bad_column);
    m.def("encode_columns", &encode_columns, "kind"_a, "columns"_a,
          nb::sig("def encode_columns(kind: str, columns: dict[str, typing.Any]) -> bytes"),
          R"(Encode columns of one length as one block in time order; b"" when they are empty.

`time_ms` and the fields of the kind, in the form of `decode_columns`: lists or other sequences,
None where a value is absent. Arrays of numbers are taken too, with NaN for absent. Numbers are
rounded to their resolution. Raises BadColumn, TooMany, or ValueError for an unknown kind; what
a value raises when it is asked for its number passes through, unless it is a TypeError.)");
}

}  // namespace fieldpost::python
