#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "events.hpp"
#include "fieldpost/push/agent_connection.hpp"
#include "spool.hpp"

namespace fieldpost::client {

struct DeliveryCounts {
    Tally acknowledged;  // kept by the server
    Tally refused;       // for good; of partly accepted batches only the observations
};

/// Sends what the spool holds over one connection after the other, and settles it.
class Delivery {
  public:
    Delivery(Spool& spool, std::deque<Event>& events) : spool_(spool), events_(events) {}

    /// A connection is to begin: the oldest batches without a receipt. Throws SpoolIoError.
    [[nodiscard]] std::vector<push::BatchKey> begin();
    void admitted(const push::Admitted& admitted);
    /// Sends what may be sent now. Throws SpoolIoError.
    void send(push::AgentConnection& connection, std::int64_t now_ms);
    void take(const std::vector<push::PushReceipt>& receipts, std::int64_t now_ms);
    /// When sending goes on, if the server asked to wait and something does.
    [[nodiscard]] std::optional<std::int64_t> deadline_ms(std::int64_t now_ms) const;
    [[nodiscard]] const DeliveryCounts& counts() const { return counts_; }

  private:
    using Key = std::pair<std::uint8_t, std::uint64_t>;

    [[nodiscard]] bool fetch();
    void settle(const SpooledBatch& batch, const push::PushReceipt& receipt);
    void postpone(const push::PushReceipt& receipt, std::int64_t now_ms);
    void refuse_first(std::string_view reason);

    Spool& spool_;
    std::deque<Event>& events_;
    std::deque<SpooledBatch> queue_;           // from the spool, to be sent
    std::map<Key, SpooledBatch> under_way_;    // sent, without a receipt
    std::size_t held_bytes_ = 0;               // payloads of both
    std::size_t max_frame_ = 0;
    std::int64_t wait_until_ms_ = 0;
    DeliveryCounts counts_;
};

}  // namespace fieldpost::client
