#pragma once

#include "arguments.hpp"
#include "fieldpost/client.h"
#include "input.hpp"
#include "report.hpp"

namespace fieldpost::push_program {

/// Opens the client. Throws Failure.
[[nodiscard]] fieldpost_client* open_client(const Arguments& arguments, Report& report);

/// Delivers the input. On return everything is settled, or `signal` is not 0 any more. Throws
/// Failure.
void run(const Arguments& arguments, fieldpost_client* client, Input& input, Report& report,
         const volatile int& signal);

[[nodiscard]] fieldpost_statistics statistics_of(const fieldpost_client* client);

}  // namespace fieldpost::push_program
