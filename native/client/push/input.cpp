#include "input.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace fieldpost::push_program {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10U;
// Longer than any observation may be.
constexpr std::size_t max_line_bytes = (std::size_t{256} << 10U) + 1'024;
constexpr std::string_view place_head = "FPL1";

static_assert(std::endian::native == std::endian::little, "words are read as they lie");

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

bool is_regular(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail("standard input");
    return S_ISREG(status.st_mode);
}

}  // namespace

void InputHash::word(std::uint64_t value) {
    // Multiplying spreads low bits upwards, turning brings them down again.
    state_ = std::rotl((state_ ^ value) * 0x9fb2'1c65'1e98'df25U, 31);
}

void InputHash::add(std::string_view bytes) {
    while (!bytes.empty() && tail_size_ != 0) {
        tail_ |= std::uint64_t{static_cast<unsigned char>(bytes.front())} << (8 * tail_size_);
        bytes.remove_prefix(1);
        if (++tail_size_ < sizeof tail_) continue;
        word(tail_);
        tail_ = 0;
        tail_size_ = 0;
    }
    for (; bytes.size() >= sizeof tail_; bytes.remove_prefix(sizeof tail_)) {
        std::uint64_t next;
        std::memcpy(&next, bytes.data(), sizeof next);
        word(next);
    }
    if (!bytes.empty()) {
        std::memcpy(&tail_, bytes.data(), bytes.size());
        tail_size_ = bytes.size();
    }
}

std::uint64_t InputHash::value() const {
    InputHash last = *this;
    last.word(tail_);
    last.word(tail_size_);
    last.word(0);
    return last.state_ ^ (last.state_ >> 29U);
}

std::string to_bytes(const Place& place) {
    std::string bytes(place_head);
    bytes.append(reinterpret_cast<const char*>(&place), sizeof place);
    return bytes;
}

std::optional<Place> place_from(std::string_view bytes) {
    Place place;
    if (bytes.size() != place_head.size() + sizeof place || !bytes.starts_with(place_head)) {
        return {};
    }
    std::memcpy(&place, bytes.data() + place_head.size(), sizeof place);
    return place;
}

Input::Input(int descriptor) : descriptor_(descriptor), is_file_(is_regular(descriptor)) {
    if (is_file_) file_begin_ = ::lseek(descriptor_, 0, SEEK_CUR);
    if (file_begin_ < 0) fail("standard input");
}

void Input::read() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t before = buffer_.size();
    buffer_.resize(before + read_size);
    const ssize_t count = ::read(descriptor_, buffer_.data() + before, read_size);
    buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) has_ended_ = true;
    if (count < 0 && errno != EINTR && errno != EAGAIN) fail("standard input");
}

std::optional<Line> Input::line() {
    const std::size_t left = buffer_.size() - begin_;
    const char* const from = buffer_.data() + begin_ + scanned_;
    const void* const found = std::memchr(from, '\n', left - scanned_);
    if (found != nullptr) {
        scanned_ += static_cast<std::size_t>(static_cast<const char*>(found) - from);
        return Line{.text = {buffer_.data() + begin_, scanned_}, .is_too_long = is_overlong_};
    }
    scanned_ = left;
    if (has_ended_ && (left > 0 || is_overlong_)) {
        return Line{.text = {buffer_.data() + begin_, left},
                    .is_too_long = is_overlong_,
                    .is_terminated = false};
    }
    if (left > max_line_bytes) {
        is_overlong_ = true;
        absorb(left);
    }
    return {};
}

void Input::absorb(std::size_t size) {
    hash_.add({buffer_.data() + begin_, size});
    bytes_ += size;
    begin_ += size;
    scanned_ = 0;
}

void Input::take_line() {
    const std::size_t left = buffer_.size() - begin_;
    absorb(std::min(left, scanned_ + 1));  // with its line feed
    ++lines_;
    is_overlong_ = false;
}

Place Input::place() const { return {.bytes = bytes_, .lines = lines_, .hash = hash_.value()}; }

bool Input::skip_to(const Place& place) {
    while (bytes_ < place.bytes && !has_ended_) {
        read();
        const std::size_t left = buffer_.size() - begin_;
        absorb(static_cast<std::size_t>(std::min<std::uint64_t>(left, place.bytes - bytes_)));
    }
    if (bytes_ == place.bytes && hash_.value() == place.hash) {
        lines_ = place.lines;
        return true;
    }
    if (is_file_) restart();
    return false;
}

void Input::restart() {
    if (::lseek(descriptor_, file_begin_, SEEK_SET) < 0) fail("standard input");
    buffer_.clear();
    begin_ = scanned_ = 0;
    has_ended_ = false;
    hash_ = {};
    bytes_ = lines_ = 0;
}

}  // namespace fieldpost::push_program
