#include <cstdio>
#include <cstdlib>

#include "push_models.hpp"

using namespace push_simulation;

namespace {

constexpr Millis hour = 3'600'000;
constexpr Millis second = 1'000;

Weather calm_weather() { return {}; }

/// A short conversation with everything in it: blocks, observations, a request that is answered
/// or declined, a policy, a check-in, a batch that is refused.
struct Conversation {
    Conversation(std::uint64_t seed, const Weather& weather, const push::ServerLimits& limits = {})
        : simulation(seed, weather, limits) {
        simulation.server.requests.emplace("request-a", false);
        simulation.server.requests.emplace("request-b", false);
        Random& random = simulation.world.random;
        simulation.agent.add(block_batch(simulation.agent.next_key(0).sequence, 3, random));
        simulation.agent.add(json_batch(simulation.agent.next_key(0), 40, random));
        simulation.agent.add(block_batch(simulation.agent.next_key(0).sequence, 5, random));
        simulation.world.after(400, [this] { simulation.agent.check_in(); });
        simulation.world.after(600, [this] { simulation.server.ask(); });
    }
    Simulation simulation;
};

void cut_everywhere(Way Weather::* way, bool silent) {
    std::size_t position = 0;
    for (bool was_cut = true; was_cut; ++position) {
        Weather weather{.silent = silent ? 100U : 0U, .refused = 30};
        (weather.*way).cut_after = position;
        Conversation conversation(5, weather);
        Simulation& simulation = conversation.simulation;
        // Only the first connection breaks.
        simulation.world.after(1, [&simulation] { simulation.calm(); });
        simulation.world.run_for(2 * second);
        simulation.finish();
        // The link has to break later as well if it is to break behind the last byte.
        simulation.world.run_for(second);
        was_cut = simulation.agent.connections > 1 || simulation.agent.link()->is_cut();
        CHECK(position < 20'000);
    }
    CHECK(position > 150);
}

Weather weather_of(Random& random) {
    const auto at_times = [&random](std::size_t limit) {
        return random.below(2) == 0 ? 0 : random.below(limit);
    };
    const auto every = [&random](Millis least) {
        return random.below(2) == 0 ? 0 : random.between(least, 10 * least);
    };
    Weather weather;
    for (Way* way : {&weather.to_server, &weather.to_agent}) {
        way->latency = random.between(0, random.below(4) == 0 ? 4'000 : 100);
        way->piece = 1 + random.below(random.below(2) == 0 ? 8 : 1'500);
        way->room = 1 + random.below(100'000);
    }
    weather.cut = at_times(100);
    weather.silent = at_times(100);
    weather.cut_within = 1 + random.below(random.below(2) == 0 ? 2'000 : 100'000);
    weather.agent_crashes_every = every(3 * second);
    weather.server_crashes_every = every(3 * second);
    weather.drains_every = every(5 * second);
    weather.busy = at_times(50);
    weather.later = at_times(60);
    weather.refused = at_times(60);
    weather.again = at_times(40);
    weather.durable_within = random.between(0, random.below(4) == 0 ? 10'000 : 300);
    weather.receipt_within = random.between(0, random.below(4) == 0 ? 10'000 : 300);
    weather.asks_every = every(2 * second);
    return weather;
}

push::ServerLimits limits_of(Random& random) {
    return {.max_frame = 65'536,
            .window_batches = 1 + random.below(random.below(2) == 0 ? 5 : 100),
            .window_bytes = 1 + random.below(100'000),
            .idle_s = 20 + random.below(300),
            .handshake_s = 10};
}

struct Totals {
    std::size_t connections = 0;
    std::size_t kept = 0;
    std::size_t duplicates = 0;
    std::size_t silences = 0;
};

void live_through(std::uint64_t seed, Totals& totals) {
    Random random(seed);
    const Weather weather = weather_of(random);
    Simulation simulation(random.next(), weather, limits_of(random));
    simulation.add(1 + random.below(60));
    simulation.world.run_for(random.between(10 * second, 300 * second));
    simulation.calm();
    simulation.finish();
    totals.connections += simulation.agent.connections;
    totals.kept += simulation.server.kept.size();
    totals.duplicates += simulation.server.duplicates;
    totals.silences += simulation.agent.silences_noticed + simulation.server.silences_noticed;
}

}  // namespace

TEST("a calm conversation needs one connection") {
    Conversation conversation(5, calm_weather());
    conversation.simulation.finish();
    CHECK(conversation.simulation.agent.connections == 1);
    CHECK(conversation.simulation.server.duplicates == 0);
}

TEST("cut behind every byte to the server, it is finished on the next connection") {
    cut_everywhere(&Weather::to_server, false);
}

TEST("cut behind every byte to the agent, it is finished on the next connection") {
    cut_everywhere(&Weather::to_agent, false);
}

TEST("cut behind every byte without anybody being told, silence is noticed") {
    cut_everywhere(&Weather::to_server, true);
    cut_everywhere(&Weather::to_agent, true);
}

TEST("through any weather every batch is kept exactly once") {
    // FIELDPOST_SEED=n replays the one that failed, FIELDPOST_SEEDS=n tries more of them.
    const char* one = std::getenv("FIELDPOST_SEED");
    const char* many = std::getenv("FIELDPOST_SEEDS");
    const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
    const std::uint64_t count =
        one != nullptr ? 1 : (many != nullptr ? std::strtoull(many, nullptr, 10) : 1'500);
    Totals totals;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        try {
            live_through(seed, totals);
        } catch (const std::exception& error) {
            throw CheckFailed("FIELDPOST_SEED=" + std::to_string(seed) + ": " + error.what());
        }
    }
    std::printf("%llu seeds: %zu connections, %zu batches kept, %zu duplicates, %zu silences\n",
                static_cast<unsigned long long>(count), totals.connections, totals.kept,
                totals.duplicates, totals.silences);
    if (one != nullptr) return;
    // Were the weather always fine, nothing would be proven.
    CHECK(totals.connections > 3 * count && totals.duplicates > count);
    CHECK(totals.silences > count / 4);
}

TEST("what the server has is a duplicate, whatever order receipts come in") {
    Weather weather{.again = 50, .durable_within = 2'000, .receipt_within = 20'000};
    Simulation simulation(3, weather, {});
    simulation.add(100);
    simulation.finish();
    CHECK(simulation.agent.connections == 1);
    CHECK(simulation.server.kept.size() == 100);
    CHECK(simulation.server.duplicates > 10);
}

TEST("an idle connection holds for days") {
    Simulation simulation(4, calm_weather(), {});
    simulation.add(3);
    simulation.finish();
    simulation.world.run_for(50 * hour);
    CHECK(simulation.agent.connections == 1 && simulation.agent.is_open());
    CHECK(simulation.server.open_sessions() == 1);
    const std::size_t pings = simulation.agent.shell()->watch.count(12);
    // One each 150 s, and not many more.
    CHECK(pings >= 1'100 && pings <= 1'250);
}

TEST("a peer that has died silently is noticed") {
    const push::ServerLimits limits{.idle_s = 60};
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Simulation simulation(seed, calm_weather(), limits);
        simulation.add(2);
        simulation.finish();
        simulation.world.run_for(static_cast<Millis>(seed) * 7 * second);
        simulation.agent.link()->silent = true;
        simulation.agent.link()->cut();
        const Millis cut_at = simulation.world.now();
        simulation.world.run([&] { return simulation.agent.silences_noticed == 1; }, hour);
        CHECK(simulation.world.now() - cut_at <= (60 / 2 + 30) * second);
        simulation.world.run([&] { return simulation.server.silences_noticed == 1; }, hour);
        CHECK(simulation.world.now() - cut_at <= 60 * second + 100);
        simulation.add(2);
        simulation.finish();
        CHECK(simulation.agent.connections == 2);
    }
}

TEST("a peer that has died silently is noticed by one that has much to say") {
    Simulation simulation(9, calm_weather(), {.idle_s = 60});
    simulation.add(1);
    simulation.finish();
    simulation.agent.link()->silent = true;
    simulation.agent.link()->cut();
    const Millis cut_at = simulation.world.now();
    std::function<void()> one_more = [&] {
        simulation.agent.add(simulation.make_batch());
        simulation.agent.pump();
        simulation.world.after(20 * second, one_more);
    };
    one_more();
    simulation.world.run([&] { return simulation.agent.silences_noticed == 1; }, hour);
    std::size_t bytes = 0;
    for (const ModelAgent::Item& item : simulation.agent.spool) {
        if (!item.settled) bytes += item.batch.payload.size();
    }
    const Millis allowed = 60 / 2 + 30 + 1 + static_cast<Millis>(bytes / 4'096);
    CHECK(simulation.world.now() - cut_at <= allowed * second);
}

TEST("a slow line is no dead one, however much is under way") {
    Weather weather{.to_server = {.piece = 1'000, .per_kilobyte = 250}};  // 4 kB/s
    Simulation simulation(10, weather, {.idle_s = 120});
    for (int count = 0; count < 30; ++count) {
        simulation.agent.add(json_batch(simulation.agent.next_key(0), 100'000,
                                        simulation.world.random));
    }
    simulation.world.run_for(1);
    simulation.finish();
    CHECK(simulation.world.now() > 700 * second);
    CHECK(simulation.agent.connections == 1);
}

TEST("requests, policies and check-ins pass between batches") {
    Weather weather{.asks_every = 500};
    Simulation simulation(11, weather, {.window_batches = 2});
    simulation.add(200);
    simulation.world.run_for(hour / 6);
    simulation.calm();
    simulation.finish();
    simulation.world.run_for(second);
    CHECK(simulation.agent.connections == 1);
    CHECK(simulation.agent.policy_version == simulation.server.policy_version);
    CHECK(simulation.server.requests.size() > 50);
    CHECK(simulation.agent.unable.size() > 10);
    CHECK(simulation.agent.shell()->watch.count(8) > 50);
}
