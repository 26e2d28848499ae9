#include "observation_text.hpp"

#include "json_cursor.hpp"
#include "utf8.hpp"

namespace fieldpost::client {
namespace {

void check_utf8(std::string_view text) {
    const std::size_t invalid = find_invalid_utf8(text);
    if (invalid != std::string_view::npos) throw Malformed(invalid, "not UTF-8");
}

std::string plain(const JsonString& text) {
    if (!text.has_escapes) return std::string(text.raw);
    std::string storage;
    storage.reserve(text.raw.size());
    return std::string(unescape(text.raw, storage).value_or(""));
}

bool names_kind(const JsonString& key) {
    if (!key.has_escapes) return key.raw == "kind";
    return plain(key) == "kind";
}

class ObservationScan {
  public:
    explicit ObservationScan(std::string_view text) : begin_(text.data()), cursor_(text) {}

    ObservationText run() {
        cursor_.expect('{');
        // The comma before a member goes with it; of the first member it is the one behind.
        std::size_t from = offset();
        bool is_first = true;
        if (!cursor_.accept('}')) {
            while (!member(from, is_first)) is_first = false;
        }
        cursor_.end();
        return std::move(found_);
    }

  private:
    [[nodiscard]] std::size_t offset() const {
        return static_cast<std::size_t>(cursor_.position() - begin_);
    }

    // True if it is the last one.
    bool member(std::size_t& from, bool is_first) {
        if (cursor_.peek() != '"') cursor_.fail("expected a string");
        const bool is_kind = names_kind(cursor_.string());
        cursor_.expect(':');
        if (is_kind) {
            read_kind(from);
        } else {
            (void)read_value(cursor_, field_depth, nullptr);
        }
        from = offset();
        const bool more = cursor_.accept(',');
        if (!more) cursor_.expect('}');
        if (is_kind && is_first && more) found_.kind_end = offset();
        return !more;
    }

    void read_kind(std::size_t from) {
        if (cursor_.peek() != '"') cursor_.fail("the kind must be a text");
        std::string kind = plain(cursor_.string());
        check_kind_name(kind);
        if (!found_.kind.empty()) cursor_.fail("two members named kind");
        found_ = {.kind = std::move(kind), .kind_begin = from, .kind_end = offset()};
    }

    const char* begin_;
    JsonCursor cursor_;
    ObservationText found_;
};

}  // namespace

ObservationText read_observation(std::string_view text) {
    check_utf8(text);
    return ObservationScan(text).run();
}

void check_kind_name(std::string_view kind) {
    if (kind.empty() || kind.size() > max_kind_bytes) {
        throw Malformed(0, "a kind's name has 1 to 64 bytes");
    }
    check_utf8(kind);
    if (kind.find('\0') != std::string_view::npos) throw Malformed(0, "NUL in a kind's name");
}

std::size_t count_elements(std::string_view text) {
    check_utf8(text);
    JsonCursor cursor(text);
    cursor.expect('[');
    std::size_t count = 0;
    if (!cursor.accept(']')) {
        do {
            (void)read_value(cursor, element_depth, nullptr);
            ++count;
        } while (cursor.accept(','));
        cursor.expect(']');
    }
    cursor.end();
    return count;
}

}  // namespace fieldpost::client
