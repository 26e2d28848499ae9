#include <algorithm>
#include <limits>

#include "bytes.hpp"
#include "check.hpp"
#include "push/receipts.hpp"
#include "push/under_way.hpp"
#include "push_talk.hpp"
#include "samples.hpp"

using namespace fieldpost;
using namespace fieldpost::push;

namespace {

template <typename Decode>
bool is_broken(Decode decode) {
    return throws<ProtocolBroken>([&] { static_cast<void>(decode()); });
}

template <typename Encode>
bool is_refused(Encode encode) {
    return throws<LocalError>([&] { static_cast<void>(encode()); });
}

// No proper prefix of a payload is one, nor is it with a byte more.
template <typename Decode>
bool has_one_length(const std::string& payload, Decode decode) {
    for (std::size_t size = 0; size < payload.size(); ++size) {
        if (!is_broken([&] { return decode(payload.substr(0, size)); })) return false;
    }
    static_cast<void>(decode(payload));
    return is_broken([&] { return decode(payload + '\0'); });
}

std::string varint(std::uint64_t value) {
    std::string out;
    ByteWriter(out).varint(value);
    return out;
}

std::string text(std::string_view value) { return varint(value.size()) + std::string(value); }

PushedBatch decoded(const std::string& payload) {
    SequenceChain chain;
    return decode_block(payload, chain);
}

std::vector<PushReceipt> receipts_in(const std::string& payload) {
    SequenceChain chain;
    return decode_receipts(payload, chain);
}

std::string encoded(const PushReceipt& receipt) {
    std::string payload;
    PayloadWriter writer(payload);
    SequenceChain chain;
    write(writer, receipt, chain);
    return payload;
}

constexpr std::uint64_t wide = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST("HELLO is of one length, and says who and which versions") {
    const Hello hello{.agent = {.name = "lab", .version = "1", .platform = "ž"}};
    const std::string payload = encode(hello);
    CHECK(payload == bytes({0x46, 0x50, 0x53, 0x54, 1, 1, 0x80, 0x80, 0x10, 3, 'l', 'a', 'b', 1,
                            '1', 2, 0xc5, 0xbe}));
    CHECK(has_one_length(payload, decode_hello));
    CHECK(decode_hello(payload).agent.platform == "ž");
    std::string other = payload;
    other[3] = 'X';
    CHECK(is_broken([&] { return decode_hello(other); }));
    other = payload;
    other[4] = 2;  // lowest above highest
    CHECK(is_broken([&] { return decode_hello(other); }));
    const auto with_room = [](std::uint64_t room) {
        return "FPST\x01\x02" + varint(room) + bytes({0, 0, 0});
    };
    CHECK(decode_hello(with_room(max_number)).highest_version == 2);
    CHECK(is_broken([&] { return decode_hello(with_room(min_agent_frame - 1)); }));
    CHECK(is_broken([&] { return decode_hello(with_room(max_number + 1)); }));
    CHECK(is_refused([] { return encode(Hello{.agent = {.name = std::string(65, 'n')}}); }));
    CHECK(is_refused([] { return encode(Hello{.agent = {.version = "\xff"}}); }));
    CHECK(is_refused([] { return encode(Hello{.max_frame = min_agent_frame - 1}); }));
}

TEST("texts are UTF-8 without NUL, within their bytes") {
    const auto going_away = [](const std::string& reason) {
        return decode_going_away(bytes({5}) + text(reason));
    };
    CHECK(going_away(std::string(500, 'r')).reason.size() == 500);
    CHECK(is_broken([&] { return going_away(std::string(501, 'r')); }));
    CHECK(is_broken([&] { return going_away("\xc0\x80"); }));
    CHECK(is_broken([&] { return going_away(std::string(1, '\0')); }));
    CHECK(is_broken([&] { return decode_going_away(bytes({5}) + varint(wide)); }));
    CHECK(is_broken([&] { return decode_going_away(varint(max_seconds + 1) + text("")); }));
    CHECK(has_one_length(encode(ServerLeaving{.retry_after_s = max_seconds, .reason = "r"}),
                         decode_going_away));
}

TEST("WELCOME has its bounds") {
    const Welcome welcome{.max_frame = 1'048'576, .window_batches = 1, .window_bytes = 2,
                          .idle_s = 3, .server_time_ms = max_number};
    CHECK(has_one_length(encode(welcome), decode_welcome));
    CHECK(decode_welcome(encode(welcome)).server_time_ms == max_number);
    const auto changed = [&](auto member, auto value) {
        Welcome its = welcome;
        its.*member = value;
        return is_refused([&] { return encode(its); });
    };
    CHECK(changed(&Welcome::max_frame, min_server_frame - 1));
    CHECK(changed(&Welcome::max_frame, max_frame_limit + 1));
    CHECK(changed(&Welcome::window_batches, 0U) && changed(&Welcome::window_bytes, 0U));
    CHECK(changed(&Welcome::window_batches, max_under_way + 1));
    CHECK(changed(&Welcome::idle_s, 0U) && changed(&Welcome::idle_s, max_seconds + 1));
    CHECK(changed(&Welcome::server_time_ms, max_number + 1));
    const auto read = [](std::uint64_t frame_bytes, std::uint64_t window, std::uint64_t idle_s) {
        return decode_welcome("\x01" + varint(frame_bytes) + varint(window) + varint(window) +
                              varint(idle_s) + varint(0));
    };
    CHECK(read(4'096, max_number, 1).window_bytes == max_number);
    CHECK(is_broken([&] { return read(4'095, 1, 1); }));
    CHECK(is_broken([&] { return read(max_frame_limit + 1, 1, 1); }));
    CHECK(is_broken([&] { return read(4'096, 0, 1); }));
    CHECK(is_broken([&] { return read(4'096, 1, 0); }));
}

TEST("AUTHENTICATE and READY speak of the same batches") {
    Authenticate asked{.credential = "key", .policy_version = 0,
                       .pending = {{.kind = 255, .sequence = max_sequence}, {}}};
    CHECK(has_one_length(encode(asked), decode_authenticate));
    CHECK(decode_authenticate(encode(asked)).pending == asked.pending);
    CHECK(decode_authenticate(encode(asked)).policy_version == 0);
    CHECK(is_broken([] { return decode_authenticate(text("") + bytes({0, 0})); }));
    CHECK(is_broken([] { return decode_authenticate(text("k") + bytes({0}) + varint(4'097)); }));
    asked.pending.resize(max_pending, {.kind = 1, .sequence = max_sequence});
    asked.credential = std::string(512, 'k');
    CHECK(encode(asked).size() <= longest_authenticate);
    CHECK(decode_authenticate(encode(asked)).pending.size() == max_pending);
    asked.pending.push_back({});
    CHECK(is_refused([&] { return encode(asked); }));
    CHECK(is_refused([] { return encode(Authenticate{.credential = ""}); }));
    CHECK(is_refused([] { return encode_check_in(max_number); }));
    CHECK(decode_check_in(encode_check_in(max_number - 1)) == max_number - 1);

    for (const std::size_t count : {0U, 1U, 8U, 9U, 4'096U}) {
        std::vector<bool> kept(count, false);
        for (std::size_t index = 0; index < count; index += 3) kept[index] = true;
        CHECK(has_one_length(encode_ready(kept), decode_ready));
        CHECK(decode_ready(encode_ready(kept)) == kept);
        CHECK(encode_ready(kept).size() <= longest_ready);
    }
    CHECK(is_broken([] { return decode_ready(bytes({3, 8})); }));  // a bit behind the last
}

TEST("a batch has its flags, its kind and at least two bytes") {
    SequenceChain chain;
    PushedBatch batch = block(1, max_sequence, "rest");
    batch.request_id = "r1";
    batch.completes = true;
    const PushedBatch same = decoded(encode(batch, chain));
    CHECK(same.key == batch.key && same.payload == batch.payload);
    CHECK(same.request_id == "r1" && same.completes && !same.is_json);
    CHECK(decoded(bytes({2, 0, 1, 99})).key == (BatchKey{.kind = 99, .sequence = 1}));
    CHECK(is_broken([] { return decoded(bytes({2, 0, 1})); }));           // a block of 1 byte
    CHECK(is_broken([] { return decoded(bytes({1, 0, 1, 1})); }));        // sequence -1
    CHECK(is_broken([] { return decoded(bytes({2, 4, 1, 1})); }));        // unknown flag
    CHECK(is_broken([] { return decoded(bytes({2, 2, 1, 1})); }));        // completes nothing
    CHECK(is_broken([] { return decoded(bytes({2, 1, 0, 1, 1})); }));     // a request without id
    CHECK(is_broken([] { return decoded(varint(wide) + bytes({0, 1, 1})); }));
    CHECK(is_broken([] { return decoded(varint(zigzag(1LL << 53)) + bytes({0, 1, 1})); }));
    CHECK(is_refused([&] { return encode(block(1, max_sequence + 1), chain); }));
    const auto refused = [](PushedBatch its) {
        return is_refused([&] {
            SequenceChain fresh;
            return encode(its, fresh);
        });
    };
    batch.request_id.clear();
    CHECK(refused(batch));
    CHECK(refused({.key = {.kind = 2, .sequence = 1}, .payload = bytes({1, 1})}));
    CHECK(refused({.key = {.kind = 0, .sequence = 1}, .payload = bytes({1})}));
    CHECK(refused({.key = {}, .is_json = true, .payload = "[]"}));
    CHECK(refused({.key = {.kind = 2}, .is_json = true, .kind_name = "location"}));
}

TEST("a kind that either side does not know has a code or a name alone") {
    const auto kind_of = [](std::uint8_t code, const std::string& name) {
        SequenceChain chain;
        return decode_observations(bytes({2, 0, code}) + text(name) + "[]", chain).key.kind;
    };
    CHECK(kind_of(1, "location") == 1 && kind_of(0, "location") == 0);
    CHECK(kind_of(0, "heartbeat") == 0 && kind_of(200, "heartbeat") == 200);
    CHECK(is_broken([&] { return kind_of(2, "location"); }));
    CHECK(is_broken([&] { return kind_of(200, "location"); }));
    CHECK(is_broken([&] { return kind_of(1, "heartbeat"); }));
    CHECK(is_broken([&] { return kind_of(0, ""); }));
}

TEST("sequences go up and down by differences") {
    SequenceChain said;
    SequenceChain heard;
    for (const std::uint64_t sequence :
         {std::uint64_t{0}, max_sequence, std::uint64_t{5}, std::uint64_t{5}, max_sequence}) {
        std::string payload;
        PayloadWriter writer(payload);
        said.write(writer, sequence);
        PayloadReader reader(payload);
        CHECK(heard.read(reader) == sequence);
    }
}

TEST("receipts say what belongs to their outcome") {
    PushReceipt receipt{.key = {.kind = 1, .sequence = 7}, .outcome = Outcome::later,
                        .reason = "busy", .retry_after_s = 30};
    receipt.refused = {{.index = 4, .field = "lat", .reason = "missing"}};
    const std::string payload = encoded(receipt);
    CHECK(has_one_length(payload, receipts_in));
    const PushReceipt same = receipts_in(payload + payload).at(0);
    CHECK(same.outcome == Outcome::later && same.reason == "busy" && same.retry_after_s == 30);
    CHECK(same.refused.at(0).index == 4 && same.refused[0].field == "lat");
    CHECK(encoded({.key = {.kind = 1, .sequence = 7}}) == bytes({1, 14, 0, 0, 0}));
    CHECK(is_broken([] { return receipts_in(""); }));
    CHECK(is_broken([] { return receipts_in(bytes({1, 14, 4, 0, 0})); }));
    CHECK(is_broken([] { return receipts_in(bytes({1, 14, 0, 0, 101})); }));
    CHECK(is_refused([] { return encoded({.key = {}, .reason = "why"}); }));
    CHECK(is_refused([&] { return encoded({.key = {}, .retry_after_s = 1}); }));
    receipt.refused.resize(max_refusals + 1);
    CHECK(is_refused([&] { return encoded(receipt); }));
}

TEST("many receipts are said in frames that every agent takes") {
    PushReceipt receipt{.key = {.kind = 1}, .outcome = Outcome::refused, .reason = "r"};
    receipt.refused.resize(max_refusals, {.index = 1, .field = std::string(64, 'f'),
                                          .reason = std::string(64, 'r')});
    std::vector<PushReceipt> receipts(20, receipt);
    for (std::size_t index = 0; index < 20; ++index) receipts[index].key.sequence = index * index;
    SequenceChain said;
    const std::string output = receipt_frames(receipts, said);
    std::string_view input = output;
    FrameAssembler frames;
    SequenceChain heard;
    std::size_t count = 0;
    const auto longest = [](std::uint8_t) { return min_agent_frame; };
    while (const auto its = frames.next(input, 0, longest)) {
        for (const PushReceipt& one : decode_receipts(its->payload, heard)) {
            CHECK(one.key.sequence == count * count && one.refused.size() == max_refusals);
            ++count;
        }
    }
    CHECK(count == 20 && input.empty());
}

TEST("TOLD, CANNOT, CLOSED_REQUEST and CLOSE have one length and their bounds") {
    Told told{.policy_version = max_number, .policy = {{{.kind = 3, .interval_s = max_seconds}}},
              .requests = {{.id = "r", .kind = 1, .from_ms = -9, .to_ms = 9, .limit = 5}}};
    CHECK(has_one_length(encode(told), decode_told));
    CHECK(decode_told(encode(told)).requests.at(0).from_ms == -9);
    CHECK(!decode_told(encode(Told{})).policy && decode_told(bytes({0, 1, 0})).policy->empty());
    CHECK(is_broken([] { return decode_told(bytes({0, 66})); }));
    CHECK(is_broken([] { return decode_told(bytes({0, 0, 65})); }));
    told.requests[0].to_ms = std::numeric_limits<std::int64_t>::min();
    CHECK(is_refused([&] { return encode(told); }));
    told.requests[0].to_ms = 0;
    told.requests.resize(max_told + 1, told.requests[0]);
    CHECK(is_refused([&] { return encode(told); }));
    told = {.policy = std::vector<PolicyEntry>(max_told + 1, {.kind = 1, .interval_s = 1})};
    CHECK(is_refused([&] { return encode(told); }));

    const RequestFailed failed{.request_id = std::string(64, 'i'),
                               .reason = std::string(2'000, 'r')};
    CHECK(has_one_length(encode(failed), decode_cannot));
    CHECK(encode(failed).size() <= longest_cannot);
    CHECK(is_refused([] { return encode(RequestFailed{.request_id = "", .reason = ""}); }));
    CHECK(has_one_length(encode(RequestClosed{.request_id = "r", .known = true}),
                         decode_closed_request));
    CHECK(is_broken([] { return decode_closed_request(bytes({1, 'r', 2})); }));
    CHECK(has_one_length(encode(PeerClosed{.code = CloseCode::too_slow, .retry_after_s = 9,
                                           .reason = "r"}),
                         decode_close));
    CHECK(decode_close(bytes({77, 0, 0})).code == CloseCode::internal);
}

TEST("the names under way are a set that gives its memory back") {
    Random random(5);
    UnderWay set;
    std::vector<BatchKey> keys;
    std::size_t total = 0;
    for (int step = 0; step < 20'000; ++step) {
        const BatchKey key{.kind = static_cast<std::uint8_t>(random.below(3)),
                           .sequence = random.below(60) + (random.below(2) << 52U)};
        const auto at = std::ranges::find(keys, key);
        if (random.below(2) == 0) {
            CHECK(set.insert(key, 7) == (at == keys.end()));
            if (at == keys.end()) keys.push_back(key);
        } else {
            CHECK(set.erase(key).has_value() == (at != keys.end()));
            if (at != keys.end()) keys.erase(at);
        }
        total = keys.size() * 7;
        CHECK(set.count() == keys.size() && set.bytes() == total);
    }
    std::vector<BatchKey> twice = keys;
    twice.push_back(keys.front());
    CHECK(!set.erase_all(twice) && set.count() == keys.size() && set.bytes() == total);
    CHECK(set.erase_all(keys) && set.count() == 0 && set.bytes() == 0);
}
