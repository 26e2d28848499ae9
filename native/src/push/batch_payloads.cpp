#include "fieldpost/schema.hpp"
#include "push/payloads.hpp"

namespace fieldpost::push {
namespace {

constexpr std::uint8_t answers = 1;
constexpr std::uint8_t completes = 2;
constexpr std::size_t kind_position = 1;  // in a block

void read_flags(PayloadReader& reader, PushedBatch& batch) {
    const std::uint8_t flags = reader.small(answers | completes);
    if (flags == completes) throw ProtocolBroken("a batch completes no request");
    batch.completes = (flags & completes) != 0;
    if ((flags & answers) != 0) batch.request_id = reader.name(64);
}

void write_flags(PayloadWriter& writer, const PushedBatch& batch) {
    if (batch.completes && batch.request_id.empty()) {
        throw LocalError("a batch completes no request");
    }
    const bool answering = !batch.request_id.empty();
    writer.byte(static_cast<std::uint8_t>((answering ? answers : 0) |
                                          (batch.completes ? completes : 0)));
    if (answering) writer.name(batch.request_id, 64);
}

// A code that one side does not know is no contradiction: one of them may be older.
bool contradict(std::uint8_t code, std::string_view name) {
    if (code == 0) return false;
    const Kind* by_name = find_kind(name);
    const Kind* by_code = find_kind(code);
    return by_name != by_code;
}

bool has_reason(Outcome outcome) {
    return outcome == Outcome::refused || outcome == Outcome::later;
}

PushReceipt read_receipt(PayloadReader& reader, SequenceChain& chain) {
    PushReceipt receipt;
    receipt.key.kind = reader.byte();
    receipt.key.sequence = chain.read(reader);
    receipt.outcome = Outcome{reader.small(static_cast<std::uint8_t>(Outcome::later))};
    receipt.accepted = reader.number();
    if (has_reason(receipt.outcome)) receipt.reason = reader.text(64);
    if (receipt.outcome == Outcome::later) receipt.retry_after_s = reader.seconds();
    receipt.refused.resize(reader.number(0, max_refusals));
    for (RefusedObservation& refused : receipt.refused) {
        refused.index = reader.number();
        refused.field = reader.text(64);
        refused.reason = reader.text(64);
    }
    return receipt;
}

}  // namespace

std::string encode(const PushedBatch& batch, SequenceChain& chain) {
    std::string payload;
    PayloadWriter writer(payload);
    chain.write(writer, batch.key.sequence);
    write_flags(writer, batch);
    if (batch.is_json) {
        if (contradict(batch.key.kind, batch.kind_name)) {
            throw LocalError("the kind's code and its name differ");
        }
        writer.byte(batch.key.kind);
        writer.name(batch.kind_name, 64);
    } else if (batch.payload.size() <= kind_position ||
               static_cast<std::uint8_t>(batch.payload[kind_position]) != batch.key.kind) {
        throw LocalError("the block is not of this kind");
    }
    writer.bytes(batch.payload);
    return payload;
}

PushedBatch decode_block(std::string_view payload, SequenceChain& chain) {
    PayloadReader reader(payload);
    PushedBatch batch;
    batch.key.sequence = chain.read(reader);
    read_flags(reader, batch);
    batch.payload = reader.rest();
    if (batch.payload.size() <= kind_position) throw ProtocolBroken("a block is too short");
    batch.key.kind = static_cast<std::uint8_t>(batch.payload[kind_position]);
    return batch;
}

PushedBatch decode_observations(std::string_view payload, SequenceChain& chain) {
    PayloadReader reader(payload);
    PushedBatch batch;
    batch.is_json = true;
    batch.key.sequence = chain.read(reader);
    read_flags(reader, batch);
    batch.key.kind = reader.byte();
    batch.kind_name = reader.name(64);
    if (contradict(batch.key.kind, batch.kind_name)) {
        throw ProtocolBroken("a kind's code and its name differ");
    }
    batch.payload = reader.rest();
    return batch;
}

void write(PayloadWriter& writer, const PushReceipt& receipt, SequenceChain& chain) {
    if (!has_reason(receipt.outcome) && !receipt.reason.empty()) {
        throw LocalError("a reason is for what is refused or comes later");
    }
    if (receipt.outcome != Outcome::later && receipt.retry_after_s != 0) {
        throw LocalError("a time to come again is for what comes later");
    }
    writer.byte(receipt.key.kind);
    chain.write(writer, receipt.key.sequence);
    writer.byte(static_cast<std::uint8_t>(receipt.outcome));
    writer.number(receipt.accepted);
    if (has_reason(receipt.outcome)) writer.text(receipt.reason, 64);
    if (receipt.outcome == Outcome::later) writer.seconds(receipt.retry_after_s);
    writer.number(receipt.refused.size(), 0, max_refusals);
    for (const RefusedObservation& refused : receipt.refused) {
        writer.number(refused.index);
        writer.text(refused.field, 64);
        writer.text(refused.reason, 64);
    }
}

std::vector<PushReceipt> decode_receipts(std::string_view payload, SequenceChain& chain) {
    PayloadReader reader(payload);
    std::vector<PushReceipt> receipts;
    do {
        receipts.push_back(read_receipt(reader, chain));
    } while (reader.left() > 0);
    return receipts;
}

}  // namespace fieldpost::push
