#include "posix_file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "spool_errors.hpp"

namespace fieldpost::client {
namespace {

constexpr mode_t owner_only_file = 0600;
constexpr mode_t owner_only_directory = 0700;

[[noreturn]] void fail(const std::string& doing) { throw SpoolIoError(doing, errno); }

// A signal may interrupt a call that would have worked.
template <typename Call>
auto retried(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

int open_directory(const std::string& path) {
    if (::mkdir(path.c_str(), owner_only_directory) != 0 && errno != EEXIST) {
        fail("make directory " + path);
    }
    const int descriptor =
        retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (descriptor < 0) fail("open directory " + path);
    return descriptor;
}

}  // namespace

SpoolIoError::SpoolIoError(const std::string& doing, int code)
    : SpoolError("cannot " + doing + ": " + std::generic_category().message(code)), code_(code) {}

File& File::operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(name_, other.name_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail("inspect " + name_);
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_at(std::uint64_t offset, char* data, std::size_t size) const {
    std::size_t done = 0;
    while (done < size) {
        const ssize_t part = retried([&] {
            return ::pread(descriptor_, data + done, size - done,
                           static_cast<off_t>(offset + done));
        });
        if (part < 0) fail("read " + name_);
        if (part == 0) break;
        done += static_cast<std::size_t>(part);
    }
    return done;
}

void File::write_at(std::uint64_t offset, std::string_view data) const {
    while (!data.empty()) {
        const ssize_t part = retried([&] {
            return ::pwrite(descriptor_, data.data(), data.size(), static_cast<off_t>(offset));
        });
        if (part < 0) fail("write " + name_);
        data.remove_prefix(static_cast<std::size_t>(part));
        offset += static_cast<std::uint64_t>(part);
    }
}

void File::truncate(std::uint64_t size) const {
    if (retried([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) != 0) {
        fail("shorten " + name_);
    }
}

void File::sync() const {
    if (retried([&] { return ::fdatasync(descriptor_); }) != 0) fail("sync " + name_);
}

bool File::try_lock() const {
    if (retried([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) == 0) return true;
    if (errno != EWOULDBLOCK) fail("lock " + name_);
    return false;
}

Directory::Directory(const std::string& path)
    : path_(path), descriptor_(open_directory(path)), itself_(descriptor_, path) {}

File Directory::open(const std::string& name) const {
    const int descriptor = retried(
        [&] { return ::openat(descriptor_, name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC); });
    if (descriptor < 0) fail("open " + path_ + "/" + name);
    return {descriptor, path_ + "/" + name};
}

File Directory::create(const std::string& name) const {
    const int descriptor = retried([&] {
        return ::openat(descriptor_, name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                        owner_only_file);
    });
    if (descriptor < 0) fail("create " + path_ + "/" + name);
    return {descriptor, path_ + "/" + name};
}

std::vector<std::string> Directory::names() const {
    // Another descriptor, since closedir closes the one it reads from.
    const int descriptor = retried(
        [&] { return ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (descriptor < 0) fail("list " + path_);
    const std::unique_ptr<DIR, void (*)(DIR*)> stream(::fdopendir(descriptor),
                                                      [](DIR* opened) { ::closedir(opened); });
    if (!stream) {
        const File closes(descriptor, path_);
        fail("list " + path_);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* item = ::readdir(stream.get())) names.emplace_back(item->d_name);
    if (errno != 0) fail("list " + path_);
    return names;
}

void Directory::rename(const std::string& from, const std::string& to) const {
    if (::renameat(descriptor_, from.c_str(), descriptor_, to.c_str()) != 0) {
        fail("rename " + path_ + "/" + from);
    }
}

void Directory::remove(const std::string& name) const {
    if (::unlinkat(descriptor_, name.c_str(), 0) != 0 && errno != ENOENT) {
        fail("remove " + path_ + "/" + name);
    }
}

}  // namespace fieldpost::client
