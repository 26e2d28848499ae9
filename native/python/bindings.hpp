#pragma once

#include <nanobind/nanobind.h>

namespace fieldpost::python {

// One function a topic, each in a file of its name.
void bind_schema(nanobind::module_& m);
void bind_encoding(nanobind::module_& m);
void bind_column_input(nanobind::module_& m);
void bind_blocks(nanobind::module_& m);
void bind_admission(nanobind::module_& m);
void bind_columns(nanobind::module_& m);
void bind_arrays(nanobind::module_& m);
void bind_json(nanobind::module_& m);
void bind_simplify(nanobind::module_& m);
void bind_connection(nanobind::module_& m);

}  // namespace fieldpost::python
