#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fieldpost/batch.hpp"
#include "fieldpost/reason.hpp"

namespace fieldpost {

class Interner;

/// Builds a batch column by column, each value checked against its field.
///
/// A `put` gives the reason if the value is refused. The rows of a column come in ascending
/// order and may be left out. Texts must outlive the batch.
class BatchBuilder {
  public:
    BatchBuilder(const Kind& kind, std::size_t rows);
    ~BatchBuilder();

    [[nodiscard]] std::optional<Reason> put_time(std::int64_t time_ms);

    /// Values of the fields of one column, in natural units; numbers are rounded to the field's
    /// resolution. NaN is `missing`.
    [[nodiscard]] std::optional<Reason> put_number(std::size_t column, std::size_t row,
                                                   double value);
    [[nodiscard]] std::optional<Reason> put_integer(std::size_t column, std::size_t row,
                                                    std::int64_t value);
    [[nodiscard]] std::optional<Reason> put_flag(std::size_t column, std::size_t row, bool value);
    /// Texts, choices, and JSON texts.
    [[nodiscard]] std::optional<Reason> put_text(std::size_t column, std::size_t row,
                                                 std::string_view value);

    /// All rows, in time order, once every one has its time and its required fields.
    [[nodiscard]] Batch take();

  private:
    [[nodiscard]] std::optional<Reason> put_json(std::size_t column, std::size_t row,
                                                 std::string_view value);

    Batch batch_;
    std::vector<Interner> texts_;
};

}  // namespace fieldpost
