#include "spool_record.hpp"

#include "bytes.hpp"
#include "crc32c.hpp"
#include "spool_errors.hpp"

namespace fieldpost::client {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint8_t json_flag = 1;
constexpr std::uint8_t complete_flag = 2;
constexpr std::uint8_t kind_name_flag = 4;
constexpr std::uint8_t pull_request_flag = 8;
constexpr std::uint8_t all_flags = 15;
constexpr std::size_t varint_bound = 10;
constexpr std::size_t checksum_bytes = 4;

void put_word(char* out, std::uint32_t word) {
    for (unsigned index = 0; index < 4; ++index) {
        out[index] = static_cast<char>(word >> (8 * index));
    }
}

std::uint32_t get_word(const char* in) {
    std::uint32_t word = 0;
    for (unsigned index = 0; index < 4; ++index) {
        word |= std::uint32_t{static_cast<std::uint8_t>(in[index])} << (8 * index);
    }
    return word;
}

std::uint8_t flags_of(const BatchView& batch) {
    unsigned flags = batch.format == PayloadFormat::json ? json_flag : 0U;
    if (batch.complete) flags |= complete_flag;
    if (!batch.kind_name.empty()) flags |= kind_name_flag;
    if (!batch.pull_request.empty()) flags |= pull_request_flag;
    return static_cast<std::uint8_t>(flags);
}

void write_text(ByteWriter& out, std::string_view text) {
    out.varint(text.size());
    out.bytes(text);
}

void write_batch(ByteWriter& out, const BatchView& batch) {
    out.byte(batch.kind);
    out.byte(flags_of(batch));
    out.varint(batch.sequence);
    out.varint(batch.observations);
    if (!batch.kind_name.empty()) write_text(out, batch.kind_name);
    if (!batch.pull_request.empty()) write_text(out, batch.pull_request);
    write_text(out, batch.payload);
}

// ByteReader throws BadBlock for what is not there; so does this for what must not be.
std::uint64_t at_most(std::uint64_t value, std::uint64_t limit) {
    if (value > limit) throw BadBlock("beyond its bound");
    return value;
}

std::string_view read_text(ByteReader& in, std::size_t limit) {
    return in.bytes(static_cast<std::size_t>(at_most(in.varint(), limit)));
}

BatchView read_batch(ByteReader& in) {
    BatchView batch;
    batch.kind = in.byte();
    const auto flags = static_cast<std::uint8_t>(at_most(in.byte(), all_flags));
    batch.format = (flags & json_flag) != 0 ? PayloadFormat::json : PayloadFormat::block;
    batch.complete = (flags & complete_flag) != 0;
    batch.sequence = at_most(in.varint(), max_sequence);
    batch.observations = static_cast<std::uint32_t>(at_most(in.varint(), UINT32_MAX));
    if ((flags & kind_name_flag) != 0) batch.kind_name = read_text(in, max_kind_name_bytes);
    if ((flags & pull_request_flag) != 0) {
        batch.pull_request = read_text(in, max_pull_request_bytes);
    }
    batch.payload = read_text(in, max_entry_bytes);
    return batch;
}

void read_body(ByteReader& in, Record& record) {
    record.segment = in.varint();
    record.state.next_sequence = at_most(in.varint(), max_sequence + 1);
    record.state.oldest_segment = at_most(in.varint(), record.segment);
    record.state.dropped.batches = in.varint();
    record.state.dropped.observations = in.varint();
    record.settled = in.varint();
    record.note = read_text(in, max_note_bytes);
    record.batches.clear();
    for (auto count = at_most(in.varint(), max_entry_batches); count > 0; --count) {
        record.batches.push_back(read_batch(in));
    }
    at_most(in.left(), 0);
}

}  // namespace

std::uint64_t record_bytes_bound(const Record& record) {
    std::uint64_t size = record_head_bytes + 1 + 8 * varint_bound + record.note.size();
    for (const BatchView& batch : record.batches) {
        size += 2 + 5 * varint_bound + batch.kind_name.size() + batch.pull_request.size() +
                batch.payload.size();
    }
    return size;
}

std::string encode_record(const Record& record) {
    std::string bytes(record_head_bytes, '\0');
    bytes.reserve(static_cast<std::size_t>(record_bytes_bound(record)));
    ByteWriter out(bytes);
    out.byte(version);
    out.varint(record.segment);
    out.varint(record.state.next_sequence);
    out.varint(record.state.oldest_segment);
    out.varint(record.state.dropped.batches);
    out.varint(record.state.dropped.observations);
    out.varint(record.settled);
    write_text(out, record.note);
    out.varint(record.batches.size());
    for (const BatchView& batch : record.batches) write_batch(out, batch);
    put_word(bytes.data() + checksum_bytes,
             static_cast<std::uint32_t>(bytes.size() - record_head_bytes));
    put_word(bytes.data(), crc32c(std::string_view(bytes).substr(checksum_bytes)));
    return bytes;
}

std::size_t record_body_bytes(std::string_view head) {
    const std::uint32_t size = get_word(head.data() + checksum_bytes);
    return size <= max_entry_bytes ? size : 0;
}

bool decode_record(std::string_view bytes, Record& record) {
    if (crc32c(bytes.substr(checksum_bytes)) != get_word(bytes.data())) return false;
    try {
        ByteReader in(bytes.substr(record_head_bytes));
        const std::uint8_t written = in.byte();
        if (written == 0) return false;
        if (written > version) {
            throw SpoolTooNew("the spool was written by a later version of this program");
        }
        read_body(in, record);
        return true;
    } catch (const BadBlock&) {
        return false;
    }
}

}  // namespace fieldpost::client
