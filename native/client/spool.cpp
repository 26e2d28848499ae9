#include "spool.hpp"

#include <algorithm>
#include <iterator>

namespace fieldpost::client {
namespace {

constexpr std::uint64_t min_segment_bytes = std::uint64_t{64} << 10U;
constexpr std::uint64_t max_segment_bytes = std::uint64_t{16} << 20U;
constexpr std::uint64_t min_segments = 4;
// What a segment begins with is smaller.
constexpr std::uint64_t header_bytes_bound = max_note_bytes + 128;

const SpoolOptions& checked(const SpoolOptions& options) {
    if (options.segment_bytes < min_segment_bytes || options.segment_bytes > max_segment_bytes) {
        throw SpoolRefused("a segment of the spool must have 64 KiB to 16 MiB");
    }
    if (options.max_bytes / min_segments < options.segment_bytes) {
        throw SpoolRefused("the spool must have room for 4 segments");
    }
    return options;
}

File locked(const Directory& directory, const std::string& path) {
    File lock = directory.create("lock");
    if (!lock.try_lock()) throw SpoolBusy("the spool " + path + " is in use by another process");
    return lock;
}

void check(std::span<const NewBatch> batches, std::string_view note) {
    if (note.size() > max_note_bytes) throw SpoolRefused("the note exceeds 4 KiB");
    if (batches.size() > max_entry_batches) {
        throw SpoolRefused("the entry has more than 1024 batches");
    }
    for (const NewBatch& batch : batches) {
        if (batch.kind_name.size() > max_kind_name_bytes) {
            throw SpoolRefused("the name of a kind exceeds 64 bytes");
        }
        if (batch.pull_request.size() > max_pull_request_bytes) {
            throw SpoolRefused("the id of a pull request exceeds 128 bytes");
        }
        if (batch.sequence.value_or(0) > max_chosen_sequence) {
            throw SpoolRefused("a chosen sequence number exceeds 2^52");
        }
    }
}

SpooledBatch copy_of(const BatchView& batch) {
    return {.kind = batch.kind,
            .format = batch.format,
            .observations = batch.observations,
            .payload = std::string(batch.payload),
            .kind_name = std::string(batch.kind_name),
            .pull_request = std::string(batch.pull_request),
            .complete = batch.complete,
            .sequence = batch.sequence};
}

}  // namespace

Spool::Spool(const std::string& directory, const SpoolOptions& options)
    : options_(checked(options)), directory_(directory), lock_(locked(directory_, directory)) {
    Recovered found = recover(directory_, options.clock_us);
    segments_ = std::move(found.segments);
    state_ = durable_state_ = found.state;
    note_ = undurable_note_ = std::move(found.note);
    damage_ = found.damage;
    durable_all_ = newest().all;
    file_ = directory_.open(segment_name(newest_number()));
}

std::vector<std::uint64_t> Spool::append(std::span<const NewBatch> batches,
                                         std::string_view note) {
    check(batches, note);
    Record record = record_of(batches, note);
    const std::uint64_t size = record_bytes_bound(record);
    if (size > std::min<std::uint64_t>(max_entry_bytes, options_.max_bytes / 2)) {
        throw SpoolRefused("the entry exceeds 4 MiB, or half of the spool");
    }
    if (segment_is_due(size)) begin_segment();

    record.segment = newest_number();
    record.settled = newest().settled_lead();
    const auto kept = make_room(record.state, size);
    const std::string bytes = encode_record(record);
    write(bytes);

    while (segments_.begin() != kept) {
        undurably_dropped_.insert(segments_.extract(segments_.begin()));
    }
    state_ = record.state;
    if (!note.empty()) undurable_note_ = note;
    newest().bytes += bytes.size();
    std::vector<std::uint64_t> sequences;
    for (const BatchView& batch : record.batches) {
        ++newest().all.batches;
        newest().all.observations += batch.observations;
        sequences.push_back(batch.sequence);
    }
    return sequences;
}

Record Spool::record_of(std::span<const NewBatch> batches, std::string_view note) const {
    Record record{.state = state_, .note = note};
    std::uint64_t& next = record.state.next_sequence;
    for (const NewBatch& batch : batches) {
        const std::uint64_t sequence = batch.sequence.value_or(next);
        if (sequence > max_sequence) throw SpoolRefused("the spool has no sequence numbers left");
        next = std::max(next, sequence + 1);
        record.batches.push_back({.kind = batch.kind,
                                  .format = batch.format,
                                  .complete = batch.complete,
                                  .observations = batch.observations,
                                  .sequence = sequence,
                                  .kind_name = batch.kind_name,
                                  .pull_request = batch.pull_request,
                                  .payload = batch.payload});
    }
    return record;
}

bool Spool::segment_is_due(std::uint64_t entry_bytes) const {
    const Segment& segment = newest();
    if (segment.bytes <= header_bytes_bound) return false;
    // One whose batches are all settled is given up early: it can be removed then.
    const bool spent = segment.all_settled() && segment.bytes > options_.segment_bytes / 4;
    return spent || segment.bytes + entry_bytes > options_.segment_bytes;
}

void Spool::begin_segment() {
    sync();
    const auto before = std::prev(segments_.end());
    const Record record{.segment = before->first + 1, .state = state_, .note = note_};
    const Segment segment = create_segment(directory_, record);
    file_ = directory_.open(segment_name(record.segment));
    overlong_ = false;
    segments_.emplace(record.segment, segment);
    durable_all_ = {};
    remove_if_settled(before);
    sweep();
}

Segments::iterator Spool::make_room(SpoolState& state, std::uint64_t entry_bytes) {
    std::uint64_t total = bytes() + entry_bytes;
    auto kept = segments_.begin();
    // The entry fits into the newest segment: the check of its size saw to that.
    for (; total > options_.max_bytes && kept->first != newest_number(); ++kept) {
        const Tally lost = kept->second.waiting();
        state.dropped.batches += lost.batches;
        state.dropped.observations += lost.observations;
        state.oldest_segment = kept->first + 1;
        total -= kept->second.bytes;
    }
    return kept;
}

void Spool::write(const std::string& bytes) {
    if (overlong_) {
        file_.truncate(newest().bytes);
        overlong_ = false;
    }
    try {
        file_.write_at(newest().bytes, bytes);
    } catch (const SpoolIoError&) {
        shorten();
        throw;
    }
}

void Spool::shorten() {
    try {
        file_.truncate(newest().bytes);
        overlong_ = false;
    } catch (const SpoolIoError&) {
        overlong_ = true;  // the error that led here says more
    }
}

void Spool::sync() {
    Segment& segment = newest();
    if (segment.bytes > segment.durable_bytes) {
        try {
            file_.sync();
        } catch (const SpoolIoError&) {
            // What the system could not write it may count as written from now on.
            forget_since_sync();
            throw;
        }
        segment.durable_bytes = segment.bytes;
        durable_all_ = segment.all;
        durable_state_ = state_;
        note_ = undurable_note_;
        for (const auto& [number, dropped] : undurably_dropped_) garbage_.push_back(number);
        undurably_dropped_.clear();
    }
    sweep();
}

void Spool::forget_since_sync() {
    // Numbers that were told to the writer are not used again all the same.
    const std::uint64_t next = state_.next_sequence;
    state_ = durable_state_;
    state_.next_sequence = next;
    newest().bytes = newest().durable_bytes;
    newest().all = durable_all_;
    undurable_note_ = note_;
    segments_.merge(undurably_dropped_);
    shorten();
}

void Spool::remove_if_settled(Segments::iterator segment) {
    if (!segment->second.all_settled() || segment->first == newest_number()) return;
    garbage_.push_back(segment->first);
    segments_.erase(segment);
}

void Spool::sweep() {
    std::erase_if(garbage_, [&](std::uint64_t number) {
        try {
            directory_.remove(segment_name(number));
            return true;
        } catch (const SpoolIoError&) {
            return false;  // tried again the next time; nobody waits for it
        }
    });
}

std::vector<SpooledBatch> Spool::next_unsent(std::size_t limit_batches,
                                             std::uint64_t limit_bytes) {
    std::vector<SpooledBatch> taken;
    std::uint64_t bytes = 0;
    try {
        while (taken.size() < limit_batches && in_flight_.size() < max_in_flight) {
            const BatchView* const batch = peek();
            if (batch == nullptr) break;
            bytes += batch->payload.size();
            if (bytes > limit_bytes && !taken.empty()) break;
            taken.push_back(copy_of(*batch));
            const SpooledBatch& copy = taken.back();
            in_flight_.emplace(InFlight{copy.kind, copy.sequence, copy.kind_name},
                               cursor_.place());
            cursor_.advance();
        }
    } catch (const SpoolIoError&) {
        // What was taken is handed out first; the error comes again at the next call.
        if (taken.empty()) throw;
    }
    return taken;
}

const BatchView* Spool::peek() {
    for (;;) {
        if (const BatchView* const batch = cursor_.peek(segments_, directory_)) return batch;
        const auto damaged = cursor_.damaged();
        if (!damaged || !cut_damage(*damaged)) return nullptr;
    }
}

bool Spool::cut_damage(std::uint64_t number) {
    // What the lost records say of the whole spool goes on in a new segment.
    if (number == newest_number()) begin_segment();
    const auto segment = segments_.find(number);
    if (segment == segments_.end()) return true;
    const Survey found = survey(directory_, number, segment->second.marks());
    if (found.damaged_bytes == 0) return false;
    directory_.open(segment_name(number)).truncate(found.segment.bytes);
    ++damage_.segments;
    damage_.bytes += found.damaged_bytes;
    segment->second = found.segment;
    remove_if_settled(segment);
    sweep();
    return true;
}

void Spool::rewind() {
    in_flight_.clear();
    cursor_.rewind();
}

bool Spool::settle(std::uint8_t kind, std::uint64_t sequence, std::string_view kind_name) {
    const InFlight key{kind, sequence, std::string(kind_name)};
    const auto found = in_flight_.lower_bound(key);
    if (found == in_flight_.end() || found->first != key) return false;
    const SpoolCursor::Place place = found->second;
    in_flight_.erase(found);
    const auto segment = segments_.find(place.segment);
    if (segment == segments_.end()) return true;  // it was dropped meanwhile
    segment->second.settle(place.ordinal, place.observations);
    remove_if_settled(segment);
    sweep();
    return true;
}

Tally Spool::waiting() const {
    Tally sum;
    for (const auto& [number, segment] : segments_) {
        sum.batches += segment.waiting().batches;
        sum.observations += segment.waiting().observations;
    }
    return sum;
}

std::uint64_t Spool::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [number, segment] : segments_) sum += segment.bytes;
    return sum;
}

}  // namespace fieldpost::client
