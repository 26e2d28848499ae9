#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fieldpost::client {

/// An open file. Every operation that the system refuses throws SpoolIoError.
class File {
  public:
    File() = default;
    File(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
    File(File&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}
    File& operator=(File&& other) noexcept;
    ~File();

    [[nodiscard]] std::uint64_t size() const;
    /// As many bytes as there are from `offset` on, at most `size`.
    [[nodiscard]] std::size_t read_at(std::uint64_t offset, char* data, std::size_t size) const;
    /// All of `data`, or an error after a part of it.
    void write_at(std::uint64_t offset, std::string_view data) const;
    void truncate(std::uint64_t size) const;
    /// On return the contents and the size survive a power cut.
    void sync() const;
    /// False if somebody else holds the lock; it lasts until the file is closed.
    [[nodiscard]] bool try_lock() const;

  private:
    int descriptor_ = -1;
    std::string name_;
};

/// A directory by which its files are named, wherever it may be moved.
class Directory {
  public:
    /// Makes the directory, for its owner alone, if there is none; its parent must exist.
    explicit Directory(const std::string& path);

    [[nodiscard]] File open(const std::string& name) const;
    [[nodiscard]] File create(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    void rename(const std::string& from, const std::string& to) const;
    /// No error if there is no such file.
    void remove(const std::string& name) const;
    /// On return the creations, renamings and removals so far survive a power cut.
    void sync() const { itself_.sync(); }

  private:
    std::string path_;
    int descriptor_;
    File itself_;
};

}  // namespace fieldpost::client
