#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <variant>
#include <vector>

#include "bindings.hpp"
#include "conversions.hpp"
#include "fieldpost/block.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace fieldpost::python {
namespace {

struct ArrayColumn {
    nb::object values;
    nb::object present;
    nb::list texts;
};

// Not a vector, which would write zeros before the values.
template <typename T>
using Array = std::unique_ptr<T[]>;

// Numbers, in the memory of the integers that they were.
struct Numbers {
    std::vector<std::int64_t> bits;
};

// A column before it becomes Python's.
struct Decoded {
    std::string_view name;
    std::variant<std::vector<std::int64_t>, Numbers, Array<std::int32_t>,
                 std::vector<std::uint8_t>>
        values;
    std::vector<std::uint8_t> present;
    std::span<const std::string_view> texts;
};

Numbers numbers(Column& column, int decimals) {
    constexpr double absent = std::numeric_limits<double>::quiet_NaN();
    // A division by a power of ten rounds correctly; a product with 1e-7 would not.
    const double unit = std::pow(10.0, decimals);
    for (std::int64_t& value : column.values) {
        value = std::bit_cast<std::int64_t>(static_cast<double>(value) / unit);
    }
    for (std::size_t row = 0; row < column.present.size(); ++row) {
        std::int64_t& value = column.values[row];
        value = column.present[row] == 0 ? std::bit_cast<std::int64_t>(absent) : value;
    }
    return {std::move(column.values)};
}

Array<std::int32_t> codes(const Column& column) {
    auto values = std::make_unique_for_overwrite<std::int32_t[]>(column.values.size());
    for (std::size_t row = 0; row < column.values.size(); ++row) {
        values[row] = column.has(row) ? static_cast<std::int32_t>(column.values[row]) : -1;
    }
    return values;
}

Decoded decoded(const Field& field, Column& column) {
    Decoded result{.name = field.name, .values = {}, .present = {}, .texts = {}};
    switch (field.type) {
        case FieldType::number: result.values = numbers(column, field.decimals); break;
        case FieldType::integer: result.values = std::move(column.values); break;
        case FieldType::flag:
            result.values = std::vector<std::uint8_t>(column.values.begin(), column.values.end());
            break;
        case FieldType::choice:
            result.values = codes(column);
            result.texts = field.choices;
            break;
        case FieldType::text:
        case FieldType::json:
            result.values = codes(column);
            result.texts = column.dictionary;
            break;
    }
    result.present = std::move(column.present);
    return result;
}

template <typename T, typename Owner>
nb::object to_array(T* data, std::size_t size, Owner&& owner) {
    auto held = std::make_unique<Owner>(std::move(owner));
    nb::capsule capsule(held.get(), [](void* p) noexcept { delete static_cast<Owner*>(p); });
    (void)held.release();
    return nb::cast(nb::ndarray<nb::memview, T, nb::ndim<1>>(data, {size}, capsule));
}

template <typename T>
nb::object to_array(std::vector<T>& values) {
    return to_array(values.data(), values.size(), std::move(values));
}

nb::object to_array(std::vector<std::uint8_t>& flags) {
    static_assert(sizeof(bool) == 1);
    return to_array(reinterpret_cast<bool*>(flags.data()), flags.size(), std::move(flags));
}

nb::object to_array(Numbers& numbers) {
    std::vector<std::int64_t>& bits = numbers.bits;
    return to_array(reinterpret_cast<double*>(bits.data()), bits.size(), std::move(bits));
}

nb::object to_python(Decoded& column, std::size_t rows) {
    ArrayColumn result{.values = nb::none(), .present = nb::none(), .texts = {}};
    if (auto* codes = std::get_if<Array<std::int32_t>>(&column.values)) {
        result.values = to_array(codes->get(), rows, std::move(*codes));
    } else if (auto* numbers = std::get_if<Numbers>(&column.values)) {
        result.values = to_array(*numbers);
    } else if (auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        result.values = to_array(*integers);
    } else {
        result.values = to_array(std::get<std::vector<std::uint8_t>>(column.values));
    }
    if (!column.present.empty()) result.present = to_array(column.present);
    for (const std::string_view text : column.texts) result.texts.append(to_str(text));
    return nb::cast(std::move(result));
}

nb::dict decode_arrays(const nb::bytes& block) {
    std::vector<Decoded> columns;
    Batch batch = without_gil([&] {
        Batch whole = decode_block(view(block));
        for (std::size_t index = 0; index < whole.columns.size(); ++index) {
            Column& column = whole.columns[index];
            if (!column.in_use()) continue;
            columns.push_back(decoded(column_field(*whole.kind, index), column));
        }
        return whole;
    });
    const std::size_t rows = batch.size();
    Decoded times{.name = "time_ms", .values = std::move(batch.times_ms), .present = {},
                  .texts = {}};
    nb::dict result;
    result["time_ms"] = to_python(times, rows);
    for (Decoded& column : columns) result[to_str(column.name)] = to_python(column, rows);
    return result;
}

}  // namespace

void bind_arrays(nb::module_& m) {
    nb::class_<ArrayColumn>(m, "ArrayColumn", R"(One column of a block as arrays.

They own their memory, whatever becomes of the block. A memoryview needs no other library, and
numpy.asarray takes it as it is, without a copy.)")
        .def_ro("values", &ArrayColumn::values,
                "int64 of times and integers, float64 of numbers in their natural unit, bool of\n"
                "flags, int32 indices into `texts` of texts, choices and JSON. Absent values are\n"
                "NaN, 0, False or -1.",
                nb::for_getter(nb::sig("def values(self) -> memoryview")))
        .def_ro("present", &ArrayColumn::present,
                "bool: whether each observation has a value; None when all have.",
                nb::for_getter(nb::sig("def present(self) -> memoryview | None")))
        .def_ro("texts", &ArrayColumn::texts, "What the indices stand for; else empty.",
                nb::for_getter(nb::sig("def texts(self) -> list[str]")));
    m.def("decode_arrays", &decode_arrays, "block"_a,
          nb::sig("def decode_arrays(block: bytes) -> dict[str, ArrayColumn]"),
          "`time_ms` and each field that any observation has.");
}

}  // namespace fieldpost::python
