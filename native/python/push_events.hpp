#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "fieldpost/push/agent_connection.hpp"
#include "fieldpost/push/server_connection.hpp"

namespace fieldpost::python {

void bind_push_events(nanobind::module_& m);

[[nodiscard]] nanobind::list to_list(std::vector<push::ServerEvent> events);
[[nodiscard]] nanobind::list to_list(std::vector<push::AgentEvent> events);

}  // namespace fieldpost::python
