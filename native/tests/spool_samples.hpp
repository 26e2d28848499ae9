#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "spool.hpp"

/// A directory that goes away with this.
class TemporaryDirectory {
  public:
    explicit TemporaryDirectory(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
        std::string name = parent / "spool-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    /// Of a spool in it, which the spool is to make.
    [[nodiscard]] std::string spool() const { return path_ / "spool"; }

  private:
    std::filesystem::path path_;
};

/// Where files lie in memory, if there is such a place: for tests that open a spool hundreds of
/// times, for which a disk would have to sync each time.
inline std::filesystem::path in_memory() {
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

inline constexpr std::uint64_t clock_us = 1'767'323'045'000'000;
inline constexpr std::uint64_t no_limit = UINT64_MAX;

/// The smallest spool that there can be.
inline constexpr fieldpost::client::SpoolOptions small_spool{
    .max_bytes = 256U << 10U, .segment_bytes = 64U << 10U, .clock_us = clock_us};

/// A batch of the kind 1 with as many observations as told.
inline fieldpost::client::NewBatch plain(std::string_view payload, std::uint32_t observations = 1) {
    return {.kind = 1, .observations = observations, .payload = payload};
}

inline std::vector<std::uint64_t> append_one(fieldpost::client::Spool& spool,
                                             std::string_view payload,
                                             std::string_view note = {}) {
    const fieldpost::client::NewBatch batch = plain(payload);
    return spool.append({&batch, 1}, note);
}

/// Whatever is left to hand out.
inline std::vector<fieldpost::client::SpooledBatch> take_all(fieldpost::client::Spool& spool) {
    return spool.next_unsent(1'000'000, no_limit);
}

inline std::vector<std::string> payloads_of(
    const std::vector<fieldpost::client::SpooledBatch>& batches) {
    std::vector<std::string> payloads;
    for (const auto& batch : batches) payloads.push_back(batch.payload);
    return payloads;
}

/// The segment files, oldest first.
inline std::vector<std::filesystem::path> segment_files(const std::string& spool) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(spool)) {
        if (file.path().extension() == ".spool") files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
