#include "delivery.hpp"

#include <algorithm>

#include "fieldpost/schema.hpp"

namespace fieldpost::client {
namespace {

// Most that is kept in memory, whatever window the server offers.
constexpr std::size_t max_held_bytes = std::size_t{4} << 20U;
constexpr std::size_t fetched_batches = 64;
// Most that the connection holds back for a network that is slower.
constexpr std::size_t max_output_bytes = std::size_t{256} << 10U;
// What goes before a payload in its frame: sequence, flags, a request's id, a kind's name.
constexpr std::size_t max_frame_head = 256;
constexpr std::uint64_t min_wait_s = 1;
constexpr std::uint64_t max_wait_s = 3'600;

push::BatchKey key_of(const SpooledBatch& batch) {
    return {.kind = batch.kind, .sequence = batch.sequence};
}

push::PushedBatch pushed(const SpooledBatch& batch) {
    push::PushedBatch result{.key = key_of(batch),
                             .is_json = batch.format == PayloadFormat::json,
                             .kind_name = {},
                             .payload = batch.payload,
                             .request_id = batch.pull_request,
                             .completes = batch.complete};
    if (result.is_json) {
        const Kind* const kind = find_kind(batch.kind);
        result.kind_name = kind == nullptr ? batch.kind_name : std::string(kind->name);
    }
    return result;
}

}  // namespace

std::vector<push::BatchKey> Delivery::begin() {
    queue_.clear();
    under_way_.clear();
    held_bytes_ = 0;
    spool_.rewind();
    while (queue_.size() < push::max_pending && fetch()) {
    }
    std::vector<push::BatchKey> pending;
    const std::size_t count = std::min(queue_.size(), push::max_pending);
    for (std::size_t index = 0; index < count; ++index) pending.push_back(key_of(queue_[index]));
    return pending;
}

void Delivery::admitted(const push::Admitted& admitted) {
    max_frame_ = admitted.max_frame;
    std::deque<SpooledBatch> left;
    for (std::size_t index = 0; index < queue_.size(); ++index) {
        SpooledBatch& batch = queue_[index];
        if (index < admitted.kept.size() && admitted.kept[index]) {
            held_bytes_ -= batch.payload.size();
            settle(batch, {.key = key_of(batch),
                           .outcome = push::Outcome::duplicate,
                           .accepted = batch.observations,
                           .reason = {},
                           .refused = {}});
        } else {
            left.push_back(std::move(batch));
        }
    }
    queue_ = std::move(left);
}

bool Delivery::fetch() {
    if (held_bytes_ >= max_held_bytes) return false;
    std::vector<SpooledBatch> batches =
        spool_.next_unsent(fetched_batches, max_held_bytes - held_bytes_);
    for (SpooledBatch& batch : batches) {
        held_bytes_ += batch.payload.size();
        queue_.push_back(std::move(batch));
    }
    return !batches.empty();
}

void Delivery::send(push::AgentConnection& connection, std::int64_t now_ms) {
    if (connection.state() != push::AgentState::open || now_ms < wait_until_ms_) return;
    while (connection.output_size() < max_output_bytes) {
        if (queue_.empty() && !fetch()) return;
        SpooledBatch& batch = queue_.front();
        if (batch.payload.size() + max_frame_head > max_frame_) {
            refuse_first("too_large");
            continue;
        }
        // Its name must be free, which only numbers that the user chose may fail to see to.
        const Key key{batch.kind, batch.sequence};
        if (under_way_.contains(key) || !connection.may_send(batch.payload.size())) return;
        try {
            connection.send(pushed(batch));
        } catch (const push::LocalError&) {
            // What the protocol cannot say must not stand in the way of all others.
            refuse_first("not_sendable");
            continue;
        }
        under_way_.emplace(key, std::move(batch));
        queue_.pop_front();
    }
}

void Delivery::refuse_first(std::string_view reason) {
    const SpooledBatch batch = std::move(queue_.front());
    queue_.pop_front();
    held_bytes_ -= batch.payload.size();
    settle(batch, {.key = key_of(batch),
                   .outcome = push::Outcome::refused,
                   .reason = std::string(reason),
                   .refused = {}});
}

void Delivery::take(const std::vector<push::PushReceipt>& receipts, std::int64_t now_ms) {
    for (const push::PushReceipt& receipt : receipts) {
        const auto found = under_way_.find({receipt.key.kind, receipt.key.sequence});
        if (found == under_way_.end()) continue;
        SpooledBatch batch = std::move(found->second);
        under_way_.erase(found);
        if (receipt.outcome == push::Outcome::later) {
            queue_.insert(std::ranges::upper_bound(queue_, batch.sequence, {},
                                                   &SpooledBatch::sequence),
                          std::move(batch));
            postpone(receipt, now_ms);
        } else {
            held_bytes_ -= batch.payload.size();
            settle(batch, receipt);
        }
    }
}

void Delivery::postpone(const push::PushReceipt& receipt, std::int64_t now_ms) {
    const std::uint64_t wait_s = std::clamp(receipt.retry_after_s, min_wait_s, max_wait_s);
    const std::int64_t until_ms = now_ms + static_cast<std::int64_t>(wait_s) * 1'000;
    if (until_ms <= wait_until_ms_) return;
    wait_until_ms_ = until_ms;
    events_.push_back(Postponed{.wait_ms = until_ms - now_ms, .reason = receipt.reason});
}

void Delivery::settle(const SpooledBatch& batch, const push::PushReceipt& receipt) {
    (void)spool_.settle(batch.kind, batch.sequence, batch.kind_name);
    const bool is_refused = receipt.outcome == push::Outcome::refused;
    const std::uint64_t kept =
        receipt.outcome == push::Outcome::duplicate
            ? batch.observations
            : std::min<std::uint64_t>(receipt.accepted, batch.observations);
    Tally& tally = is_refused ? counts_.refused : counts_.acknowledged;
    ++tally.batches;
    counts_.acknowledged.observations += is_refused ? 0 : kept;
    counts_.refused.observations += is_refused ? batch.observations : batch.observations - kept;
    const Kind* const kind = find_kind(batch.kind);
    events_.push_back(Receipt{.kind = batch.kind,
                              .kind_name = kind == nullptr ? batch.kind_name
                                                           : std::string(kind->name),
                              .sequence = batch.sequence,
                              .outcome = receipt.outcome,
                              .observations = batch.observations,
                              .accepted = is_refused ? 0 : kept,
                              .reason = receipt.reason,
                              .refused = receipt.refused});
}

std::optional<std::int64_t> Delivery::deadline_ms(std::int64_t now_ms) const {
    if (queue_.empty() || now_ms >= wait_until_ms_) return {};
    return wait_until_ms_;
}

}  // namespace fieldpost::client
