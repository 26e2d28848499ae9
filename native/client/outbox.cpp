#include "outbox.hpp"

#include <algorithm>

#include "fieldpost/errors.hpp"
#include "observation_text.hpp"

namespace fieldpost::client {
namespace {

constexpr std::size_t max_buffered_bytes = std::size_t{1} << 20U;
constexpr std::size_t max_buffers = 64;
// An entry is smaller: what is buffered, and one observation more; or one given batch.
constexpr std::uint64_t entry_bound = std::uint64_t{2} << 20U;
constexpr std::size_t max_backlog_bytes = std::size_t{8} << 20U;

}  // namespace

Outbox::Outbox(Spool& spool, OutboxOptions options)
    : spool_(spool),
      options_(std::move(options)),
      writer_(spool),
      note_(options_.note_prefix),
      has_note_(!spool.note().empty()) {
    options_.batch_observations =
        std::clamp<std::size_t>(options_.batch_observations, 1, max_batch_observations);
}

PutResult Outbox::put(std::string_view kind, std::string_view observation,
                      std::int64_t now_ms) {
    if (observation.size() > max_observation_bytes) {
        throw TooMany("the observation exceeds 256 KiB");
    }
    const ObservationText text = read_observation(observation);
    if (!kind.empty() && !text.kind.empty() && text.kind != kind) {
        throw Malformed(text.kind_begin, "the observation names another kind");
    }
    if (kind.empty()) kind = text.kind;
    check_kind_name(kind);
    if (is_due()) write();
    if (count_ == 0 && !has_room()) return PutResult::full;
    KindBuffer* buffer = buffer_of(kind);
    if (buffer == nullptr) {
        write();
        if (!has_room()) return PutResult::full;
        buffers_.clear();
        buffer = buffer_of(kind);
    }
    if (count_ == 0) first_ms_ = now_ms;
    const std::size_t before = buffer->bytes();
    buffer->add(observation, text.kind_begin, text.kind_end);
    bytes_ += buffer->bytes() - before;
    ++count_;
    return PutResult::taken;
}

KindBuffer* Outbox::buffer_of(std::string_view kind) {
    const auto found = std::ranges::find(buffers_, kind, &KindBuffer::kind_name);
    if (found != buffers_.end()) return &*found;
    if (buffers_.size() == max_buffers) return nullptr;
    return &buffers_.emplace_back(std::string(kind));
}

bool Outbox::has_room() const {
    if (writer_.is_behind() && writer_.bytes() > max_backlog_bytes) return false;
    if (options_.when_full == WhenFull::drop_oldest) return true;
    const std::uint64_t used = spool_.bytes() + (writer_.is_behind() ? writer_.bytes() : 0);
    // What is settled makes room by itself.
    return used + entry_bound <= options_.max_spool_bytes || spool_.waiting().batches == 0;
}

std::optional<std::uint64_t> Outbox::put_batch(std::string_view kind,
                                               std::string_view observations,
                                               std::optional<std::uint64_t> sequence,
                                               std::string_view request_id, bool completes) {
    check_kind_name(kind);
    PreparedBatch batch = prepare_whole(kind, observations);
    if (!has_room()) return {};
    batch.sequence = sequence;
    batch.request_id = request_id;
    batch.completes = completes;
    std::vector<PreparedBatch> batches;
    batches.push_back(std::move(batch));
    // The note says how far we are with what was put, and some of that may not be written yet.
    const std::string note = has_note_ ? "" : options_.note_prefix;
    const std::uint64_t number = writer_.append({std::move(batches), note}).front();
    has_note_ = true;
    writer_.sync();
    return number;
}

void Outbox::mark(std::string_view place) {
    note_.resize(options_.note_prefix.size());
    note_ += place;
    mark_is_new_ = true;
}

bool Outbox::is_due() const {
    return count_ >= options_.batch_observations || bytes_ >= max_buffered_bytes;
}

void Outbox::write_due(std::int64_t now_ms) {
    if (is_due() || (count_ > 0 && now_ms >= first_ms_ + options_.batch_age_ms)) write();
    if (writer_.is_behind()) writer_.append();
}

void Outbox::write() {
    if (count_ > 0 || mark_is_new_) {
        Entry entry{.batches = {}, .note = note_};
        for (KindBuffer& buffer : buffers_) buffer.prepare(entry.batches);
        writer_.add(std::move(entry));
        has_note_ = true;
        count_ = 0;
        bytes_ = 0;
        mark_is_new_ = false;
    }
    writer_.append();
}

void Outbox::flush() {
    write();
    writer_.sync();
}

std::optional<std::int64_t> Outbox::deadline_ms() const {
    if (count_ == 0) return {};
    return is_due() ? 0 : first_ms_ + options_.batch_age_ms;
}

}  // namespace fieldpost::client
