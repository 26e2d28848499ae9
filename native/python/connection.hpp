#pragma once

#include <nanobind/nanobind.h>

namespace fieldpost::python {

/// ServerConnection and AgentConnection, their events and LocalError.
void bind_connection(nanobind::module_& m);

}  // namespace fieldpost::python
