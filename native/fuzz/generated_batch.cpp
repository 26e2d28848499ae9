#include "generated_batch.hpp"

#include <algorithm>
#include <array>

#include "timestamp.hpp"

using namespace fieldpost;

namespace {

constexpr std::size_t few_rows = 48;
constexpr std::size_t rows_of_long_texts = 8;

std::size_t size_from(Input& input) {
    const std::uint8_t size = input.byte();
    if (size < 240) return 1 + size % few_rows;
    return 180 + input.below(256);  // beyond what the encoder looks at as a whole
}

// How a column goes on from value to value.
enum class Manner : std::uint8_t {
    constant,
    anything,
    extremes,
    walk,
    coarse,
    steady,
    alternating,
};
constexpr std::uint64_t manners = 7;
constexpr std::int64_t most_elapsed_ms = 1'000'000;

class Values {
  public:
    Values(Input& input, std::int64_t low, std::int64_t high)
        : input_(input), low_(low), high_(high),
          manner_(static_cast<Manner>(input.below(manners))), value_(input.between(low, high)),
          step_(static_cast<std::int8_t>(input.byte())) {}

    std::int64_t next(std::int64_t elapsed_ms) {
        switch (manner_) {
            case Manner::constant: break;
            case Manner::anything: value_ = input_.between(low_, high_); break;
            case Manner::extremes: value_ = (input_.byte() & 1U) != 0 ? high_ : low_; break;
            case Manner::walk: move(static_cast<std::int8_t>(input_.byte())); break;
            case Manner::coarse: value_ = input_.between(low_, high_) / 1000 * 1000; break;
            case Manner::steady: move(step_ * std::min(elapsed_ms, most_elapsed_ms)); break;
            case Manner::alternating: value_ = low_ + (high_ - value_); break;
        }
        value_ = std::clamp(value_, low_, high_);
        return value_;
    }

  private:
    // Both are small beside 64 bits: no bound of a field comes near.
    void move(std::int64_t distance) { value_ += distance; }

    Input& input_;
    std::int64_t low_;
    std::int64_t high_;
    Manner manner_;
    std::int64_t value_;
    std::int64_t step_;
};

std::vector<std::int64_t> times_from(Input& input, std::size_t size) {
    constexpr std::array<std::int64_t, 5> starts{1'767'323'045'000, min_time_ms, max_time_ms,
                                                 0, -1};
    constexpr std::array<std::int64_t, 4> units{1, 1'000, 60'000, 86'400'000};
    std::int64_t time = starts[input.below(starts.size())];
    const std::int64_t unit = units[input.below(units.size())];
    const bool is_regular = (input.byte() & 1U) != 0;
    const std::int64_t regular_step = input.byte();
    std::vector<std::int64_t> times;
    for (std::size_t row = 0; row < size; ++row) {
        times.push_back(time);
        const std::int64_t step = is_regular ? regular_step : input.byte() % 16;
        time = std::min(time + step * unit, max_time_ms);
    }
    return times;
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string text;
    text.reserve(piece.size() * times);
    for (; times > 0; --times) text += piece;
    return text;
}

// Short, or now and then as long as the field allows.
std::size_t length_from(Input& input, std::size_t most, bool may_be_long) {
    const std::uint8_t length = input.byte();
    if (length >= 250 && may_be_long) return most;
    return std::min<std::size_t>(length % 24, most);
}

std::string text_from(Input& input, const Field& field, bool may_be_long) {
    constexpr std::array<std::string_view, 6> pieces{
        "a", "https://a.example/", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    constexpr std::array<std::size_t, 6> characters{1, 18, 1, 1, 1, 1};
    const std::size_t piece = input.below(pieces.size());
    const std::size_t most = field.max_length - 1;
    std::string text =
        repeated(pieces[piece], length_from(input, most / characters[piece], may_be_long));
    const std::uint8_t last = input.byte();
    if (last != 0 || field.required) text.push_back(static_cast<char>(1 + last % 127));
    return text;
}

std::string json_from(Input& input, const Field& field, bool may_be_long) {
    const std::string number = std::to_string(input.byte());
    switch (input.below(6)) {
        case 0: return "{}";
        case 1: return R"({"a":)" + number + "}";
        case 2: return R"({"a":[null,true,"\u00e9\n"],"b":{"c":-)" + number + "e-5}}";
        case 3: return R"({"deep":)" + repeated("[", 29) + number + repeated("]", 29) + "}";
        case 4: return R"({"":"\ud83d\ude00"})";
        default: {
            const std::size_t length = length_from(input, field.max_length - 8, may_be_long);
            return R"({"a":")" + std::string(length, 'x') + "\"}";
        }
    }
}

// Entries may be equal to each other or unused: a decoded dictionary may be so too.
void fill_dictionary(Input& input, const Field& field, Batch& batch, Column& column) {
    const bool may_be_long = batch.size() <= rows_of_long_texts;
    const std::size_t most = input.byte() < 240 ? 12 : 400;
    const std::size_t count = 1 + input.below(most);
    for (std::size_t entry = 0; entry < count; ++entry) {
        batch.storage.push_back(std::make_shared<const std::string>(
            field.type == FieldType::json ? json_from(input, field, may_be_long)
                                          : text_from(input, field, may_be_long)));
        column.dictionary.emplace_back(*batch.storage.back());
    }
}

void fill_column(Input& input, const Field& field, Batch& batch, Column& column) {
    const std::uint64_t presence = input.below(4);
    if (presence == 0 && !field.required) return;
    const bool has_gaps = presence == 1 && !field.required;
    if (field.is_text()) fill_dictionary(input, field, batch, column);
    const std::int64_t high = field.is_text()
                                  ? static_cast<std::int64_t>(column.dictionary.size()) - 1
                                  : field.stored_high();
    Values values(input, field.is_text() ? 0 : field.stored_low(), high);
    std::int64_t before = batch.times_ms.front();
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (has_gaps && (input.byte() & 1U) == 0) continue;
        column.set(row, values.next(batch.times_ms[row] - before));
        before = batch.times_ms[row];
    }
    if (column.in_use()) column.pad(batch.size());
}

}  // namespace

Batch generated_batch(Input& input) {
    Batch batch(kinds()[input.below(kinds().size())]);
    batch.times_ms = times_from(input, size_from(input));
    for (std::size_t index = 0; index < batch.columns.size(); ++index) {
        fill_column(input, column_field(*batch.kind, index), batch, batch.columns[index]);
    }
    return batch;
}
