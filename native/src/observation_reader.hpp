#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fieldpost/batch.hpp"
#include "fieldpost/json_encoder.hpp"
#include "interner.hpp"
#include "json_cursor.hpp"

namespace fieldpost {

/// Reads observations straight into the columns of a batch, judging each on its own.
class ObservationReader {
  public:
    ObservationReader(const Kind& kind, std::string_view json, const EncodeOptions& options);

    /// Reads all. The batch is in the input's order and refers to the JSON text.
    void run();

    [[nodiscard]] Batch& batch() { return batch_; }
    [[nodiscard]] std::vector<Refusal>& refused() { return refused_; }
    [[nodiscard]] std::size_t refused_count() const { return refused_count_; }

  private:
    // Where a member belongs: a column of the kind, or one of these.
    static constexpr std::size_t time_column = max_fields;
    static constexpr std::size_t time_ms_column = max_fields + 1;
    static constexpr std::size_t no_column = max_fields + 2;

    struct Slot {
        std::int64_t value = 0;
        std::string_view text;
    };
    struct Expected {
        std::string_view quoted;
        std::size_t column;
    };
    struct Bounds {
        std::int64_t low;
        std::int64_t high;
    };

    void element(std::size_t index);
    void object();
    void member(std::size_t position);
    void keep();
    void refuse(std::size_t index);

    [[nodiscard]] std::size_t read_key(std::size_t position);
    [[nodiscard]] std::size_t find_column(std::string_view name) const;
    void blame(std::string_view field, Reason reason);
    void blame_missing();
    void skip();

    void read_time();
    void read_time_ms();
    void check_time(std::string_view field, std::int64_t time_ms);
    void read_field(const Field& field, std::size_t column);
    void read_number(const Field& field, std::size_t column);
    void read_text(const Field& field, std::size_t column);
    void read_choice(const Field& field, std::size_t column);
    void read_flag(const Field& field, std::size_t column);
    void read_json(const Field& field, std::size_t column);
    [[nodiscard]] std::optional<std::string_view> plain_text(const JsonString& text);
    [[nodiscard]] std::string& storage();

    const Kind& kind_;
    const EncodeOptions& options_;
    std::string_view json_;
    JsonCursor cursor_;
    Batch batch_;
    std::array<Interner, max_fields> texts_;
    std::shared_ptr<std::string> storage_;
    std::vector<Expected> expected_;  // the members of the last object, by position

    std::array<Bounds, max_fields> bounds_{};
    JsonString key_;  // of the member being read, unless it is the expected one

    std::array<Slot, max_fields + 1> slots_;
    std::uint32_t seen_ = 0;   // columns named by the object
    std::uint32_t given_ = 0;  // columns with a value
    bool at_fault_ = false;
    std::string blamed_field_;
    Reason blamed_reason_ = Reason::missing;

    std::vector<Refusal> refused_;
    std::size_t refused_count_ = 0;
};

}  // namespace fieldpost
