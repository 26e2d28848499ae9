#include "spool_segment.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "spool_errors.hpp"

namespace fieldpost::client {
namespace {

constexpr std::string_view suffix = ".spool";
constexpr std::size_t digits = 16;
constexpr std::size_t read_ahead_bytes = std::size_t{64} << 10U;

}  // namespace

bool Segment::settle(std::uint64_t ordinal, std::uint32_t observations) {
    if (is_settled(ordinal) || ordinal >= all.batches) return false;
    const auto index = static_cast<std::size_t>(ordinal);
    if (index >= marks_.size()) marks_.resize(index + 1);
    marks_[index] = true;
    ++settled_.batches;
    settled_.observations += observations;
    while (is_settled(lead_)) ++lead_;
    return true;
}

bool Segment::is_settled(std::uint64_t ordinal) const {
    return ordinal < marks_.size() && marks_[static_cast<std::size_t>(ordinal)];
}

Tally Segment::waiting() const {
    return {all.batches - settled_.batches, all.observations - settled_.observations};
}

std::string segment_name(std::uint64_t number) {
    std::array<char, digits> hex{};
    const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), number, 16).ptr;
    std::string name(hex.data(), end);
    name.insert(0, digits - name.size(), '0');
    return name.append(suffix);
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number, 16);
    // Written again, it shows whether it was written as we do. Numbers that could not have
    // been counted up to are not ours either.
    if (read.ec != std::errc{} || number > max_sequence || name != segment_name(number)) {
        return std::nullopt;
    }
    return number;
}

std::string_view RecordReader::bytes(std::size_t size, std::uint64_t end) {
    if (end - offset_ < size) return {};
    if (offset_ < buffer_offset_ || offset_ + size > buffer_offset_ + buffer_.size()) {
        const auto ahead = static_cast<std::size_t>(
            std::min<std::uint64_t>(end - offset_, read_ahead_bytes));
        try {
            fill(std::max(size, ahead));
        } catch (const SpoolIoError& error) {
            if (error.code() != EIO) throw;
            fill(size);  // the bad sector may lie behind what is asked for
        }
    }
    return std::string_view(buffer_).substr(static_cast<std::size_t>(offset_ - buffer_offset_),
                                            size);
}

void RecordReader::fill(std::size_t size) {
    buffer_.clear();
    buffer_.shrink_to_fit();  // after one large record the small ones need not pay for it
    buffer_.resize(size);
    buffer_offset_ = offset_;
    buffer_.resize(file_.read_at(offset_, buffer_.data(), size));
}

const Record* RecordReader::next(std::uint64_t end) {
    try {
        const std::string_view whole = whole_record(end);
        if (!whole.empty() && decode_record(whole, record_) && record_.segment == segment_) {
            offset_ += whole.size();
            return &record_;
        }
    } catch (const SpoolIoError& error) {
        // A sector that the disk cannot read is damage like any other, and as lasting.
        if (error.code() != EIO) throw;
    }
    buffer_.clear();  // whoever asks again wants the file read again
    return nullptr;
}

std::string_view RecordReader::whole_record(std::uint64_t end) {
    const std::string_view head = bytes(record_head_bytes, end);
    if (head.size() < record_head_bytes) return {};
    const std::size_t size = record_head_bytes + record_body_bytes(head);
    const std::string_view whole = bytes(size, end);
    return size > record_head_bytes && whole.size() == size ? whole : std::string_view();
}

Survey survey(const Directory& directory, std::uint64_t number, const std::vector<bool>& marks) {
    Survey found;
    Segment& segment = found.segment;
    RecordReader reader(directory.open(segment_name(number)), number);
    const std::uint64_t size = reader.file().size();
    std::uint64_t settled = 0;
    while (const Record* record = reader.next(size)) {
        if (record->settled > segment.all.batches) break;
        settled = std::max(settled, record->settled);
        segment.all.batches += record->batches.size();
        for (const BatchView& batch : record->batches) {
            segment.all.observations += batch.observations;
        }
        found.state = record->state;
        if (!record->note.empty()) found.note = record->note;
        segment.bytes = reader.offset();
    }
    segment.durable_bytes = segment.bytes;
    found.damaged_bytes = size - segment.bytes;
    if (settled == 0 && marks.empty()) return found;

    RecordReader again(directory.open(segment_name(number)), number);
    std::uint64_t ordinal = 0;
    while (const Record* record = again.next(segment.bytes)) {
        for (const BatchView& batch : record->batches) {
            const bool marked = ordinal < marks.size() && marks[static_cast<std::size_t>(ordinal)];
            if (marked || ordinal < settled) segment.settle(ordinal, batch.observations);
            ++ordinal;
        }
    }
    return found;
}

}  // namespace fieldpost::client
