#pragma once

#include <nanobind/nanobind.h>

#include "fieldpost/batch.hpp"

namespace fieldpost::python {

/// `time_ms` and each column in use, as lists with None where a value is absent.
[[nodiscard]] nanobind::dict columns_of(const Batch& batch);

/// The kinds and their fields, as the domain declares them.
[[nodiscard]] nanobind::list schema_list();

}  // namespace fieldpost::python
