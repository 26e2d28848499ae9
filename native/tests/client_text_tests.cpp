#include "check.hpp"
#include "fieldpost/errors.hpp"
#include "observation_text.hpp"
#include "prepared_batch.hpp"

using namespace fieldpost;
using namespace fieldpost::client;

namespace {

std::string without_kind(std::string_view text) {
    const ObservationText found = read_observation(text);
    return std::string(text.substr(0, found.kind_begin)) +
           std::string(text.substr(found.kind_end));
}

constexpr std::string_view valid = R"({"time": "2026-01-02T03:04:05Z", "lat": 1, "lon": 2})";
constexpr std::string_view invalid = R"({"time": "2026-01-02T03:04:05Z", "lat": 91, "lon": 2})";

}  // namespace

TEST("the kind is found and left out wherever it stands") {
    CHECK(without_kind(R"({"kind": "a", "b": 1})") == R"({ "b": 1})");
    CHECK(without_kind(R"({"b": 1, "kind": "a"})") == R"({"b": 1})");
    CHECK(without_kind(R"({"b": 1, "kind" : "a" , "c": {"kind": 2}})") ==
          R"({"b": 1 , "c": {"kind": 2}})");
    CHECK(without_kind(R"( {"kind":"a"} )") == " {} ");
    CHECK(without_kind(R"({"k\u0069nd":"a"})") == "{}");
    CHECK(without_kind(R"({"b":"kind"})") == R"({"b":"kind"})");
    CHECK(read_observation(R"({"kind": "l\u006fcation"})").kind == "location");
    CHECK(read_observation("{}").kind.empty());
}

TEST("what remains without the kind is an object, from a buffer that ends with it") {
    const std::string text = R"({"a": [1, {"b": "\u00e9"}], "kind": "x", "c": "\"kind\": 1"})";
    CHECK(count_elements("[" + without_kind(text) + "]") == 1);
    for (std::size_t size = 0; size < text.size(); ++size) {
        const std::vector<char> prefix(text.begin(), text.begin() + static_cast<long>(size));
        CHECK(throws<Malformed>([&] { (void)read_observation({prefix.data(), prefix.size()}); }));
    }
}

TEST("a kind that is no name is not understood") {
    for (const char* text : {R"({"kind": 1})", R"({"kind": ""})", R"({"kind": null})",
                             R"({"kind": "a", "kind": "a"})", R"({"kind": "\u0000"})"}) {
        CHECK(throws<Malformed>([&] { (void)read_observation(text); }));
    }
}

TEST("valid observations become blocks, the others JSON, none is lost") {
    KindBuffer buffer("location");
    for (int index = 0; index < 100; ++index) {
        buffer.add(index % 10 == 3 ? invalid : valid, 0, 0);
    }
    std::vector<PreparedBatch> batches;
    buffer.prepare(batches);
    CHECK(batches.size() == 2);
    CHECK(batches[0].format == PayloadFormat::block && batches[0].observations == 90);
    CHECK(batches[1].format == PayloadFormat::json && batches[1].observations == 10);
    CHECK(count_elements(batches[1].payload) == 10);
    CHECK(batches[1].kind == batches[0].kind);
    CHECK(buffer.size() == 0 && buffer.bytes() == 0);
}

TEST("batches are cut to their bounds") {
    KindBuffer foreign("heart_rate");
    const std::string long_one = R"({"x": ")" + std::string(100'000, 'x') + R"("})";
    for (int index = 0; index < 7; ++index) foreign.add(long_one, 0, 0);
    std::vector<PreparedBatch> batches;
    foreign.prepare(batches);
    CHECK(batches.size() == 4);
    std::size_t total = 0;
    for (const PreparedBatch& batch : batches) {
        CHECK(batch.payload.size() <= cut_batch_bytes);
        CHECK(count_elements(batch.payload) == batch.observations);
        CHECK(batch.kind == 0 && batch.kind_name == "heart_rate");
        total += batch.observations;
    }
    CHECK(total == 7);

    KindBuffer documents("document");
    for (int index = 0; index < 20; ++index) {
        documents.add(R"({"time": "2026-01-02T03:04:05Z", "source": "s", "body": ")" +
                          std::string(60'000, static_cast<char>('a' + index)) + R"("})",
                      0, 0);
    }
    batches.clear();
    documents.prepare(batches);
    total = 0;
    for (const PreparedBatch& batch : batches) {
        CHECK(batch.format == PayloadFormat::block && batch.payload.size() <= cut_batch_bytes);
        total += batch.observations;
    }
    CHECK(total == 20);
}

TEST("a given batch is one batch: a block if all of it is valid, else as it is") {
    const std::string good = "[" + std::string(valid) + ", " + std::string(valid) + "]";
    const std::string mixed = "[" + std::string(valid) + ", " + std::string(invalid) + "]";
    CHECK(prepare_whole("location", good).format == PayloadFormat::block);
    CHECK(prepare_whole("location", mixed).payload == mixed);
    CHECK(prepare_whole("location", mixed).observations == 2);
    CHECK(prepare_whole("heart_rate", good).kind_name == "heart_rate");
    CHECK(throws<Malformed>([] { (void)prepare_whole("heart_rate", "[1,]"); }));
    const std::string many = "[0" + [] {
        std::string rest;
        for (int index = 0; index < 5'000; ++index) rest += ",0";
        return rest;
    }() + "]";
    CHECK(throws<TooMany>([&] { (void)prepare_whole("heart_rate", many); }));
    CHECK(throws<TooMany>([&] { (void)prepare_whole("location", many); }));
}
