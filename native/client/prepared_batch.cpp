#include "prepared_batch.hpp"

#include <utility>

#include "fieldpost/json_encoder.hpp"
#include "observation_text.hpp"
#include "timestamp.hpp"

namespace fieldpost::client {
namespace {

// Whether a time is too early or too late is for the server to say: its clock is right.
constexpr EncodeOptions any_time{.earliest_ms = min_time_ms,
                                 .latest_ms = max_time_ms,
                                 .max_observations = max_batch_observations,
                                 .max_refusals = max_batch_observations};

PreparedBatch json_batch(std::string_view kind_name, std::size_t count, std::string text) {
    const Kind* const kind = find_kind(kind_name);
    return {.kind = kind == nullptr ? std::uint8_t{0} : kind->code,
            .format = PayloadFormat::json,
            .observations = static_cast<std::uint32_t>(count),
            .payload = std::move(text),
            .kind_name = kind == nullptr ? std::string(kind_name) : std::string()};
}

PreparedBatch block_batch(const Kind& kind, EncodedObservations encoded) {
    return {.kind = kind.code,
            .format = PayloadFormat::block,
            .observations = static_cast<std::uint32_t>(encoded.count),
            .payload = std::move(encoded.block)};
}

}  // namespace

PreparedBatch prepare_whole(std::string_view kind_name, std::string_view observations) {
    if (observations.size() > max_given_batch_bytes) throw TooMany("the batch exceeds 4 MiB");
    const Kind* const kind = find_kind(kind_name);
    if (kind != nullptr) {
        EncodedObservations encoded = encode_json(*kind, observations, any_time);
        const bool is_whole = encoded.refused_count == 0 && encoded.count > 0;
        if (is_whole && encoded.block.size() > max_batch_bytes) {
            throw TooMany("the batch exceeds 1 MiB, encoded");
        }
        if (is_whole) return block_batch(*kind, std::move(encoded));
    }
    const std::size_t count = count_elements(observations);
    if (count > max_batch_observations) throw TooMany("more than 5000 observations");
    if (observations.size() > max_batch_bytes) {
        throw TooMany("the batch exceeds 1 MiB and cannot be encoded");
    }
    return json_batch(kind_name, count, std::string(observations));
}

void KindBuffer::add(std::string_view observation, std::size_t cut_begin, std::size_t cut_end) {
    text_.append(observation.substr(0, cut_begin)).append(observation.substr(cut_end));
    ends_.push_back(text_.size());
    text_.push_back(',');
}

std::string_view KindBuffer::observation(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1] + 1;
    return std::string_view(text_).substr(begin, ends_[index] - begin);
}

std::string KindBuffer::array_of(std::size_t from, std::size_t to) const {
    const std::size_t begin = from == 0 ? 0 : ends_[from - 1] + 1;
    std::string array = "[";
    array.append(text_, begin, ends_[to - 1] - begin).push_back(']');
    return array;
}

void KindBuffer::prepare(std::vector<PreparedBatch>& batches) {
    refused_.clear();
    if (find_kind(kind_name_) == nullptr) {
        for (std::size_t index = 0; index < size(); ++index) refused_.push_back(index);
    } else {
        for (std::size_t from = 0; from < size(); from += max_batch_observations) {
            prepare_blocks(from, std::min(size(), from + max_batch_observations), batches);
        }
    }
    prepare_refused(batches);
    text_.clear();
    ends_.clear();
}

void KindBuffer::prepare_blocks(std::size_t from, std::size_t to,
                                std::vector<PreparedBatch>& batches) {
    const Kind& kind = *find_kind(kind_name_);
    EncodedObservations encoded = encode_json(kind, array_of(from, to), any_time);
    if (encoded.block.size() > cut_batch_bytes && to - from > 1) {
        const std::size_t middle = from + (to - from) / 2;
        prepare_blocks(from, middle, batches);
        return prepare_blocks(middle, to, batches);
    }
    for (const Refusal& refusal : encoded.refused) refused_.push_back(from + refusal.index);
    if (encoded.count > 0) batches.push_back(block_batch(kind, std::move(encoded)));
}

void KindBuffer::prepare_refused(std::vector<PreparedBatch>& batches) {
    std::string array;
    std::size_t count = 0;
    const auto finish = [&] {
        if (count == 0) return;
        batches.push_back(json_batch(kind_name_, count, std::exchange(array, "") + ']'));
        count = 0;
    };
    for (const std::size_t index : refused_) {
        const std::string_view text = observation(index);
        if (array.size() + text.size() + 2 > cut_batch_bytes || count == max_batch_observations) {
            finish();
        }
        array += count == 0 ? '[' : ',';
        array += text;
        ++count;
    }
    finish();
}

}  // namespace fieldpost::client
