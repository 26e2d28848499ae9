#include "check.hpp"
#include "crc32c.hpp"
#include "fieldpost/admission.hpp"
#include "fieldpost/block.hpp"
#include "fieldpost/rows.hpp"
#include "samples.hpp"

using namespace fieldpost;

namespace {

void seal(std::string& block) {
    const std::uint32_t checksum = crc32c({block.data(), block.size() - 4});
    for (unsigned index = 0; index < 4; ++index) {
        block[block.size() - 4 + index] = static_cast<char>(checksum >> (8 * index));
    }
}

void change(std::string& block, Random& random) {
    const std::size_t body = block.size() - 4;
    const std::size_t at = random.below(body);
    switch (random.below(5)) {
        case 0: block[at] = static_cast<char>(random.next()); break;
        case 1: block[at] = static_cast<char>(block[at] ^ (1 << random.below(8))); break;
        case 2: block.insert(at, 1 + random.below(3), static_cast<char>(random.next())); break;
        case 3: block.erase(at, std::min<std::size_t>(1 + random.below(3), body - at)); break;
        default: block[at] = static_cast<char>(random.below(2) == 0 ? 0xff : 0x00);
    }
}

// True if the block is good; whatever is good can be written out and encoded again.
bool survives(const std::string& block) {
    // A copy of exactly this size lets the sanitizer see any read behind it.
    const std::vector<char> exact(block.begin(), block.end());
    const std::string_view view(exact.data(), exact.size());
    constexpr AdmissionBounds widest{.max_observations = max_block_observations};
    const bool admitted = admit(view, widest).fault != BlockFault::bad_block;
    try {
        const Batch batch = decode_block(view);
        CHECK(admitted);
        const JsonRows rows = write_rows(batch, 0, batch.size());
        const std::string encoded = encode_block(batch);
        const Batch again = decode_block(encoded);
        CHECK(write_rows(again, 0, again.size()).text == rows.text);
        return true;
    } catch (const BadBlock&) {
        CHECK(!admitted);
        return false;
    }
}

}  // namespace

TEST("a hundred thousand changed blocks are decoded or refused") {
    Random random(21);
    std::size_t good = 0;
    for (int round = 0; round < 100'000;) {
        const Kind& kind = kinds()[random.below(kinds().size())];
        const std::string block = encode_block(sample_batch(kind, 1 + random.below(12), random));
        for (int variant = 0; variant < 10; ++variant, ++round) {
            std::string changed = block;
            for (std::size_t times = 1 + random.below(3); times > 0; --times) {
                if (changed.size() > 4) change(changed, random);
            }
            seal(changed);
            good += survives(changed) ? 1U : 0U;
        }
    }
    // Were nearly all of one sort, the other would go untested.
    CHECK(good > 10'000 && good < 90'000);
}

TEST("changed blocks with bins are decoded or refused") {
    Random random(23);
    std::size_t good = 0;
    for (int round = 0; round < 300; ++round) {
        const std::string block = encode_block(skewed_batch(600 + random.below(64), random));
        CHECK(block[0] == 2);
        for (int variant = 0; variant < 20; ++variant) {
            std::string changed = block;
            change(changed, random);
            seal(changed);
            good += survives(changed) ? 1U : 0U;
        }
    }
    CHECK(good > 500 && good < 5'500);
}

TEST("every prefix of a block is refused, sealed or not") {
    Random random(22);
    for (const Kind& kind : kinds()) {
        const std::string block = encode_block(sample_batch(kind, 9, random));
        for (std::size_t size = 0; size < block.size(); ++size) {
            std::string prefix = block.substr(0, size);
            CHECK(!survives(prefix));
            if (size < 4) continue;
            seal(prefix);
            CHECK(!survives(prefix));
        }
    }
}
