#include <algorithm>

#include "fieldpost/block.hpp"
#include "push_models.hpp"

namespace push_simulation {

namespace {

constexpr Millis hour = 3'600'000;

}  // namespace

push::PushedBatch json_batch(push::BatchKey key, std::size_t size, Random& random) {
    push::PushedBatch batch;
    batch.key = key;
    batch.is_json = true;
    batch.kind_name = "steps";
    while (batch.payload.size() < size) batch.payload.push_back(static_cast<char>(random.next()));
    return batch;
}

push::PushedBatch block_batch(std::uint64_t sequence, std::size_t observations, Random& random) {
    const fieldpost::Kind& presence = *fieldpost::find_kind("presence");
    fieldpost::Batch batch(presence);
    std::int64_t time = random.between(0, 1'800'000'000'000);
    for (std::size_t row = 0; row < observations; ++row) {
        batch.times_ms.push_back(time += random.between(1, 1 << 30));
        batch.columns[0].set(row, random.between(0, 2));
    }
    push::PushedBatch made;
    made.key = {.kind = presence.code, .sequence = sequence};
    made.payload = fieldpost::encode_block(batch);
    return made;
}

Simulation::Simulation(std::uint64_t seed, const Weather& its_weather,
                       const push::ServerLimits& limits)
    : world(seed),
      weather(its_weather),
      server(world, weather, limits),
      agent(world, weather, server) {
    repeat(&Weather::agent_crashes_every, [this] { agent.crash(); });
    repeat(&Weather::server_crashes_every, [this] { server.crash(); });
    repeat(&Weather::drains_every, [this] { server.drain(); });
    repeat(&Weather::asks_every, [this] {
        if (world.chance(70)) server.ask();
        agent.check_in();
    });
    world.after(0, [this] { agent.connect(); });
}

void Simulation::repeat(Millis Weather::* every, const std::function<void()>& what) {
    if (weather.*every == 0) return;
    world.after(world.random.between(1, 2 * (weather.*every)), [this, every, what] {
        if (weather.*every == 0) return;
        what();
        repeat(every, what);
    });
}

push::PushedBatch Simulation::make_batch() {
    Random& random = world.random;
    const bool large = world.chance(5);
    if (world.chance(60)) {
        const std::uint64_t sequence = agent.next_key(0).sequence;
        return block_batch(sequence, 1 + random.below(large ? 4'000 : 40), random);
    }
    const bool known = world.chance(50);
    push::PushedBatch batch = json_batch(agent.next_key(known ? 1 : 0),
                                         random.below(large ? 30'000 : 400), random);
    if (known) batch.kind_name = "location";
    return batch;
}

void Simulation::add(std::size_t batches) {
    if (batches == 0) return;
    to_come_ = batches;
    world.after(world.random.between(0, 2'000), [this, batches] {
        agent.add(make_batch());
        agent.pump();
        to_come_ = batches - 1;
        add(batches - 1);
    });
}

void Simulation::calm() {
    weather = {.refused = weather.refused};
}

void Simulation::finish() {
    world.run(
        [this] {
            const bool answered = std::ranges::all_of(
                server.requests, [](const auto& request) { return request.second; });
            return to_come_ == 0 && agent.is_settled() && answered;
        },
        6 * hour);
    check();
}

void Simulation::check() const {
    for (const ModelAgent::Item& item : agent.spool) {
        CHECK(item.settled.has_value());
        const bool refused = item.settled == push::Outcome::refused;
        CHECK(refused == server.refuses(item.batch));
        CHECK(refused == !server.kept.contains(name_of(item.batch.key)));
    }
    for (const auto& [name, batch] : server.kept) {
        CHECK(std::ranges::any_of(agent.spool, [&](const ModelAgent::Item& item) {
            return same_content(item.batch, batch);
        }));
    }
}

}  // namespace push_simulation
