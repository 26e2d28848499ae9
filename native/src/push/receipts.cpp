#include "push/receipts.hpp"

#include <algorithm>
#include <iterator>

#include "push/frames.hpp"

namespace fieldpost::push {

std::string receipt_frames(std::span<const PushReceipt> receipts, SequenceChain& chain) {
    std::string frames;
    std::string payload;
    PayloadWriter writer(payload);
    for (const PushReceipt& receipt : receipts) {
        const std::size_t before = payload.size();
        write(writer, receipt, chain);
        if (payload.size() <= min_agent_frame) continue;
        append_frame(frames, FrameType::receipts, std::string_view(payload).substr(0, before));
        payload.erase(0, before);
    }
    if (!payload.empty()) append_frame(frames, FrameType::receipts, payload);
    return frames;
}

std::vector<BatchKey> keys_of(std::span<const PushReceipt> receipts) {
    std::vector<BatchKey> keys;
    keys.reserve(receipts.size());
    std::ranges::transform(receipts, std::back_inserter(keys), &PushReceipt::key);
    return keys;
}

}  // namespace fieldpost::push
