#pragma once

#include <nanobind/nanobind.h>

#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldpost/push/protocol.hpp"

/// What Python calls the protocol's values: kinds, outcomes and codes by their names, receipts and
/// requests as tuples.
namespace fieldpost::python {

using RefusedTuple = std::tuple<std::uint64_t, std::string, std::string>;
using ReceiptTuple = std::tuple<std::uint8_t, std::uint64_t, std::string, std::uint64_t,
                                std::string, std::uint64_t, std::vector<RefusedTuple>>;
using PolicyTuple = std::tuple<std::string, std::uint64_t>;
using RequestTuple =
    std::tuple<std::string, std::string, std::int64_t, std::int64_t, std::uint64_t>;

[[nodiscard]] std::string_view name_of(push::CloseCode code);
/// Throws LocalError for a name that no code has.
[[nodiscard]] push::CloseCode close_code(std::string_view name);

/// "" for a code that no kind has.
[[nodiscard]] std::string_view kind_name(std::uint8_t code);
/// 0 for "". Throws LocalError for a name that no kind has.
[[nodiscard]] std::uint8_t kind_code(std::string_view name);

[[nodiscard]] push::PushReceipt receipt_from(const ReceiptTuple& receipt);
[[nodiscard]] nanobind::list to_list(std::span<const push::PushReceipt> receipts);

[[nodiscard]] nanobind::object policy_of(const push::Told& told);
[[nodiscard]] nanobind::list requests_of(const push::Told& told);

[[nodiscard]] nanobind::tuple to_tuple(const push::PushedBatch& batch);

}  // namespace fieldpost::python
