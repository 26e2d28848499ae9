#include "push_simulation.hpp"

#include <algorithm>

#include "bytes.hpp"

namespace push_simulation {

namespace {

constexpr std::size_t max_steps = 2'000'000;
constexpr std::uint8_t close_frame = 15;

bool may_say(FrameWatch::Role role, std::uint8_t type) {
    constexpr std::uint32_t by_both = 1U << 12U | 1U << 13U | 1U << 15U;
    constexpr std::uint32_t by_agent =
        by_both | 1U << 1U | 1U << 3U | 1U << 5U | 1U << 6U | 1U << 8U | 1U << 10U;
    constexpr std::uint32_t by_server =
        by_both | 1U << 2U | 1U << 4U | 1U << 7U | 1U << 9U | 1U << 11U | 1U << 14U;
    const std::uint32_t allowed = role == FrameWatch::Role::agent ? by_agent : by_server;
    return type < 16 && (allowed >> type & 1U) == 1;
}

}  // namespace

void World::after(Millis delay, std::function<void()> what) {
    due_.push({now_ms_ + delay, order_++, std::move(what)});
}

void World::step() {
    CHECK(++steps_ < max_steps);
    const Due next = due_.top();
    due_.pop();
    now_ms_ = std::max(now_ms_, next.at);
    next.what();
}

void World::run(const std::function<bool()>& done, Millis limit) {
    const Millis until = now_ms_ + limit;
    while (!done()) {
        CHECK(!due_.empty());
        CHECK(due_.top().at <= until);
        step();
    }
}

void World::run_for(Millis duration) {
    const Millis until = now_ms_ + duration;
    while (!due_.empty() && due_.top().at <= until) step();
    now_ms_ = until;
}

Millis Stream::next_delay(std::size_t size) {
    const Millis takes = static_cast<Millis>(size) * way_.per_kilobyte / 1'000;
    free_at_ = std::max(free_at_, world_.now()) + takes;
    last_arrival_ = std::max(last_arrival_, free_at_ + world_.random.between(0, way_.latency));
    return last_arrival_ - world_.now();
}

void Stream::send(std::string bytes) {
    under_way_ += bytes.size();
    for (std::size_t from = 0; from < bytes.size();) {
        // Tiny pieces of a large frame would only cost time.
        const std::size_t least = 1 + (bytes.size() > 4'096 ? bytes.size() / 16 : 0);
        const std::size_t size =
            std::min(bytes.size() - from, least + world_.random.below(way_.piece));
        world_.after(next_delay(size), [this, piece = bytes.substr(from, size)] { arrive(piece); });
        from += size;
    }
}

void Stream::arrive(const std::string& piece) {
    if (stopped_) return;
    under_way_ -= piece.size();
    const std::size_t left = way_.cut_after - carried_;
    const std::size_t size = std::min(left, piece.size());
    carried_ += size;
    if (on_bytes && size > 0) on_bytes(std::string_view(piece).substr(0, size));
    if (carried_ == way_.cut_after && !stopped_) {
        on_cut();
    } else if (on_room && !stopped_) {
        on_room();
    }
}

void Stream::end() {
    world_.after(next_delay(0), [this] {
        if (!stopped_ && on_end) on_end();
    });
}

Link::Link(World& world, const Way& to_server, const Way& to_agent)
    : up(world, to_server), down(world, to_agent), world_(world) {
    up.on_cut = [this] { cut(); };
    down.on_cut = [this] { cut(); };
}

void Link::cut() {
    if (cut_) return;
    cut_ = true;
    up.stop();
    down.stop();
    if (silent) return;
    world_.after(world_.random.between(0, 3'000), [this] {
        if (agent_learns) agent_learns();
    });
    world_.after(world_.random.between(0, 3'000), [this] {
        if (server_learns) server_learns();
    });
}

void FrameWatch::see(std::string_view bytes) {
    partial_ += bytes;
    std::size_t read = 0;
    while (partial_.size() - read >= 2) {
        const std::string_view rest = std::string_view(partial_).substr(read);
        std::size_t head = 1;
        while (head < rest.size() && (rest[head] & 0x80) != 0) ++head;
        if (++head > rest.size()) break;
        fieldpost::ByteReader reader(rest.substr(0, head));
        const std::uint8_t type = reader.byte();
        const std::uint64_t size = reader.varint();
        CHECK(may_say(role_, type));
        if (rest.size() - head < size) break;
        frame(type, size);
        read += head + size;
    }
    partial_.erase(0, read);
}

void FrameWatch::frame(std::uint8_t type, std::uint64_t size) {
    CHECK(counts_[close_frame] == 0);
    CHECK(size <= (role_ == Role::agent ? push::max_frame_limit : push::max_agent_frame));
    ++counts_.at(type);
}

}  // namespace push_simulation
