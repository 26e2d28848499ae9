#include <nanobind/nanobind.h>

#include "bindings.hpp"
#include "fieldpost/errors.hpp"

namespace nb = nanobind;

NB_MODULE(fieldpost_native, m) {
    using namespace fieldpost;
    m.doc() = "Batches of observations as compact blocks, and back (native/FORMAT.md).";
    nb::exception<Malformed>(m, "Malformed", PyExc_ValueError);
    nb::exception<TooMany>(m, "TooMany", PyExc_ValueError);
    nb::exception<BadBlock>(m, "BadBlock", PyExc_ValueError);
    python::bind_schema(m);
    python::bind_encoding(m);
    python::bind_column_input(m);
    python::bind_blocks(m);
    python::bind_admission(m);
    python::bind_columns(m);
    python::bind_arrays(m);
    python::bind_json(m);
    python::bind_simplify(m);
    python::bind_connection(m);
}
