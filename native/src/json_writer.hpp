#pragma once

#include <string>
#include <string_view>

#include "fieldpost/batch.hpp"

namespace fieldpost {

/// Appends a valid text as a JSON string.
void append_escaped(std::string& out, std::string_view text);

/// Appends the value of a row that has one, in the form of the contract.
void append_value(std::string& out, const Field& field, const Column& column, std::size_t row);

}  // namespace fieldpost
