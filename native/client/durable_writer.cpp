#include "durable_writer.hpp"

#include <tuple>
#include <utility>

namespace fieldpost::client {
namespace {

// More than this is not left unsynced.
constexpr std::size_t max_unsynced_bytes = std::size_t{4} << 20U;

std::size_t bytes_of(const Entry& entry) {
    std::size_t sum = entry.note.size();
    for (const PreparedBatch& batch : entry.batches) sum += batch.payload.size();
    return sum;
}

// Changes when the spool forgets what it could not sync.
auto contents_of(const Spool& spool) {
    const Tally waiting = spool.waiting();
    return std::tuple(waiting.batches, waiting.observations, spool.bytes());
}

}  // namespace

void DurableWriter::add(Entry entry) {
    bytes_ += bytes_of(entry);
    entries_.push_back(std::move(entry));
}

void DurableWriter::append() {
    while (is_behind()) (void)append_next();
    if (bytes_ > max_unsynced_bytes) sync();
}

std::vector<std::uint64_t> DurableWriter::append(Entry entry) {
    append();
    add(std::move(entry));
    try {
        return append_next();
    } catch (const SpoolError&) {
        bytes_ -= bytes_of(entries_.back());
        entries_.pop_back();
        throw;
    }
}

std::vector<std::uint64_t> DurableWriter::append_next() {
    Entry& entry = entries_[appended_];
    std::vector<NewBatch> batches;
    for (const PreparedBatch& batch : entry.batches) batches.push_back(batch.view());
    const auto before = contents_of(spool_);
    try {
        std::vector<std::uint64_t> sequences = spool_.append(batches, entry.note);
        // Written anew it keeps its name: it may be that nothing was forgotten after all.
        for (std::size_t index = 0; index < sequences.size(); ++index) {
            entry.batches[index].sequence = sequences[index];
        }
        ++appended_;
        return sequences;
    } catch (const SpoolIoError&) {
        if (contents_of(spool_) != before) appended_ = 0;
        throw;
    }
}

void DurableWriter::sync() {
    while (is_behind()) (void)append_next();
    if (entries_.empty()) return;
    const auto before = contents_of(spool_);
    try {
        spool_.sync();
    } catch (const SpoolIoError&) {
        if (contents_of(spool_) != before) appended_ = 0;
        throw;
    }
    entries_.clear();
    appended_ = 0;
    bytes_ = 0;
}

}  // namespace fieldpost::client
