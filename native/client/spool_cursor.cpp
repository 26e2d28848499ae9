#include "spool_cursor.hpp"

namespace fieldpost::client {

const BatchView* SpoolCursor::peek(const Segments& segments, const Directory& directory) {
    damaged_ = false;
    do {
        const auto segment = segments.find(segment_);
        // A segment that was dropped or settled takes the record at hand with it.
        if (record_ == nullptr || segment == segments.end()) continue;
        for (; next_ < record_->batches.size(); ++next_) {
            if (!segment->second.is_settled(before_ + next_)) return &record_->batches[next_];
        }
    } while (load(segments, directory));
    return nullptr;
}

bool SpoolCursor::load(const Segments& segments, const Directory& directory) {
    for (auto at = segments.lower_bound(segment_); at != segments.end(); ++at) {
        const auto& [number, segment] = *at;
        if (number != segment_ || !reader_) {
            enter(number);
            reader_.emplace(directory.open(segment_name(number)), number);
        }
        if (reader_->offset() >= segment.durable_bytes) continue;
        if (record_ != nullptr) before_ += record_->batches.size();
        next_ = 0;
        record_ = reader_->next(segment.durable_bytes);
        damaged_ = record_ == nullptr;
        return !damaged_;
    }
    return false;
}

void SpoolCursor::enter(std::uint64_t segment) {
    rewind();
    segment_ = segment;
}

SpoolCursor::Place SpoolCursor::place() const {
    return {segment_, before_ + next_, record_->batches[next_].observations};
}

std::optional<std::uint64_t> SpoolCursor::damaged() const {
    return damaged_ ? std::optional(segment_) : std::nullopt;
}

}  // namespace fieldpost::client
