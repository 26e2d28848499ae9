#pragma once

#include <nanobind/nanobind.h>

namespace fieldpost::python {

/// `admit`: what intake asks of the blocks that agents send.
void bind_admission(nanobind::module_& m);

}  // namespace fieldpost::python
