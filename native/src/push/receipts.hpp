#pragma once

#include <span>
#include <string>
#include <vector>

#include "push/payloads.hpp"

namespace fieldpost::push {

/// RECEIPTS, in as many frames as every agent takes them. Throws LocalError.
[[nodiscard]] std::string receipt_frames(std::span<const PushReceipt> receipts,
                                         SequenceChain& chain);

[[nodiscard]] std::vector<BatchKey> keys_of(std::span<const PushReceipt> receipts);

}  // namespace fieldpost::push
