#include "check.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/json_encoder.hpp"
#include "fieldpost/rows.hpp"
#include "samples.hpp"
#include "timestamp.hpp"

using namespace fieldpost;

namespace {

constexpr EncodeOptions any_time{.earliest_ms = min_time_ms, .latest_ms = max_time_ms,
                                 .foreign = true};

std::string as_array(const JsonRows& rows) {
    std::string text = "[";
    std::size_t start = 0;
    for (const std::size_t end : rows.ends) {
        if (start != 0) text += ", ";
        text.append(rows.text, start, end - start);
        start = end;
    }
    return text + "]";
}

}  // namespace

TEST("rows of a block encode to rows of the same text") {
    Random random(11);
    for (int round = 0; round < 100; ++round) {
        for (const Kind& kind : kinds()) {
            const Batch batch = sample_batch(kind, 1 + random.below(20), random);
            const std::string text = as_array(write_rows(batch, 0, batch.size()));
            const EncodedObservations encoded = encode_json(kind, text, any_time);
            CHECK(encoded.refused_count == 0);
            CHECK(encoded.count == batch.size());
            const EncodedObservations again = encode_json(
                kind, as_array(write_rows(decode_block(encoded.block), 0, batch.size())),
                any_time);
            CHECK(again.block == encoded.block);
        }
    }
}

TEST("every prefix of a text is malformed, from a buffer that ends with it") {
    const std::string text =
        R"([{"time": "2026-01-02T03:04:05.678Z", "l\u0061t": -1.5e1, "lon": 0, "source": "\ud83d)"
        R"(\ude00\n"}, {"lat": [true, false, null, {"a": "b"}]}])";
    CHECK(encode_json(*find_kind("location"), text, any_time).count == 1);
    for (std::size_t size = 0; size < text.size(); ++size) {
        // A copy of exactly this size lets the sanitizer see any read behind it.
        const std::vector<char> prefix(text.begin(), text.begin() + static_cast<long>(size));
        CHECK(throws<Malformed>([&] {
            (void)encode_json(*find_kind("location"), {prefix.data(), prefix.size()}, any_time);
        }));
    }
}

TEST("changed texts are encoded, refused or malformed") {
    Random random(12);
    for (int round = 0; round < 20'000; ++round) {
        const Kind& kind = kinds()[random.below(kinds().size())];
        const Batch batch = sample_batch(kind, 1 + random.below(3), random);
        std::string text = as_array(write_rows(batch, 0, batch.size()));
        constexpr std::string_view alphabet = "[]{}\",:\\u019eE+-. tfn\x00\xff\xc3";
        for (std::size_t change = 1 + random.below(3); change > 0; --change) {
            text[random.below(text.size())] = alphabet[random.below(alphabet.size())];
        }
        const std::vector<char> exact(text.begin(), text.end());
        try {
            const auto encoded = encode_json(kind, {exact.data(), exact.size()}, any_time);
            if (encoded.count > 0) (void)decode_block(encoded.block);
        } catch (const Malformed&) {
        }
    }
}

TEST("times are written and read alike, through every century") {
    constexpr std::int64_t step = std::int64_t{86'400'000} * 17 + 3'601'007;
    TimeWriter times;
    for (std::int64_t time = min_time_ms; time < max_time_ms - 999; time += step) {
        CHECK(parse_time(times.written(time)) == time);
        CHECK(parse_time(times.written(time + 999)) == time + 999);
    }
    CHECK(times.written(min_time_ms) == "0000-01-01T00:00:00Z");
    CHECK(times.written(max_time_ms) == "9999-12-31T23:59:59.999Z");
}
