#pragma once

#include "fieldpost/batch.hpp"
#include "input.hpp"

/// A valid batch that depends on the input alone: of any kind, 1 to some 400 rows, with every
/// sort of column that the encoder treats in its own way. Its texts live in its storage.
[[nodiscard]] fieldpost::Batch generated_batch(Input& input);
