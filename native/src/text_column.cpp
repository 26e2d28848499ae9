#include "text_column.hpp"

#include <algorithm>
#include <bit>

namespace fieldpost {
namespace {

std::size_t common_prefix(std::string_view a, std::string_view b) {
    const auto length = std::min(a.size(), b.size());
    std::size_t size = 0;
    while (size < length && a[size] == b[size]) ++size;
    return size;
}

struct DictionarySize {
    std::size_t plain = 0;
    std::size_t front_coded = 0;
    std::size_t unfolded = 0;
};

DictionarySize size_of(std::span<const std::string_view> dictionary) {
    DictionarySize size;
    std::string_view previous;
    for (const std::string_view text : dictionary) {
        const std::size_t shared = common_prefix(previous, text);
        const std::size_t rest = text.size() - shared;
        size.plain += varint_size(text.size()) + text.size();
        size.front_coded += varint_size(shared) + varint_size(rest) + rest;
        size.unfolded += text.size();
        previous = text;
    }
    return size;
}

Texts read_plain(ByteReader& in, std::size_t count) {
    Texts texts;
    texts.dictionary.reserve(count);
    for (std::size_t entry = 0; entry < count; ++entry) {
        const std::uint64_t size = in.varint();
        if (size > in.left()) throw BadBlock("ends too early");
        texts.dictionary.push_back(in.bytes(size));
    }
    return texts;
}

Texts read_front_coded(ByteReader& in, std::size_t count) {
    auto storage = std::make_shared<std::string>();
    std::vector<std::size_t> ends{0};
    ends.reserve(count + 1);
    std::size_t previous = 0;  // where the entry before begins
    for (std::size_t entry = 0; entry < count; ++entry) {
        const std::uint64_t shared = in.varint();
        const std::uint64_t size = in.varint();
        if (shared > ends.back() - previous) throw BadBlock("a shared prefix is too long");
        if (size > in.left()) throw BadBlock("ends too early");
        const std::size_t start = ends.back();
        if (start + shared + size > max_front_coded_bytes) {
            throw BadBlock("a dictionary is too large");
        }
        storage->append(storage->substr(previous, shared)).append(in.bytes(size));
        previous = start;
        ends.push_back(storage->size());
    }
    Texts texts;
    const std::string_view all = *storage;
    texts.dictionary.reserve(count);
    for (std::size_t entry = 0; entry < count; ++entry) {
        texts.dictionary.push_back(all.substr(ends[entry], ends[entry + 1] - ends[entry]));
    }
    texts.storage = std::move(storage);
    return texts;
}

}  // namespace

void TextEncoder::plan(std::span<const std::int64_t> codes,
                       std::span<const std::string_view> dictionary) {
    used_.clear();
    codes_.clear();
    renumbered_.assign(dictionary.size(), -1);
    for (const std::int64_t code : codes) {
        const auto entry = static_cast<std::size_t>(code);
        if (renumbered_[entry] < 0) {
            renumbered_[entry] = static_cast<std::int64_t>(used_.size());
            used_.push_back(dictionary[entry]);
        }
        codes_.push_back(renumbered_[entry]);
    }
    sorted_ = used_;
    std::ranges::sort(sorted_);
    if (std::ranges::adjacent_find(sorted_) != sorted_.end()) join_equal_entries();
    choose_dictionary();
}

// A dictionary may hold a text twice, but what is written depends on the texts alone.
void TextEncoder::join_equal_entries() {
    sorted_.erase(std::ranges::unique(sorted_).begin(), sorted_.end());
    std::vector<std::int64_t> joined(sorted_.size(), -1);
    std::vector<std::string_view> distinct;
    renumbered_.clear();
    for (const std::string_view text : used_) {
        const auto place = std::ranges::lower_bound(sorted_, text) - sorted_.begin();
        std::int64_t& code = joined[static_cast<std::size_t>(place)];
        if (code < 0) {
            code = static_cast<std::int64_t>(distinct.size());
            distinct.push_back(text);
        }
        renumbered_.push_back(code);
    }
    for (std::int64_t& code : codes_) code = renumbered_[static_cast<std::size_t>(code)];
    used_.swap(distinct);
}

// In order of first appearance new texts cost no code; sorted, neighbours share more.
void TextEncoder::choose_dictionary() {
    const DictionarySize as_is = size_of(used_);
    front_coded_ = false;
    if (as_is.unfolded > max_front_coded_bytes) return;
    front_coded_ = as_is.front_coded < as_is.plain;
    constexpr std::size_t few = 4;
    if (used_.size() < few) return;
    const auto code_bits = static_cast<std::size_t>(std::bit_width(used_.size()));
    const std::size_t codes = 2 + used_.size() * code_bits / 8;
    if (size_of(sorted_).front_coded + codes < std::min(as_is.plain, as_is.front_coded)) {
        front_coded_ = true;
        sort_dictionary();
    }
}

void TextEncoder::sort_dictionary() {
    renumbered_.clear();
    for (const std::string_view text : used_) {
        const auto place = std::ranges::lower_bound(sorted_, text) - sorted_.begin();
        renumbered_.push_back(place);
    }
    for (std::int64_t& code : codes_) code = renumbered_[static_cast<std::size_t>(code)];
    used_.swap(sorted_);
}

void TextEncoder::write(ByteWriter& out, IntEncoder& ints) {
    out.varint(used_.size());
    std::string_view previous;
    for (const std::string_view text : used_) {
        const std::size_t shared = front_coded_ ? common_prefix(previous, text) : 0;
        if (front_coded_) out.varint(shared);
        out.varint(text.size() - shared);
        out.bytes(text.substr(shared));
        previous = text;
    }
    if (used_.size() == 1) return;
    ints.plan(codes_, {});
    out.byte(ints.mode());
    ints.write(out);
}

Texts decode_texts(ByteReader& in, std::uint8_t version, std::uint8_t mode,
                   std::span<std::int64_t> codes) {
    if ((mode & ~mode_front_coded) != 0) throw BadBlock("a mode is unknown");
    const std::uint64_t count = in.varint();
    if (count < 1 || count > codes.size()) throw BadBlock("a dictionary has a wrong size");
    Texts texts = (mode & mode_front_coded) != 0 ? read_front_coded(in, count)
                                                 : read_plain(in, count);
    if (count == 1) {
        std::ranges::fill(codes, 0);
        return texts;
    }
    const std::uint8_t codes_mode = in.byte();
    if ((codes_mode & mode_has_presence) != 0) throw BadBlock("a mode is unknown");
    decode_ints(in, version, codes_mode, codes, {});
    const auto end = static_cast<std::int64_t>(count);
    if (std::ranges::any_of(codes, [end](auto code) { return code < 0 || code >= end; })) {
        throw BadBlock("a text's code is not in the dictionary");
    }
    return texts;
}

}  // namespace fieldpost
