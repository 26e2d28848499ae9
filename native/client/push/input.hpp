#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fieldpost::push_program {

/// A hash of all bytes so far, however they were cut into pieces. It tells inputs apart that
/// differ by accident; it is no protection against somebody who wants two to be alike.
class InputHash {
  public:
    void add(std::string_view bytes);
    [[nodiscard]] std::uint64_t value() const;

  private:
    void word(std::uint64_t value);

    std::uint64_t state_ = 0x6c5e'9d21'07b3'f84bU;
    std::uint64_t tail_ = 0;  // the bytes that do not make a word yet
    std::size_t tail_size_ = 0;
};

/// How far an input was read: always to the end of a line.
struct Place {
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::uint64_t hash = InputHash().value();
};

[[nodiscard]] std::string to_bytes(const Place& place);
/// Nothing if it is none that we wrote.
[[nodiscard]] std::optional<Place> place_from(std::string_view bytes);

struct Line {
    std::string_view text;  // without its line feed
    bool is_too_long = false;  // `text` is its end only
    bool is_terminated = true;
};

/// Lines from a file descriptor, in bounded memory. Throws std::system_error.
class Input {
  public:
    explicit Input(int descriptor);

    /// A regular file, in which we can go back.
    [[nodiscard]] bool is_file() const { return is_file_; }
    /// Reads on; waits if there is nothing yet. Call it when `line` has none.
    void read();
    [[nodiscard]] bool has_ended() const { return has_ended_; }

    /// The next line, until it is taken; the last one may have no line feed.
    [[nodiscard]] std::optional<Line> line();
    void take_line();
    [[nodiscard]] Place place() const;
    /// The number of the next line, from 1.
    [[nodiscard]] std::uint64_t line_number() const { return lines_ + 1; }

    /// Skips as many bytes as `place` says, and says whether they are the same. If not, a file
    /// is at its beginning again.
    [[nodiscard]] bool skip_to(const Place& place);

  private:
    void absorb(std::size_t size);
    void restart();

    int descriptor_;
    bool is_file_;
    std::int64_t file_begin_ = 0;
    bool has_ended_ = false;
    std::string buffer_;
    std::size_t begin_ = 0;    // of what was not taken
    std::size_t scanned_ = 0;  // behind it, known to hold no line feed
    bool is_overlong_ = false;
    InputHash hash_;
    std::uint64_t bytes_ = 0;
    std::uint64_t lines_ = 0;
};

}  // namespace fieldpost::push_program
