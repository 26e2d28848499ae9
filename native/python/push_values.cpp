#include "push_values.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <algorithm>
#include <array>

#include "fieldpost/schema.hpp"

namespace nb = nanobind;

namespace fieldpost::python {
namespace {

using push::LocalError;

constexpr std::array<std::string_view, 7> close_codes{
    "done",        "protocol_broken", "too_slow", "no_common_version", "not_authenticated",
    "unavailable", "internal"};
constexpr std::array<std::string_view, 4> outcomes{"accepted", "duplicate", "refused", "later"};

template <typename Code, std::size_t Size>
Code code_named(const std::array<std::string_view, Size>& names, std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw LocalError("unknown name: " + std::string(name));
    return Code{static_cast<std::uint8_t>(found - names.begin())};
}

}  // namespace

std::string_view name_of(push::CloseCode code) {
    return close_codes[static_cast<std::size_t>(code)];
}

push::CloseCode close_code(std::string_view name) {
    return code_named<push::CloseCode>(close_codes, name);
}

std::string_view kind_name(std::uint8_t code) {
    const Kind* kind = find_kind(code);
    return kind == nullptr ? std::string_view() : kind->name;
}

std::uint8_t kind_code(std::string_view name) {
    if (name.empty()) return 0;
    const Kind* kind = find_kind(name);
    if (kind == nullptr) throw LocalError("unknown kind: " + std::string(name));
    return kind->code;
}

push::PushReceipt receipt_from(const ReceiptTuple& tuple) {
    const auto& [kind, sequence, outcome, accepted, reason, retry_after_s, refused] = tuple;
    push::PushReceipt receipt{.key = {.kind = kind, .sequence = sequence},
                              .outcome = code_named<push::Outcome>(outcomes, outcome),
                              .accepted = accepted,
                              .reason = reason,
                              .retry_after_s = retry_after_s};
    receipt.refused.reserve(refused.size());
    for (const auto& [index, field, its_reason] : refused) {
        receipt.refused.push_back({.index = index, .field = field, .reason = its_reason});
    }
    return receipt;
}

nb::list to_list(std::span<const push::PushReceipt> receipts) {
    nb::list list;
    for (const push::PushReceipt& receipt : receipts) {
        nb::list refused;
        for (const push::RefusedObservation& its : receipt.refused) {
            refused.append(nb::make_tuple(its.index, its.field, its.reason));
        }
        list.append(nb::make_tuple(receipt.key.kind, receipt.key.sequence,
                                   outcomes[static_cast<std::size_t>(receipt.outcome)],
                                   receipt.accepted, receipt.reason, receipt.retry_after_s,
                                   refused));
    }
    return list;
}

nb::object policy_of(const push::Told& told) {
    if (!told.policy) return nb::none();
    nb::list policy;
    for (const push::PolicyEntry& entry : *told.policy) {
        policy.append(nb::make_tuple(kind_name(entry.kind), entry.interval_s));
    }
    return policy;
}

nb::list requests_of(const push::Told& told) {
    nb::list requests;
    for (const push::DataRequest& request : told.requests) {
        requests.append(nb::make_tuple(request.id, kind_name(request.kind), request.from_ms,
                                       request.to_ms, request.limit));
    }
    return requests;
}

nb::tuple to_tuple(const push::PushedBatch& batch) {
    return nb::make_tuple(batch.key.kind, batch.key.sequence, batch.kind_name,
                          nb::bytes(batch.payload.data(), batch.payload.size()),
                          batch.request_id, batch.completes);
}

}  // namespace fieldpost::python
